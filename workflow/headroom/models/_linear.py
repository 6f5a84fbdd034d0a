"""What fitting a linear forecaster is, whatever its design: sums over windows, and the choice of lags and penalty.

Lags and penalty are those of the lowest squared error on the validation examples or, where a protocol has none, over contiguous
folds of the training examples, from which windows that overlap the fold held out are left out.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add

import numpy as np

from headroom.core.dataset import chooser
from headroom.core.examples import Examples, Scale
from headroom.core.scaling import batches, scale_of
from headroom.models._folds import contiguous
from headroom.models._linear_fit import Design, LinearFit, answered, standardised
from headroom.models._ridge import Moments, Weights, mean_squared_error, path

Rows = list[dict[str, float]]


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
    covariance = _covariance(design, weights, chooser(train, valid), scale_of(train))
    return LinearFit(design, weights, scale_of(train), np.array(train.offsets), covariance), history


def _covariance(design: Design, weights: Weights, examples: Examples, scale: Scale) -> np.ndarray:
    """Mean products of the errors, about zero so that a bias on the examples widens them: of all targets together or of each."""
    offsets, targets = len(examples.offsets), len(scale.track_mean)
    together = weights.slopes.shape[2] == offsets * targets
    total: np.ndarray | float = 0.0
    for batch in batches(examples):
        windows, truth = _standard(examples, batch, scale)
        error = truth - answered(design, weights, windows)  # (example, offset, target)
        rows = error.reshape(1, len(error), -1) if together else error.transpose(2, 0, 1)
        total = total + rows.transpose(0, 2, 1) @ rows
    return np.asarray(total / len(examples))


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
    windows, targets = _standard(examples, batch, scale)
    return Moments.of(design.features(windows)[:, :, :most], design.responses(windows, targets))


def _standard(examples: Examples, batch: slice, scale: Scale) -> tuple[np.ndarray, np.ndarray]:
    """Windows and targets of a batch."""
    return standardised(examples.windows(batch), scale), (examples.targets(batch) - scale.track_mean) / scale.track_sd
