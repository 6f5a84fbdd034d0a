"""What every linear forecaster shares: sums over windows, the choice of lags and penalty, prediction and sensitivity.

A design says how standardised windows become features and how responses become predictions; the rest is here. Lags and penalty
are those of the lowest squared error on the validation examples or, where a protocol has none, over contiguous folds of the
training examples, from which windows that overlap the fold held out are left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Protocol

import numpy as np

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

    def predict(self, examples: Examples) -> Prediction:
        """(example, offset, target) in physical units."""
        require_offsets(self.design.name, examples, self.offsets)
        parts = [self._answer(_standard(examples.windows(batch), self.scale)) for batch in batches(examples)]
        shape = (0, len(self.offsets), len(self.scale.track_mean))
        return Prediction(np.concatenate([np.empty(shape), *parts]) * self.scale.track_sd + self.scale.track_mean)

    def _answer(self, windows: np.ndarray) -> np.ndarray:
        slopes, intercept = self.weights
        features = self.design.features(windows)[:, :, : slopes.shape[1]]
        return self.design.predictions(windows, features @ slopes + intercept)

    def sensitivity(self, examples: Examples) -> np.ndarray:
        """(target, length, channel): the same for every example, read off the answers to unit impulses."""
        size = examples.length * len(self.scale.mean)
        impulses = np.concatenate([np.zeros((1, size)), np.eye(size)]).reshape(size + 1, examples.length, -1)
        answers = self._answer(impulses)[:, 0]  # (1 + impulse, target)
        slopes = np.abs(answers[1:] - answers[0]).T.reshape(-1, examples.length, len(self.scale.mean))
        return slopes * self.scale.track_sd[:, None, None] / self.scale.sd

    def state(self) -> dict[str, np.ndarray]:
        """Weights, scale and offsets."""
        return {"slopes": self.weights.slopes, "intercept": self.weights.intercept, "offsets": self.offsets, **pack(self.scale)}


def restore_linear(design: Design, state: Mapping[str, np.ndarray]) -> LinearFit:
    """The fit that `LinearFit.state` was taken of."""
    return LinearFit(design, Weights(state["slopes"], state["intercept"]), unpack(state), state["offsets"])


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
    return LinearFit(design, weights, scale_of(train), np.array(train.offsets)), history


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
    windows = _standard(examples.windows(batch), scale)
    targets = (examples.targets(batch) - scale.track_mean) / scale.track_sd
    return Moments.of(design.features(windows)[:, :, :most], design.responses(windows, targets))


def _standard(windows: np.ndarray, scale: Scale) -> np.ndarray:
    return (windows - scale.mean) / scale.sd
