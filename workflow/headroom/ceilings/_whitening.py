"""Gaussian noise of known covariance made white, and a signal cut to the few directions in which it rises above that noise."""

import numpy as np

EXACT = 1e-10
"""Directions with less than this share of the largest variance hold nothing: a baseline that was taken off, for example."""
DROPPED = 0.01
"""Squared signal that may be lost, on average over signals [noise variances]: it bounds the information lost."""


def whitening(covariance: np.ndarray) -> np.ndarray:
    """Weights (time, direction) by which noise of this covariance (time, time) becomes white of variance 1."""
    variance, axes = np.linalg.eigh(covariance)
    kept = variance > EXACT * variance[-1]
    return np.asarray(axes[:, kept] / np.sqrt(variance[kept]))


def leading(signals: np.ndarray, dropped: float = DROPPED) -> tuple[np.ndarray, np.ndarray]:
    """Mean (direction,) and principal axes (direction, kept) of whitened signals (signal, direction), as few as lose `dropped`.

    Whatever is cut, the rest is data with white noise of variance 1 too: what follows from it is right, if less than all.
    """
    mean = signals.mean(axis=0)
    centred = signals - mean
    power, axes = np.linalg.eigh(centred.T @ centred / len(signals))
    lost = np.cumsum(np.maximum(power, 0))
    return mean, np.asarray(axes[:, lost > dropped][:, ::-1])
