"""Posteriors of parameters against exact answers: a conjugate normal case, a product that is all that is known, whitened noise."""

import numpy as np
import pytest

from headroom.ceilings._exchange import exchanged, limits, means_given_product
from headroom.ceilings._tempered import Problem, Sample, joined, sampled, systematic, together
from headroom.ceilings._whitening import leading, whitening
from headroom.core.differences import log_derivatives
from headroom.core.prior import Prior

PAIR = ("A_i", "a_4")
RANGES = {"A_i": (17.6, 110.0), "a_4": (0.125, 0.375)}
WIDE = 50.0


def sample(draw, log_prior, log_likelihood, particles, moves, seed):
    """One run of the sampler, from four draws of the prior to a particle."""
    rng = np.random.default_rng(seed)
    drawn = draw(4 * particles, rng)
    run = sampled(Problem(log_prior), drawn, log_likelihood(drawn), particles, moves, rng)
    return together([run], lambda at, owner: log_likelihood(at))[0]


def prior(drawn="uniform"):
    return Prior.within(RANGES, PAIR, drawn)


def linear(size=4, seed=0):
    """y = design x + noise with a flat prior so wide that the posterior is normal: the problem, its mean, covariance, log evidence."""
    rng = np.random.default_rng(seed)
    design = rng.standard_normal((20, size)) * np.geomspace(1, 50, size)
    seen = design @ rng.uniform(2, 4, size) + rng.standard_normal(20)
    covariance = np.linalg.inv(design.T @ design)
    mean = covariance @ design.T @ seen
    problem = (
        lambda count, draws: draws.uniform(-WIDE, WIDE, (count, size)),
        lambda at: np.where((np.abs(at) < WIDE).all(axis=1), 0.0, -np.inf),
        lambda at: -0.5 * ((seen - at @ design.T) ** 2).sum(axis=1),
    )
    best = -0.5 * ((seen - design @ mean) ** 2).sum()
    return problem, mean, covariance, best + 0.5 * np.linalg.slogdet(2 * np.pi * covariance)[1] - size * np.log(2 * WIDE)


@pytest.fixture(scope="module")
def runs():
    return [sample(*linear()[0], 512, 6, seed) for seed in range(8)]


def test_the_sampler_finds_mean_and_covariance_of_a_normal_posterior(runs):
    _, mean, covariance, _ = linear()
    axes = np.linalg.inv(np.linalg.cholesky(covariance))
    standard = np.stack([(run.at - mean) @ axes.T for run in runs])  # (run, particle, coordinate): normal and independent
    error = standard.mean(axis=1)
    assert np.abs(error.mean(axis=0)).max() < 0.06 and np.abs(error).max() < 0.25
    found = np.mean([np.cov(one.T) for one in standard], axis=0)
    np.testing.assert_allclose(found, np.eye(4), atol=0.1)


def test_its_evidence_is_the_integral_of_the_likelihood(runs):
    assert np.mean([run.log_evidence for run in runs]) == pytest.approx(linear()[3], abs=0.3)


def test_a_posterior_that_the_box_cuts_off():
    from scipy.stats import truncnorm

    problem = (
        lambda count, draws: draws.uniform(0, 1, (count, 1)),
        lambda at: np.where((at[:, 0] > 0) & (at[:, 0] < 1), 0.0, -np.inf),
        lambda at: -0.5 * ((at[:, 0] + 0.1) / 0.2) ** 2,
    )
    found = np.concatenate([sample(*problem, 1000, 5, seed).at[:, 0] for seed in range(4)])
    exact = truncnorm(0.5, 5.5, -0.1, 0.2)
    assert found.mean() == pytest.approx(exact.mean(), abs=4 * exact.std() / np.sqrt(1000))
    assert found.std() == pytest.approx(exact.std(), rel=0.08)


def test_two_far_modes_keep_their_weights():
    problem = (
        lambda count, draws: draws.uniform(-10, 10, (count, 1)),
        lambda at: np.where(np.abs(at[:, 0]) < 10, 0.0, -np.inf),
        lambda at: np.logaddexp(np.log(0.25) - 50 * (at[:, 0] + 5) ** 2, np.log(0.75) - 50 * (at[:, 0] - 5) ** 2),
    )
    shares = [(sample(*problem, 2000, 4, seed).at[:, 0] > 0).mean() for seed in range(6)]
    assert np.mean(shares) == pytest.approx(0.75, abs=0.05)


def test_a_run_that_lost_the_mode_counts_by_its_evidence():
    kept = joined([Sample(np.zeros((400, 1)), 0.0, 1, 0.3), Sample(np.ones((400, 1)), np.log(3), 1, 0.3)], np.random.default_rng(0))
    assert kept.shape == (800, 1) and kept.mean() == pytest.approx(0.75, abs=0.06)


def test_a_run_is_the_same_alone_and_beside_others():
    draw, log_prior, log_likelihood = linear()[0]

    def runs(count):
        streams = [np.random.default_rng(seed) for seed in range(count)]
        starts = [draw(100, stream) for stream in streams]
        return [sampled(Problem(log_prior), at, log_likelihood(at), 64, 2, stream) for at, stream in zip(starts, streams, strict=True)]

    (alone,) = together(runs(1), lambda at, owner: log_likelihood(at))
    several = together(runs(3), lambda at, owner: log_likelihood(at))
    assert len({one.stages for one in several} | {one.log_evidence for one in several}) > 1
    np.testing.assert_allclose(several[0].at, alone.at)


