"""Tempered sequential Monte Carlo: particles drift from the prior to the posterior (Del Moral, Doucet and Jasra 2006).

They are moved by differences of other particles (ter Braak 2006), of which one half moves the other, so that each move is exact.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

LEFT = 0.5
"""Effective sample size that a rise of the temperature leaves [share of the particles]."""
WANTED = 0.25
"""Share of proposals that should be accepted."""
AT_THE_END = 3
"""How many times as many moves the posterior itself gets."""
LEAST_RISE = 1e-8
FAR = 1.0
"""Runs whose means of a coordinate lie further apart than this disagree [their SDs]."""


class Problem(NamedTuple):
    """A posterior; coordinates are (particle, coordinate), log densities (particle,)."""

    draw: Callable[[int, np.random.Generator], np.ndarray]
    """Coordinates from the prior."""
    log_prior: Callable[[np.ndarray], np.ndarray]
    log_likelihood: Callable[[np.ndarray], np.ndarray]
    """Asked only where the prior is above 0."""
    refresh: Callable[[np.ndarray, np.random.Generator], np.ndarray] = lambda at, rng: at
    """A move that leaves the posterior as it is and the likelihood of each particle too."""


class Sample(NamedTuple):
    """Particles of equal weight, and what the run says of the data."""

    at: np.ndarray  # (particle, coordinate)
    log_evidence: float
    stages: int
    accepted: float  # share of the last move's proposals


def sample(problem: Problem, particles: int, moves: int, rng: np.random.Generator) -> Sample:
    """Particles of the posterior; each stage gets `moves` moves. The number of particles must be even."""
    at = problem.draw(particles, rng)
    likelihood = problem.log_likelihood(at)
    heat, evidence, stride, stages, accepted = 0.0, 0.0, 1.0, 0, 0.0
    while heat < 1:
        hotter = next_heat(likelihood, heat)
        weights = (hotter - heat) * likelihood
        evidence += _log_mean_exp(weights)
        kept = systematic(weights, rng)
        at, likelihood, heat, stages = at[kept], likelihood[kept], hotter, stages + 1
        for _ in range(moves * (AT_THE_END if heat == 1 else 1)):
            at, likelihood, accepted = _moved(problem, at, likelihood, heat, stride, rng)
            stride *= np.exp(accepted - WANTED)
            at = problem.refresh(at, rng)
    return Sample(at, evidence, stages, accepted)


def joined(samples: list[Sample], rng: np.random.Generator) -> np.ndarray:
    """Particles of several runs (particle, coordinate), as many as of one, each run by its evidence: a lost mode counts for little."""
    share = np.exp(np.array([one.log_evidence for one in samples]) - max(one.log_evidence for one in samples))
    count = len(samples[0].at)
    weights = np.repeat(np.log(share), count)
    return np.concatenate([one.at for one in samples])[systematic(weights, rng)[rng.permutation(len(weights))[:count]]]


def disagree(samples: list[Sample]) -> bool:
    """Whether runs on the same data found different posteriors."""
    means = np.stack([one.at.mean(axis=0) for one in samples])
    return bool((np.ptp(means, axis=0) > FAR * np.mean([one.at.std(axis=0) for one in samples], axis=0)).any())


def next_heat(likelihood: np.ndarray, heat: float) -> float:
    """The temperature at which the effective sample size is LEFT of the particles; 1 where more is left there."""
    low, high = 0.0, 1 - heat
    if _effective(high * likelihood) >= LEFT:
        return 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _effective(middle * likelihood) >= LEFT else (low, middle)
    return min(1.0, heat + max(low, LEAST_RISE))


def systematic(log_weights: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Places (particle,) drawn by weight at even distances, in random order."""
    weights = np.exp(log_weights - log_weights.max())
    edges = np.cumsum(weights / weights.sum())
    marks = (rng.random() + np.arange(len(weights))) / len(weights)
    return rng.permutation(np.minimum(np.searchsorted(edges, marks), len(weights) - 1))


def _moved(
    problem: Problem, at: np.ndarray, likelihood: np.ndarray, heat: float, stride: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, float]:
    """Every particle offered one step, half of them at a time, and the share that took it."""
    at, likelihood, taken = at.copy(), likelihood.copy(), 0
    for mine, others in _halves(len(at), rng):
        offered = at[mine] + stride * _jumps(at[others], len(mine), rng)
        before, after = problem.log_prior(at[mine]), problem.log_prior(offered)
        new = np.full(len(mine), -np.inf)
        inside = np.isfinite(after)
        if inside.any():
            new[inside] = problem.log_likelihood(offered[inside])
        with np.errstate(invalid="ignore"):
            rise = np.where(inside, heat * (new - likelihood[mine]) + after - before, -np.inf)
        goes = np.log(rng.random(len(mine))) < rise
        at[mine[goes]], likelihood[mine[goes]] = offered[goes], new[goes]
        taken += int(goes.sum())
    return at, likelihood, taken / len(at)


def _halves(count: int, rng: np.random.Generator) -> list[tuple[np.ndarray, np.ndarray]]:
    order = rng.permutation(count)
    one, other = order[: count // 2], order[count // 2 :]
    return [(one, other), (other, one)]


def _jumps(others: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Steps (particle, coordinate): differences of two of the others, or normal ones of their covariance, at random."""
    size = others.shape[1]
    pairs = others[rng.integers(len(others), size=count)] - others[rng.integers(len(others), size=count)]
    spread, axes = np.linalg.eigh(np.atleast_2d(np.cov(others.T)))
    normal = (rng.standard_normal((count, size)) * np.sqrt(np.maximum(spread, 0))) @ axes.T
    reach = 2.38 / np.sqrt(size) * rng.choice([1.0, 0.3], size=(count, 1))  # 2.38: best for normal posteriors (Gelman et al. 1996)
    return np.asarray(reach * np.where(rng.random((count, 1)) < 0.5, pairs / np.sqrt(2), normal))


def _effective(log_weights: np.ndarray) -> float:
    """Effective sample size as a share of the particles."""
    weights = np.exp(log_weights - log_weights.max())
    return float(weights.sum() ** 2 / (weights**2).sum() / len(weights))


def _log_mean_exp(values: np.ndarray) -> float:
    return float(values.max() + np.log(np.exp(values - values.max()).mean()))
