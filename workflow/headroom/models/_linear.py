"""What every linear forecaster shares: sums over windows, the choice of lags and penalty, prediction and sensitivity.

A design says how standardised windows become features and how responses become predictions; the rest is here. Lags and penalty
are those of the lowest squared error on the validation examples or, where a protocol has none, over contiguous folds of the
training examples, from which windows that overlap the fold held out are left out.

Draws are Gaussian about the prediction, with the covariance of the residuals on the validation examples: they hold what the
noise and the misfit leave open there, and take the weights as known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Protocol

import numpy as np

from headroom.core.dataset import chooser
from headroom.core.examples import Examples, Scale
from headroom.core.prediction import Prediction
from headroom.core.scaling import batches, pack, require_offsets, scale_of, unpack
from headroom.models._folds import contiguous
from headroom.models._ridge import Moments, Weights, mean_squared_error, path

Rows = list[dict[str, float]]


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
    covariance: np.ndarray  # (group, response, response): of the residuals on validation, standardised

    def predict(self, examples: Examples) -> Prediction:
        """(example, offset, target) in physical units."""
        require_offsets(self.design.name, examples, self.offsets)
        parts = [self._answer(_standard(examples.windows(batch), self.scale)) for batch in batches(examples)]
        shape = (0, len(self.offsets), len(self.scale.track_mean))
        return Prediction(np.concatenate([np.empty(shape), *parts]) * self.scale.track_sd + self.scale.track_mean)

    def sample(self, examples: Examples, draws: int, rng: np.random.Generator) -> np.ndarray:
        """Gaussian draws (draw, example, offset, target) about the prediction, physical units; joint within a group of responses."""
        require_offsets(self.design.name, examples, self.offsets)
        values, vectors = np.linalg.eigh(self.covariance)
        root = (vectors * np.sqrt(np.maximum(values, 0))[:, None]).transpose(0, 2, 1)  # (group, response, response)
        drawn = np.empty((draws, len(examples), len(self.offsets), len(self.scale.track_mean)))
        for batch in batches(examples):
            windows = _standard(examples.windows(batch), self.scale)
            responses = self._responses(windows)
            for draw in drawn[:, batch]:
                draw[:] = self.design.predictions(windows, responses + rng.standard_normal(responses.shape) @ root)
        return drawn * self.scale.track_sd + self.scale.track_mean

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

    def _answer(self, windows: np.ndarray) -> np.ndarray:
        return self.design.predictions(windows, self._responses(windows))

    def _responses(self, windows: np.ndarray) -> np.ndarray:
        slopes, intercept = self.weights
        return np.asarray(self.design.features(windows)[:, :, : slopes.shape[1]] @ slopes + intercept)

    def sensitivity(self, examples: Examples) -> np.ndarray:
        """(target, length, channel): the same for every example, read off the answers to unit impulses."""
        size = examples.length * len(self.scale.mean)
        impulses = np.concatenate([np.zeros((1, size)), np.eye(size)]).reshape(size + 1, examples.length, -1)
        answers = self._answer(impulses)[:, 0]  # (1 + impulse, target)
        slopes = np.abs(answers[1:] - answers[0]).T.reshape(-1, examples.length, len(self.scale.mean))
        return slopes * self.scale.track_sd[:, None, None] / self.scale.sd

    def state(self) -> dict[str, np.ndarray]:
        """Weights, residual covariance, scale and offsets."""
        weights = {"slopes": self.weights.slopes, "intercept": self.weights.intercept, "covariance": self.covariance}
        return {**weights, "offsets": self.offsets, **pack(self.scale)}


def restore_linear(design: Design, state: Mapping[str, np.ndarray]) -> LinearFit:
    """The fit that `LinearFit.state` was taken of."""
    return LinearFit(design, Weights(state["slopes"], state["intercept"]), unpack(state), state["offsets"], state["covariance"])


def fit_linear(
    design: Design, train: Examples, valid: Examples, penalties: Sequence[float], folds: int, sizes: Mapping[int, int] | None = None
) -> tuple[LinearFit, Rows]:
    """The best of every number of lags in `sizes` (lags: features; None: all features) and penalty, and a row for each tried."""
    most = max(sizes.values()) if sizes else None
    whole = _moments(design, train, scale_of(train), most)
    candidates = sizes or {train.length: whole.x.shape[1]}
    pairs = _held_out(design, train, valid, whole, folds, most)
    history: Rows = []
    for lags, features in candidates.items():
        losses = np.mean([_losses(seen.leading(features), held.leading(features), penalties) for seen, held in pairs], axis=0)
        history += [{"lags": lags, "penalty": penalty, "valid_loss": float(loss)} for penalty, loss in zip(penalties, losses, strict=True)]
    best = min(history, key=lambda row: row["valid_loss"])
    (weights,) = path(whole.leading(candidates[int(best["lags"])]), [best["penalty"]])
    covariance = _residual_covariance(design, weights, chooser(train, valid), scale_of(train))
    return LinearFit(design, weights, scale_of(train), np.array(train.offsets), covariance), history


def _residual_covariance(design: Design, weights: Weights, examples: Examples, scale: Scale) -> np.ndarray:
    """Mean square (group, response, response) of what the weights leave: about zero, so that a bias on validation widens it."""
    slopes, intercept = weights
    total, rows = np.zeros((len(slopes), slopes.shape[2], slopes.shape[2])), 0
    for batch in batches(examples):
        windows, targets = _standardised(examples, batch, scale)
        residual = design.responses(windows, targets) - design.features(windows)[:, :, : slopes.shape[1]] @ slopes - intercept
        total, rows = total + residual.transpose(0, 2, 1) @ residual, rows + residual.shape[1]
    return total / rows


def _losses(seen: Moments, held: Moments, penalties: Sequence[float]) -> list[float]:
    return [mean_squared_error(held, weights) for weights in path(seen, penalties)]


def _held_out(
    design: Design, train: Examples, valid: Examples, whole: Moments, folds: int, most: int | None
) -> list[tuple[Moments, Moments]]:
    """What to fit and what to judge by: train and validation, or each fold's rest and the fold."""
    scale = scale_of(train)
    if len(valid):
        return [(whole, _moments(design, valid, scale, most))]
    pairs = contiguous(design.name, train, folds)
    return [
        (whole - _moments(design, train.take(near), scale, most), _moments(design, train.take(held), scale, most)) for held, near in pairs
    ]


def _moments(design: Design, examples: Examples, scale: Scale, most: int | None) -> Moments:
    """Sums of the first `most` features; the square of what a long window of many channels holds would not fit into memory."""
    return reduce(add, (_batch(design, examples, batch, scale, most) for batch in batches(examples)))


def _batch(design: Design, examples: Examples, batch: slice, scale: Scale, most: int | None) -> Moments:
    windows, targets = _standardised(examples, batch, scale)
    return Moments.of(design.features(windows)[:, :, :most], design.responses(windows, targets))


def _standardised(examples: Examples, batch: slice, scale: Scale) -> tuple[np.ndarray, np.ndarray]:
    """Windows and targets of a batch."""
    return _standard(examples.windows(batch), scale), (examples.targets(batch) - scale.track_mean) / scale.track_sd


def _standard(windows: np.ndarray, scale: Scale) -> np.ndarray:
    return (windows - scale.mean) / scale.sd
