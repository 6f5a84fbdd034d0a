"""Multinomial logistic regression on lagged principal components of the channels: the linear decoder (Cox 1958)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt, MinLen

from headroom.core.dataset import chooser
from headroom.core.examples import Examples, Kind, Target
from headroom.core.prediction import Prediction
from headroom.core.protocols import Role, Workspace
from headroom.core.scaling import batches, pack, require_offsets, unpack
from headroom.core.settings import settings
from headroom.models._components import Lagged, lagged

Rows = list[dict[str, float]]


@settings
class Logistic:
    """Linear in the lags of every component; the penalty is chosen on validation by log loss."""

    role: ClassVar[Role] = "linear"
    seeded: ClassVar[bool] = False
    answers: ClassVar[tuple[Kind, ...]] = ("category",)

    lags: Annotated[int, Ge(1)] = 16
    """Newest samples of the window that are read."""
    components: Annotated[int, Ge(1)] = 40
    """Principal components of the channels, where there are more channels than that."""
    penalties: Annotated[tuple[Annotated[float, Gt(0)], ...], MinLen(1)] = (1e-4, 1e-3, 1e-2, 1e-1)
    """Ridge penalties on the slopes to try, for standardised data."""

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple["LogisticFit", Rows]:
        """Newton-like minimisation (L-BFGS) for every penalty, a row for each; each starts where the one before ended."""
        inputs = lagged(train, self.lags, self.components)
        seen, held = (_rows(inputs, part) for part in (train, chooser(train, valid)))
        weights = np.zeros((seen[0].shape[1] + 1, seen[1].shape[1]))
        tried: list[tuple[float, int, np.ndarray]] = []
        history: Rows = []
        for penalty in sorted(self.penalties, reverse=True):
            weights = _minimum(*seen, penalty, weights)
            loss = _loss(weights, *held)
            tried.append((loss, len(tried), weights))
            history.append({"penalty": penalty, "valid_loss": loss})
        return LogisticFit(inputs, min(tried)[2], np.array(train.offsets)), history

    def restore(self, state: Mapping[str, np.ndarray]) -> "LogisticFit":
        """The fit that was saved."""
        return LogisticFit(Lagged(unpack(state), state["directions"], int(state["lags"].item())), state["weights"], state["offsets"])


@dataclass(frozen=True)
class LogisticFit:
    """Log-odds that are linear in the features."""

    inputs: Lagged
    weights: np.ndarray  # (feature + 1, offset x class); the last row holds the intercepts
    offsets: np.ndarray  # (offset,)

    def predict(self, examples: Examples) -> Prediction:
        """Probabilities (example, offset, class)."""
        require_offsets("logistic", examples, self.offsets)
        parts = [_probabilities(self.weights, self.inputs.features(examples, batch)) for batch in batches(examples)]
        return Prediction(np.concatenate([np.empty((0, self.weights.shape[1])), *parts])[:, None])

    def sensitivity(self, examples: Examples) -> np.ndarray:
        """(class, length, channel): mean |d probability / d input| over the examples, in units of the input."""
        slopes = self.inputs.gradient(self.weights[:-1].T)[:, ::-1]  # (class, lag, channel), oldest first
        total = np.zeros_like(slopes)
        for batch in batches(examples):
            p = _probabilities(self.weights, self.inputs.features(examples, batch))  # (example, class)
            jacobian = p[:, :, None] * (np.eye(p.shape[1]) - p[:, None])  # (example, class, log-odds)
            total += np.abs(np.einsum("eck,klh->eclh", jacobian, slopes)).sum(axis=0)
        unseen = np.zeros((len(slopes), examples.length - self.inputs.lags, slopes.shape[2]))
        return np.concatenate([unseen, total / len(examples)], axis=1) / self.inputs.scale.sd

    def state(self) -> dict[str, np.ndarray]:
        """Weights, projection, scale and offsets."""
        inputs = {"directions": self.inputs.directions, "lags": np.array(self.inputs.lags), **pack(self.inputs.scale)}
        return {"weights": self.weights, "offsets": self.offsets, **inputs}


def _rows(inputs: Lagged, examples: Examples) -> tuple[np.ndarray, np.ndarray]:
    """Features (example, feature) and classes as zeros and ones (example, class), of the first offset."""
    features = np.concatenate([inputs.features(examples, batch) for batch in batches(examples)])
    return features, np.concatenate([examples.targets(batch)[:, 0] for batch in batches(examples)]).astype(float)


def _probabilities(weights: np.ndarray, features: np.ndarray) -> np.ndarray:
    odds = features @ weights[:-1] + weights[-1]
    raised = np.exp(odds - odds.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _loss(weights: np.ndarray, features: np.ndarray, truth: np.ndarray) -> float:
    chosen = (_probabilities(weights, features) * truth).sum(axis=1)
    return float(-np.log(np.maximum(chosen, 1e-300)).mean())


def _minimum(features: np.ndarray, truth: np.ndarray, penalty: float, start: np.ndarray) -> np.ndarray:
    from scipy.optimize import minimize

    done = minimize(_objective(features, truth, penalty), start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return np.asarray(done.x.reshape(start.shape))


def _objective(features: np.ndarray, truth: np.ndarray, penalty: float) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
    """Mean log loss plus penalty / 2 |slopes|^2, and its gradient."""

    def value(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(features.shape[1] + 1, truth.shape[1])
        wrong = (_probabilities(weights, features) - truth) / len(features)
        gradient = np.concatenate([features.T @ wrong + penalty * weights[:-1], wrong.sum(axis=0, keepdims=True)])
        return _loss(weights, features, truth) + penalty / 2 * float((weights[:-1] ** 2).sum()), gradient.ravel()

    return value
