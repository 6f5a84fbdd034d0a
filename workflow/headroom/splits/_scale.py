"""Means and SDs of the samples that a split lets models see."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from headroom.core.dataset import Dataset
from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Scale, Target
from headroom.core.signal import Signal


def scaled(parts: Sequence[Examples], target: Target, seen: np.ndarray) -> Dataset:
    """Train, valid and test with the scale of the samples where `seen` (trial, time) is true; raises HeadroomError for an empty part."""
    train, valid, test = parts
    for part, examples in (("train", train), ("test", test)):
        if not len(examples):
            raise HeadroomError(f"splits: no window lies wholly inside the {part} part; lengthen the recording or shorten the window")
    mean, sd = _moments(train.inputs, seen)
    track_mean, track_sd = (mean, sd) if train.track is train.inputs else _track_moments(train.track, target, seen)
    scale = Scale(mean, sd, track_mean, track_sd)
    return Dataset(replace(train, scale=scale), replace(valid, scale=scale), replace(test, scale=scale), target)


def _track_moments(track: Signal, target: Target, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Classes stay zeros and ones; raises HeadroomError where one never occurs among the samples seen."""
    if target.kind != "category":
        return _moments(track, seen)
    for name, share in zip(target.names, track.values[seen].mean(axis=0), strict=True):
        if not share:
            raise HeadroomError(f"splits: class {name!r} never occurs in the train part; use another split, or merge classes")
    return np.zeros(len(target.names)), np.ones(len(target.names))


def _moments(signal: Signal, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    values = signal.values[seen]
    sd = values.std(axis=0)
    return values.mean(axis=0), np.where(sd > 0, sd, 1.0)
