"""Reconstruction from principal components (Pearson 1901): what a linear autoencoder with a narrow middle can say."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge

from headroom.core.centred import reach_of
from headroom.core.examples import Examples, Kind, Target
from headroom.core.protocols import Role, Workspace
from headroom.core.scaling import batches, scale_of
from headroom.core.settings import settings
from headroom.core.shape import DataShape
from headroom.models._centred import Centred, restore_centred
from headroom.models._linear import Rows, fit_linear
from headroom.models._linear_fit import LinearFit, standardised
from headroom.models._ridge import Weights

NEGLIGIBLE = 1e-12
"""Penalty of the regression on the components: few and uncorrelated, they need none."""


@settings
class Pca:
    """The leading principal components of what is seen, and all states by least squares on these."""

    role: ClassVar[Role] = "linear"
    seeded: ClassVar[bool] = False
    answers: ClassVar[tuple[Kind, ...]] = ("same_time",)
    components: Annotated[int, Ge(1)] = 3
    """Components that are kept; all where there are fewer."""
    context: Annotated[int, Ge(0)] | None = 0
    """Samples either side that are read; null: all that the task shows."""
    folds: Annotated[int, Ge(2)] = 5
    """Contiguous folds of the training examples for the errors where there is no validation."""

    def fit_work(self, data: DataShape) -> float:
        """Multiply-adds of the covariance and of its eigendecomposition."""
        features = (data.length if self.context is None else 2 * self.context + 1) * data.channels
        return data.train * features**2 + 10 * features**3

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[LinearFit, Rows]:
        """In closed form; raises HeadroomError where the task shows less than the context."""
        whole = Centred("pca", train.offsets[0], reach_of("pca", train, self.context))
        directions = _directions(whole, train)[:, : self.components]
        fitted, history = fit_linear(Components(whole, directions), train, valid, (NEGLIGIBLE,), self.folds)
        slopes, intercept = fitted.weights
        return replace(fitted, design=whole, weights=Weights(directions @ slopes, intercept)), history

    def restore(self, state: Mapping[str, np.ndarray]) -> LinearFit:
        """The fit that was saved."""
        return restore_centred("pca", state)


@dataclass(frozen=True)
class Components:
    """Rows of the principal components of another design's features."""

    whole: Centred
    directions: np.ndarray  # (feature, component)

    @property
    def name(self) -> str:
        """The model's kind, for messages."""
        return self.whole.name

    def features(self, windows: np.ndarray) -> np.ndarray:
        """(1, example, component)."""
        return self.whole.features(windows) @ self.directions

    def responses(self, windows: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """(1, example, target)."""
        return self.whole.responses(windows, targets)

    def predictions(self, windows: np.ndarray, responses: np.ndarray) -> np.ndarray:
        """(example, 1, target)."""
        return self.whole.predictions(windows, responses)


def _directions(design: Centred, train: Examples) -> np.ndarray:
    """Eigenvectors (feature, component) of the features' covariance, that of the largest variance first."""
    scale, total, products = scale_of(train), np.zeros(0), np.zeros(0)
    for batch in batches(train):
        rows = design.features(standardised(train.windows(batch), scale))[0]
        total = total + rows.sum(axis=0) if len(total) else rows.sum(axis=0)
        products = products + rows.T @ rows if len(products) else rows.T @ rows
    mean = total / len(train)
    return np.linalg.eigh(products / len(train) - np.outer(mean, mean))[1][:, ::-1]
