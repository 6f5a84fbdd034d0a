"""Gaussian naive Bayes on lagged principal components of the channels: every feature independent, given the class (Hand and Yu 2001)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt

from headroom.core.examples import Examples, Kind, Target
from headroom.core.prediction import Prediction
from headroom.core.protocols import Role, Workspace
from headroom.core.scaling import batches, pack, require_offsets, unpack
from headroom.core.settings import settings
from headroom.models._class_rows import probabilities, rows
from headroom.models._components import Lagged, lagged


@settings
class NaiveBayes:
    """Sums evidence that neighbouring lags share as if it were new: its decisions may be good where its probabilities are too sure."""

    role: ClassVar[Role] = "baseline"
    seeded: ClassVar[bool] = False
    answers: ClassVar[tuple[Kind, ...]] = ("category",)

    lags: Annotated[int, Ge(1)] = 8
    """Newest samples of the window that are read."""
    components: Annotated[int, Ge(1)] = 40
    """Principal components of the channels, where there are more channels than that."""
    least_variance: Annotated[float, Gt(0)] = 1e-9
    """Added to every variance, relative to the largest variance of a feature."""

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple["NaiveBayesFit", list[dict[str, float]]]:
        """Mean and variance of every feature in every class."""
        inputs = lagged(train, self.lags, self.components)
        features, truth = rows(inputs, train)
        count = truth.sum(axis=0)
        mean = truth.T @ features / count[:, None]
        square = truth.T @ features**2 / count[:, None] - mean**2
        variance = np.maximum(square, 0) + self.least_variance * features.var(axis=0).max()
        return NaiveBayesFit(inputs, np.log(count / count.sum()), mean, variance, np.array(train.offsets)), []

    def restore(self, state: Mapping[str, np.ndarray]) -> "NaiveBayesFit":
        """The fit that was saved."""
        inputs = Lagged(unpack(state), state["directions"], int(state["lags"].item()))
        return NaiveBayesFit(inputs, state["prior"], state["mean"], state["variance"], state["offsets"])


@dataclass(frozen=True)
class NaiveBayesFit:
    """A Gaussian of every feature in every class."""

    inputs: Lagged
    prior: np.ndarray  # (class,): log of the share
    mean: np.ndarray  # (class, feature)
    variance: np.ndarray  # (class, feature)
    offsets: np.ndarray  # (offset,)

    def predict(self, examples: Examples) -> Prediction:
        """Probabilities (example, offset, class)."""
        require_offsets("naive_bayes", examples, self.offsets)
        parts = [probabilities(self._joint(self.inputs.features(examples, batch))) for batch in batches(examples)]
        return Prediction(np.concatenate([np.empty((0, len(self.prior))), *parts])[:, None])

    def state(self) -> dict[str, np.ndarray]:
        """Prior, means, variances, projection, scale and offsets."""
        inputs = {"directions": self.inputs.directions, "lags": np.array(self.inputs.lags), **pack(self.inputs.scale)}
        return {"prior": self.prior, "mean": self.mean, "variance": self.variance, "offsets": self.offsets, **inputs}

    def _joint(self, features: np.ndarray) -> np.ndarray:
        """log P(class, features) (example, class), up to a constant."""
        classes = zip(self.mean, self.variance, strict=True)
        density = [-0.5 * ((features - mean) ** 2 / variance + np.log(variance)).sum(axis=1) for mean, variance in classes]
        return np.asarray(self.prior + np.stack(density, axis=1))
