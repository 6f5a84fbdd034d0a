"""A fitted linear forecaster: its predictions, the draws about them, and the weights that its design comes down to.

A design says how standardised windows become features and how responses become predictions. Draws are Gaussian about the
prediction, with the covariance of the errors on the validation examples: they hold what noise and misfit leave open there, and
take the weights as known. Where the weights of all targets are fitted together, so are their errors drawn together; else each
target's errors are drawn on their own, its horizons together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from headroom.core.examples import Examples, Scale
from headroom.core.prediction import Prediction
from headroom.core.scaling import batches, pack, require_offsets, unpack
from headroom.models._ridge import Weights


class Design(Protocol):
    """How windows (example, length, channel) and targets (example, offset, target), both standardised, meet the regression."""

    @property
    def name(self) -> str:
        """The model's kind, for messages."""

    def features(self, windows: np.ndarray) -> np.ndarray:
        """(group, row, feature), the newest lags first where lags are chosen."""

    def responses(self, windows: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """(group, row, response)."""

    def predictions(self, windows: np.ndarray, responses: np.ndarray) -> np.ndarray:
        """The inverse of `responses`: (example, offset, target)."""


@dataclass(frozen=True)
class LinearFit:
    """A fitted linear forecaster."""

    design: Design
    weights: Weights
    scale: Scale
    offsets: np.ndarray  # (offset,)
    covariance: np.ndarray  # (1, offset x target, the same) or (target, offset, offset): of the errors on validation, standardised

    def predict(self, examples: Examples) -> Prediction:
        """(example, offset, target) in physical units."""
        require_offsets(self.design.name, examples, self.offsets)
        parts = [self._answer(standardised(examples.windows(batch), self.scale)) for batch in batches(examples)]
        shape = (0, len(self.offsets), len(self.scale.track_mean))
        return Prediction(np.concatenate([np.empty(shape), *parts]) * self.scale.track_sd + self.scale.track_mean)

    def sample(self, examples: Examples, draws: int, rng: np.random.Generator) -> np.ndarray:
        """Gaussian draws (draw, example, offset, target) about the prediction, physical units."""
        point = self.predict(examples).point
        values, vectors = np.linalg.eigh(self.covariance)
        root = (vectors * np.sqrt(np.maximum(values, 0))[:, None]).transpose(0, 2, 1)
        drawn = np.empty((draws, *point.shape))
        for draw in drawn:
            errors = rng.standard_normal((len(root), len(point), root.shape[1])) @ root
            draw[:] = point + self.scale.track_sd * (errors[0].reshape(point.shape) if len(root) == 1 else errors.transpose(1, 2, 0))
        return drawn

    def affine(self, length: int) -> tuple[np.ndarray, np.ndarray]:
        """Weights (offset, target, length, channel) and constants (offset, target) on windows, physical units: unit impulses' answers."""
        channels = len(self.scale.mean)
        constant = self._answer(np.zeros((1, length, channels)))[0]
        weights = np.empty((*constant.shape, length, channels))
        for lag in range(length):
            impulses = np.zeros((channels, length, channels))
            impulses[:, lag] = np.eye(channels)
            weights[:, :, lag] = np.moveaxis(self._answer(impulses) - constant, 0, -1)
        weights *= self.scale.track_sd[:, None, None] / self.scale.sd
        return weights, constant * self.scale.track_sd + self.scale.track_mean - (weights * self.scale.mean).sum(axis=(2, 3))

    def sensitivity(self, examples: Examples) -> np.ndarray:
        """(target, length, channel): the weights' size at the first offset, the same for every example."""
        return np.abs(self.affine(examples.length)[0][0])

    def _answer(self, windows: np.ndarray) -> np.ndarray:
        return answered(self.design, self.weights, windows)

    def state(self) -> dict[str, np.ndarray]:
        """Weights, covariance of the errors, scale and offsets."""
        weights = {"slopes": self.weights.slopes, "intercept": self.weights.intercept, "covariance": self.covariance}
        return {**weights, "offsets": self.offsets, **pack(self.scale)}


def restore_linear(design: Design, state: Mapping[str, np.ndarray]) -> LinearFit:
    """The fit that `LinearFit.state` was taken of."""
    return LinearFit(design, Weights(state["slopes"], state["intercept"]), unpack(state), state["offsets"], state["covariance"])


def answered(design: Design, weights: Weights, windows: np.ndarray) -> np.ndarray:
    """Predictions (example, offset, target) of windows (example, length, channel), both standardised."""
    slopes, intercept = weights
    features = design.features(windows)[:, :, : slopes.shape[1]]
    return design.predictions(windows, features @ slopes + intercept)


def standardised(windows: np.ndarray, scale: Scale) -> np.ndarray:
    """Windows (example, length, channel) in units of the scale."""
    return (windows - scale.mean) / scale.sd
