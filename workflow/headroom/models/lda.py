"""Linear discriminant analysis on lagged principal components of the channels (Fisher 1936), its covariance shrunk (Friedman 1989)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt, Le, MinLen

from headroom.core.dataset import chooser
from headroom.core.examples import Examples, Kind, Target
from headroom.core.prediction import Prediction
from headroom.core.protocols import Role, Workspace
from headroom.core.scaling import batches, pack, require_offsets, unpack
from headroom.core.settings import settings
from headroom.models._class_rows import log_loss, probabilities, rows
from headroom.models._components import Lagged, lagged

Rows = list[dict[str, float]]


@settings
class Lda:
    """Gaussian classes of one covariance; how far it is shrunk towards a multiple of the identity is chosen on validation by log loss."""

    role: ClassVar[Role] = "linear"
    seeded: ClassVar[bool] = False
    answers: ClassVar[tuple[Kind, ...]] = ("category",)

    lags: Annotated[int, Ge(1)] = 16
    """Newest samples of the window that are read."""
    components: Annotated[int, Ge(1)] = 40
    """Principal components of the channels, where there are more channels than that."""
    shrinkages: Annotated[tuple[Annotated[float, Gt(0), Le(1)], ...], MinLen(1)] = (1e-3, 1e-2, 1e-1, 0.5)
    """Weights of the identity to try."""

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple["LdaFit", Rows]:
        """A row for each shrinkage; one covariance serves them all."""
        inputs = lagged(train, self.lags, self.components)
        features, truth = rows(inputs, train)
        held = rows(inputs, chooser(train, valid))
        share, mean = truth.mean(axis=0), truth.T @ features / truth.sum(axis=0)[:, None]
        inside = features - truth @ mean
        covariance = inside.T @ inside / len(features)
        tried, history = [], []
        for number, shrinkage in enumerate(self.shrinkages):
            fit = LdaFit(inputs, _weights(share, mean, covariance, shrinkage), np.array(train.offsets))
            loss = log_loss(fit.probabilities(held[0]), held[1])
            tried.append((loss, number, fit))
            history.append({"shrinkage": shrinkage, "valid_loss": loss})
        return min(tried, key=lambda one: one[:2])[2], history

    def restore(self, state: Mapping[str, np.ndarray]) -> "LdaFit":
        """The fit that was saved."""
        return LdaFit(Lagged(unpack(state), state["directions"], int(state["lags"].item())), state["weights"], state["offsets"])


@dataclass(frozen=True)
class LdaFit:
    """Log-odds that are linear in the features."""

    inputs: Lagged
    weights: np.ndarray  # (feature + 1, class); the last row holds the intercepts
    offsets: np.ndarray  # (offset,)

    def predict(self, examples: Examples) -> Prediction:
        """Probabilities (example, offset, class)."""
        require_offsets("lda", examples, self.offsets)
        parts = [self.probabilities(self.inputs.features(examples, batch)) for batch in batches(examples)]
        return Prediction(np.concatenate([np.empty((0, self.weights.shape[1])), *parts])[:, None])

    def state(self) -> dict[str, np.ndarray]:
        """Weights, projection, scale and offsets."""
        inputs = {"directions": self.inputs.directions, "lags": np.array(self.inputs.lags), **pack(self.inputs.scale)}
        return {"weights": self.weights, "offsets": self.offsets, **inputs}

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """P(class | features) (example, class)."""
        return probabilities(features @ self.weights[:-1] + self.weights[-1])


def _weights(share: np.ndarray, mean: np.ndarray, covariance: np.ndarray, shrinkage: float) -> np.ndarray:
    """Slopes and intercepts (feature + 1, class) of log P(class, features), less what all classes have in common."""
    round_ = np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    slopes = np.linalg.solve((1 - shrinkage) * covariance + shrinkage * round_, mean.T)
    return np.concatenate([slopes, (np.log(share) - 0.5 * (mean.T * slopes).sum(axis=0))[None]])
