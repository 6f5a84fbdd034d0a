"""Connections inferred from spikes, and how well any estimate tells connected from unconnected pairs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pandas import DataFrame

SOON = (1, 4)
"""Lags from a spike at which its effect is looked for, first and past the last [samples]."""
LATER = (4, 11)
"""Lags whose spikes are a covariate of their own: slow effects, and the time since a neuron's own spikes."""
ROUNDS = 25
DAMPING = 0.7
"""Share of a Newton step that is taken: where spikes are likelier than on average the curvature is larger than the one inverted."""
RIDGE = 1.0
MOST = 200_000
"""Samples that the generalised linear model is fitted to at most: the first ones."""


def binned(spikes: DataFrame) -> Iterator[np.ndarray]:
    """Zeros and ones (sample, neuron) of every trial."""
    neurons, samples = int(spikes["neurons"].iloc[0]), int(spikes["samples"].iloc[0])
    for _, part in spikes.groupby("trial"):
        counts = np.zeros((samples, neurons), np.float32)
        counts[part["sample"].to_numpy(int), part["neuron"].to_numpy(int)] = 1
        yield counts


def correlogram(spikes: DataFrame) -> np.ndarray:
    """Excess of the target's spikes soon after the source's (target, source), in SDs of Poisson counts (Perkel et al. 1967)."""
    neurons = int(spikes["neurons"].iloc[0])
    together, alone = np.zeros((neurons, neurons)), np.zeros((neurons, neurons))
    for counts in binned(spikes):
        for lag in range(*SOON):
            together = together + counts[lag:].T.astype(float) @ counts[:-lag]
            alone = alone + np.outer(counts[lag:].sum(axis=0), counts[:-lag].sum(axis=0)) / (len(counts) - lag)
    return np.asarray((together - alone) / np.sqrt(np.maximum(alone, 1e-9)))


def glm(spikes: DataFrame) -> np.ndarray:
    """Weights (target, source) in standard errors, of a logistic model of spikes given everybody's spikes soon and later before.

    A Bernoulli point-process model (Truccolo et al. 2005) with a small ridge penalty. All targets share one design, so that its
    curvature is inverted once and scaled by each target's variance.
    """
    design, answers = _design(spikes)
    gram = (design.T @ design).astype(float)
    rate = np.clip(answers.mean(axis=0, dtype=float), 1e-6, 1 - 1e-6)
    variance = rate * (1 - rate)
    inverse = np.linalg.inv(gram + RIDGE / variance.mean() * np.eye(len(gram)))
    weights = np.zeros((design.shape[1], answers.shape[1]))
    weights[-1] = np.log(rate / (1 - rate))
    for _ in range(ROUNDS):
        slope = _slope(design, answers, weights)
        slope[:-1] -= RIDGE * weights[:-1]
        weights += np.clip(DAMPING * (inverse @ slope) / variance, -1.0, 1.0)
    size = answers.shape[1]
    return np.asarray((weights[:size] * np.sqrt(variance / np.diag(inverse)[:size, None])).T)


def _design(spikes: DataFrame) -> tuple[np.ndarray, np.ndarray]:
    rows, answers, left = [], [], MOST
    for counts in binned(spikes):
        counts = counts[: max(0, left)]
        left -= len(counts)
        if len(counts) > LATER[1]:
            before = [sum(_shifted(counts, lag) for lag in range(*span)) for span in (SOON, LATER)]
            rows.append(np.concatenate([*before, np.ones((len(counts), 1), np.float32)], axis=1)[LATER[1] :])
            answers.append(counts[LATER[1] :])
    return np.concatenate(rows), np.concatenate(answers)


def _shifted(counts: np.ndarray, lag: int) -> np.ndarray:
    return np.concatenate([np.zeros((lag, counts.shape[1]), counts.dtype), counts[:-lag]])


def _slope(design: np.ndarray, answers: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The gradient of the log likelihood (covariate, target), in pieces that fit into the cache."""
    total = np.zeros_like(weights)
    for first in range(0, len(design), 8192):
        piece = design[first : first + 8192]
        chance = 1 / (1 + np.exp(-(piece @ weights.astype(np.float32))))
        total += piece.T @ (answers[first : first + 8192] - chance)
    return total


def curve(score: np.ndarray, positive: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """False and true positive rates as the threshold falls; ties move together."""
    order = np.argsort(-score, kind="stable")
    last = np.append(np.flatnonzero(np.diff(score[order])), len(score) - 1)
    hits, number = np.cumsum(positive[order])[last], np.arange(1, len(score) + 1)[last]
    true, false = hits / max(positive.sum(), 1), (number - hits) / max((~positive).sum(), 1)
    return np.append(0.0, false), np.append(0.0, true)


def auc(score: np.ndarray, positive: np.ndarray) -> float:
    """Chance that a connected pair scores higher than an unconnected one, ties by half; NaN where there are not both."""
    if not 0 < positive.sum() < len(positive):
        return float("nan")
    return float(np.trapezoid(*curve(score, positive)[::-1]))


def auc_error(area: float, positive: int, negative: int) -> float:
    """Standard error of an AUC over pairs (Hanley and McNeil 1982)."""
    one, two = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area) + (positive - 1) * (one - area**2) + (negative - 1) * (two - area**2)
    return float(np.sqrt(max(spread, 0.0) / (positive * negative)))
