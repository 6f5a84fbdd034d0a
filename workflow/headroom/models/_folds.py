"""Contiguous folds of training examples, for protocols without a validation part."""

from collections.abc import Iterator

import numpy as np

from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples


def contiguous(name: str, train: Examples, folds: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For each fold the examples held out, and those that must not be trained on meanwhile: all that share a sample with them.

    Raises HeadroomError where nothing would be left to train on.
    """
    order = np.lexsort((train.start, train.trial))
    for held in np.array_split(order, min(folds, len(order))):
        near = _overlapping(train, held)
        if len(near) == len(train):
            raise HeadroomError(f"{name}: {len(train)} windows all overlap within {folds} folds; use a split with a validation part")
        yield held, near


def _overlapping(train: Examples, held: np.ndarray) -> np.ndarray:
    span = train.length + max(0, *train.offsets)
    low = np.full(train.inputs.trials, np.inf)
    high = np.full(train.inputs.trials, -np.inf)
    np.minimum.at(low, train.trial[held], train.start[held])
    np.maximum.at(high, train.trial[held], train.start[held])
    return np.flatnonzero((train.start > low[train.trial] - span) & (train.start < high[train.trial] + span))
