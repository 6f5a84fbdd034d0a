"""Tempered sequential Monte Carlo: particles drift from the prior to the posterior (Del Moral, Doucet and Jasra 2006).

They are moved by differences of other particles (ter Braak 2006), of which one half moves the other, so that each move is exact.
"""

from collections.abc import Callable, Generator, Iterable
from typing import NamedTuple

import numpy as np

LEFT = 0.5
"""Effective sample size that a rise of the temperature leaves [share of the particles]."""
WANTED = 0.25
"""Share of proposals that should be accepted."""
AT_THE_END = 3
"""How many times as many moves the posterior itself gets."""
LEAST_RISE = 1e-8
HALVINGS = 30
FAR = 1.0
"""Runs whose means of a coordinate lie further apart than this disagree [their SDs]."""


class Problem(NamedTuple):
    """A posterior; coordinates are (particle, coordinate), log densities (particle,)."""

    log_prior: Callable[[np.ndarray], np.ndarray]
    refresh: Callable[[np.ndarray, np.random.Generator], np.ndarray] = lambda at, rng: at
    """A move that leaves the posterior as it is and the likelihood of each particle too."""


Run = Generator[np.ndarray, np.ndarray, "Sample"]
"""A run on its way: it gives coordinates where the prior is above 0, and goes on when it is sent their log likelihoods."""


class Sample(NamedTuple):
    """Particles of equal weight, and what the run says of the data."""

    at: np.ndarray  # (particle, coordinate)
    log_evidence: float
    stages: int
    accepted: float  # share of the last move's proposals


def together(runs: Iterable[Run], log_likelihood: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> list[Sample]:
    """What each run ends with. All are moved side by side, so that the likelihood is asked of many coordinates at once.

    It is given them (coordinate vector, coordinate) and the number of the run that each is of; no run depends on the others.
    """
    going, asked, ended = dict[int, Run](), dict[int, np.ndarray](), dict[int, Sample]()

    def advance(number: int, answer: np.ndarray | None) -> None:
        try:
            asked[number] = going[number].send(answer) if answer is not None else next(going[number])
        except StopIteration as end:
            ended[number] = end.value

    for number, run in enumerate(runs):  # one after the other: what a run starts from is large, and let go at once
        going[number] = run
        advance(number, None)
    while asked:
        sizes = [len(at) for at in asked.values()]
        answers = log_likelihood(np.concatenate(list(asked.values())), np.repeat(list(asked), sizes))
        told = dict(zip(asked, np.split(answers, np.cumsum(sizes)[:-1]), strict=True))
        asked.clear()
        for number, answer in told.items():
            advance(number, answer)
    return [ended[number] for number in sorted(ended)]


def sampled(problem: Problem, at: np.ndarray, likelihood: np.ndarray, particles: int, moves: int, rng: np.random.Generator) -> Run:
    """Particles of the posterior; each stage gets `moves` moves. The number of particles must be even.

    It starts from draws of the prior (draw, coordinate) and their log likelihoods (draw,): the more, the hotter is the first stage.
    """
    heat, evidence, stride, stages, accepted = 0.0, 0.0, 1.0, 0, 0.0
    while heat < 1:
        hotter = next_heat(likelihood, heat, min(LEFT, particles / LEFT / len(at)))
        weights = (hotter - heat) * likelihood
        evidence += _log_mean_exp(weights)
        kept = systematic(weights, particles, rng)
        at, likelihood, heat, stages = at[kept], likelihood[kept], hotter, stages + 1
        for _ in range(moves * (AT_THE_END if heat == 1 else 1)):
            at, likelihood, accepted = yield from _moved(problem, at, likelihood, heat, stride, rng)
            stride *= np.exp(accepted - WANTED)
            at = problem.refresh(at, rng)
    return Sample(at, evidence, stages, accepted)


def joined(samples: list[Sample], rng: np.random.Generator) -> np.ndarray:
    """Particles of several runs (particle, coordinate), in random order, each run by its evidence: a lost mode counts for little."""
    share = np.exp(np.array([one.log_evidence for one in samples]) - max(one.log_evidence for one in samples))
    weights = np.repeat(np.log(share), len(samples[0].at))
    return np.concatenate([one.at for one in samples])[systematic(weights, len(weights), rng)]


def disagree(samples: list[Sample]) -> bool:
    """Whether runs on the same data found different posteriors."""
    means = np.stack([one.at.mean(axis=0) for one in samples])
    return bool((np.ptp(means, axis=0) > FAR * np.mean([one.at.std(axis=0) for one in samples], axis=0)).any())


def next_heat(likelihood: np.ndarray, heat: float, left: float = LEFT) -> float:
    """The temperature at which the effective sample size is this share of the particles; 1 where more is left there."""
    low, high = 0.0, 1 - heat
    if _effective(high * likelihood) >= left:
        return 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _effective(middle * likelihood) >= left else (low, middle)
    return min(1.0, heat + max(low, LEAST_RISE))


def systematic(log_weights: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Places (count,) drawn by weight at even distances, in random order."""
    weights = np.exp(log_weights - log_weights.max())
    edges = np.cumsum(weights / weights.sum())
    marks = (rng.random() + np.arange(count)) / count
    return rng.permutation(np.minimum(np.searchsorted(edges, marks), len(weights) - 1))


def _moved(
    problem: Problem, at: np.ndarray, likelihood: np.ndarray, heat: float, stride: float, rng: np.random.Generator
) -> Generator[np.ndarray, np.ndarray, tuple[np.ndarray, np.ndarray, float]]:
    """Every particle offered one step, half of them at a time, and the share that took it."""
    at, likelihood, taken = at.copy(), likelihood.copy(), 0
    for mine, others in _halves(len(at), rng):
        offered = at[mine] + stride * _jumps(at[others], len(mine), rng)
        before, after = problem.log_prior(at[mine]), problem.log_prior(offered)
        new = np.full(len(mine), -np.inf)
        inside = np.isfinite(after)
        if inside.any():
            new[inside] = yield offered[inside]
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
