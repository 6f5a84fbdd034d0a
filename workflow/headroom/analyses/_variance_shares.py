"""Sobol indices: which share of an output's variance goes back to each input (Sobol 1993; Saltelli et al. 2010)."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

RESAMPLES = 500
TAIL = 2.5
"""Below and above the interval [%]."""


class Shares(NamedTuple):
    """Indices (output, input) of first order, by an input alone, or total, with all its interactions; the last axis is low, high."""

    first: np.ndarray
    first_interval: np.ndarray  # (output, input, 2)
    total: np.ndarray
    total_interval: np.ndarray


class Terms(NamedTuple):
    """What the indices are ratios of means of; intervals come by resampling these."""

    first: np.ndarray  # (output, input, sample)
    total: np.ndarray
    level: np.ndarray  # (output, sample)
    square: np.ndarray


def shares(function: Callable[[np.ndarray], np.ndarray], inputs: int, samples: int, rng: np.random.Generator, curve: int = 0) -> Shares:
    """Indices of `function`, which gives outputs (example, output) of inputs (example, input) that are even between 0 and 1.

    `samples` is a power of 2; the function sees samples x (inputs + 2) examples. Of the last `curve` outputs one index is given beside the
    others, as the last: the variances of all, summed (Lamboni, Monod and Makowski 2011).
    """
    from scipy.stats import qmc

    both = qmc.Sobol(2 * inputs, rng=rng).random(samples)
    one, other = both[:, :inputs], both[:, inputs:]
    start, end = function(one), function(other)  # (sample, output)
    middle = (start.mean(axis=0) + end.mean(axis=0)) / 2
    parts = [_terms(start, end, function(np.where(np.arange(inputs) == place, other, one)), middle) for place in range(inputs)]
    terms = Terms(
        np.stack([first for first, _ in parts], axis=1),
        np.stack([total for _, total in parts], axis=1),
        ((start + end) / 2 - middle).T,
        (((start - middle) ** 2 + (end - middle) ** 2) / 2).T,
    )
    return _indices(terms, curve, rng)


def _terms(start: np.ndarray, end: np.ndarray, mixed: np.ndarray, middle: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each sample (output, sample): Saltelli's estimator of the first order and Jansen's of the total."""
    return ((end - middle) * (mixed - start)).T, ((start - mixed) ** 2 / 2).T


def _indices(terms: Terms, curve: int, rng: np.random.Generator) -> Shares:
    samples = terms.level.shape[1]
    counts = rng.multinomial(samples, np.full(samples, 1 / samples), size=RESAMPLES)
    weights = np.concatenate([np.ones((1, samples)), counts]).T / samples  # (sample, resample); the first is no resample
    variance = _summed(terms.square @ weights - (terms.level @ weights) ** 2, curve)
    found = []
    for name in ("first", "total"):
        share = _summed(getattr(terms, name) @ weights, curve) / np.where(variance > 0, variance, np.inf)[:, None]
        found += [share[..., 0], np.moveaxis(np.percentile(share[..., 1:], [TAIL, 100 - TAIL], axis=-1), 0, -1)]
    return Shares(*found)


def _summed(values: np.ndarray, curve: int) -> np.ndarray:
    """The last outputs in one."""
    kept = len(values) - curve
    return np.concatenate([values[:kept], values[kept:].sum(axis=0, keepdims=True)]) if curve else values