def test_weighted_places_are_drawn_at_even_distances():
    places = systematic(np.log([0.5, 0.25, 0.125, 0.125]), 4, np.random.default_rng(0))
    assert sorted(places) in ([0, 0, 1, 2], [0, 0, 1, 3], [0, 0, 1, 1])


def test_the_limit_of_even_priors_is_that_of_a_log_uniform_variable():
    low, high = limits(prior().margin("A_i"), prior().margin("a_4"), np.array([5.0, 12.0, 30.0]))
    means = means_given_product(prior().margin("A_i"), prior().margin("a_4"), np.array([5.0, 12.0, 30.0]))
    np.testing.assert_allclose(means[:, 0], (np.exp(high) - np.exp(low)) / (high - low), rtol=1e-9)


def test_what_a_product_tells_of_its_factors():
    """R2 of A_i and a_4 from A_i a_4 alone: .694 and .326 in the study's sources, from simulated draws."""
    drawn = prior().draw(200_000, np.random.default_rng(0))
    point = means_given_product(prior().margin("A_i"), prior().margin("a_4"), drawn.prod(axis=1))
    r2 = 1 - ((drawn - point) ** 2).mean(axis=0) / drawn.var(axis=0)
    np.testing.assert_allclose(r2, [0.693, 0.326], atol=0.004)


@pytest.mark.parametrize("drawn", ["uniform", "normal"])
def test_the_conditional_mean_beats_its_neighbours_in_every_bin_of_the_product(drawn):
    one = prior(drawn)
    parameters = one.draw(200_000, np.random.default_rng(1))
    point = means_given_product(one.margin("A_i"), one.margin("a_4"), parameters.prod(axis=1))
    order = np.argsort(parameters.prod(axis=1)).reshape(20, -1)
    rest = (parameters - point)[order].mean(axis=1) / parameters.std(axis=0)
    assert np.abs(rest).max() < 0.04


@pytest.mark.parametrize("drawn", ["uniform", "normal"])
def test_the_exchange_keeps_product_and_prior(drawn):
    one = prior(drawn)
    before = one.draw(20_000, np.random.default_rng(2))
    after = exchanged(one, PAIR, before, np.random.default_rng(3))
    np.testing.assert_allclose(after.prod(axis=1), before.prod(axis=1), rtol=1e-12)
    assert np.isfinite(one.log_density(after)).all() and (after != before).any(axis=1).mean() > 0.6
    for name in ("mean", "var"):
        np.testing.assert_allclose(getattr(after, name)(axis=0), getattr(before, name)(axis=0), rtol=0.03)


@pytest.mark.parametrize("drawn", ["uniform", "normal"])
def test_moments_of_the_prior_are_those_of_its_draws(drawn):
    draws = prior(drawn).draw(200_000, np.random.default_rng(4))
    np.testing.assert_allclose(draws.mean(axis=0), prior(drawn).mean, rtol=0.005)
    np.testing.assert_allclose(draws.var(axis=0), prior(drawn).variance, rtol=0.02)


def test_whitened_noise_is_white_also_where_a_baseline_was_taken_off():
    rng = np.random.default_rng(5)
    root = rng.standard_normal((30, 30))
    baseline = np.eye(30) - np.r_[np.full(10, 0.1), np.zeros(20)]  # x minus its mean over the first ten samples
    covariance = baseline @ root @ root.T @ baseline.T
    weights = whitening(covariance)
    assert weights.shape == (30, 29)
    np.testing.assert_allclose(weights.T @ covariance @ weights, np.eye(29), atol=1e-8)


def test_the_leading_directions_lose_no_more_than_is_allowed():
    rng = np.random.default_rng(6)
    signals = rng.standard_normal((500, 20)) * np.geomspace(10, 1e-3, 20) + 3
    mean, axes = leading(signals, dropped=0.01)
    lost = ((signals - mean) ** 2).sum(axis=1).mean() - (((signals - mean) @ axes) ** 2).sum(axis=1).mean()
    assert axes.shape[1] < 20 and 0 < lost <= 0.01
    fewer = ((signals - mean) ** 2).sum(axis=1).mean() - (((signals - mean) @ axes[:, :-1]) ** 2).sum(axis=1).mean()
    assert fewer > 0.01


def test_derivatives_of_a_known_function():
    at = np.random.default_rng(7).uniform(1, 2, (5, 3))
    found = log_derivatives(lambda p: np.stack([p[:, 0] ** 2 * p[:, 1], np.sin(p[:, 2])], axis=1), at)
    exact = np.zeros((5, 3, 2))
    exact[:, 0, 0], exact[:, 1, 0] = 2 * at[:, 0] ** 2 * at[:, 1], at[:, 0] ** 2 * at[:, 1]
    exact[:, 2, 1] = at[:, 2] * np.cos(at[:, 2])
    np.testing.assert_allclose(found, exact, atol=1e-5)
