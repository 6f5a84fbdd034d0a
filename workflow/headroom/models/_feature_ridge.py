"""Ridge regression on features of whole recordings, nested by their number; how many and what penalty is chosen on validation."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from headroom.core.examples import Examples
from headroom.core.scaling import scale_of
from headroom.models._folds import contiguous
from headroom.models._ridge import Moments, Weights, mean_squared_error, path

Rows = list[dict[str, float]]
Features = Callable[[Examples], np.ndarray]
"""Features (example, feature) of examples, the first ones first where fewer are tried."""


class Chosen(NamedTuple):
    """The best weights of standardised targets, how many features they take, and a row for each candidate."""

    weights: Weights
    features: int
    history: Rows


def fit_ridge(
    name: str, features: Features, train: Examples, valid: Examples, counts: Sequence[int], penalties: Sequence[float], folds: int
) -> Chosen:
    """The candidate of the lowest squared error on validation or, without one, over folds of the training examples."""
    whole = _moments(features, train)
    if len(valid):
        pairs = [(whole, _moments(features, valid))]
    else:
        held = [_moments(features, train.take(out)) for out, _ in contiguous(name, train, folds)]
        pairs = [(whole - part, part) for part in held]
    history: Rows = []
    for count in counts:
        losses = [
            [mean_squared_error(held.leading(count), weights) for weights in path(seen.leading(count), penalties)] for seen, held in pairs
        ]
        for penalty, loss in zip(penalties, np.mean(losses, axis=0), strict=True):
            history.append({"features": count, "penalty": penalty, "valid_loss": float(loss)})
    best = min(history, key=lambda row: row["valid_loss"])
    count = int(best["features"])
    (weights,) = path(whole.leading(count), [best["penalty"]])
    return Chosen(weights, count, history)


def _moments(features: Features, examples: Examples) -> Moments:
    scale = scale_of(examples)
    truth = (examples.targets()[:, 0] - scale.track_mean) / scale.track_sd
    return Moments.of(features(examples)[None], truth[None])
