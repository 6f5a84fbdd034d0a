"""Means and SDs of the samples that a split lets models see."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from headroom.core.dataset import Dataset
from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Scale, Target
from headroom.core.scaling import batches
from headroom.core.signal import Signal


def scaled(parts: Sequence[Examples], target: Target, seen: np.ndarray) -> Dataset:
    """Train, valid and test with the scale of the samples where `seen` (trial, time) is true; raises HeadroomError for an empty part."""
    train, valid, test = parts
    for part, examples in (("train", train), ("test", test)):
        if not len(examples):
            raise HeadroomError(f"splits: no window lies wholly inside the {part} part; lengthen the recording or shorten the window")
    mean, sd = _moments(train.inputs, seen)
    track_mean, track_sd = (mean, sd) if train.track is train.inputs else _track_moments(train, target, seen)
    scale = Scale(mean, sd, track_mean, track_sd)
    return Dataset(replace(train, scale=scale), replace(valid, scale=scale), replace(test, scale=scale), target)


def _track_moments(train: Examples, target: Target, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Classes stay zeros and ones; raises HeadroomError where no training example asks for one of them."""
    if target.kind == "window":
        return _moments(train.track, np.asarray(seen.any(axis=1, keepdims=True)))
    if target.kind != "category":
        return _moments(train.track, seen)
    counts = sum(train.targets(batch).sum(axis=(0, 1)) for batch in batches(train))
    missing = [name for name, count in zip(target.names, np.asarray(counts), strict=True) if not count]
    if missing:
        found = f"class {missing[0]!r} is" if len(missing) == 1 else f"classes {', '.join(map(repr, missing[:5]))} are"
        raise HeadroomError(f"splits: {found} never asked for in the train part; use another split, or merge classes")
    return np.zeros(len(target.names)), np.ones(len(target.names))


def _moments(signal: Signal, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    values = signal.values[seen]
    sd = values.std(axis=0)
    return values.mean(axis=0), np.where(sd > 0, sd, 1.0)
