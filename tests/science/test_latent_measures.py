"""Measures of trajectories against systems whose values are known: cycle, torus, noise, Henon and Lorenz."""

import numpy as np
import pytest
from numba import njit

from headroom.analyses._latent_correlation_dimension import correlation_dimension, pair_distances
from headroom.analyses._latent_divergence import divergence_rate
from headroom.analyses._latent_lyapunov import growth
from headroom.analyses._latent_participation import participation_ratio
from headroom.analyses._latent_recurrence import determinism
from headroom.analyses._latent_series import mean_period, surrogate
from headroom.analyses.lyapunov_exponents import LyapunovExponents, exponents
from headroom.core.randomness import stream
from headroom.simulators.jansen_rit import JansenRit
from headroom.simulators.kuramoto import Kuramoto


@njit
def henon(state, coefficients, pulse, after, jacobian):
    after[0], after[1] = 1 - 1.4 * state[0] ** 2 + state[1], 0.3 * state[0]
    jacobian[0, 0], jacobian[0, 1], jacobian[1, 0], jacobian[1, 1] = -2.8 * state[0], 1.0, 0.3, 0.0


@njit
def field(state, slope):
    slope[0], slope[1] = 10 * (state[1] - state[0]), state[0] * (28 - state[2]) - state[1]
    slope[2] = state[0] * state[1] - 8 / 3 * state[2]


@njit
def tangent(state, gap, slope):
    slope[0] = 10 * (gap[1] - gap[0])
    slope[1] = (28 - state[2]) * gap[0] - gap[1] - state[0] * gap[2]
    slope[2] = state[1] * gap[0] + state[0] * gap[1] - 8 / 3 * gap[2]


@njit
def lorenz(state, coefficients, pulse, after, jacobian):
    """Runge and Kutta's step of .01, and its derivative column by column."""
    h, share = 0.01, (0.0, 0.5, 0.5, 1.0)
    weight = (1 / 6, 1 / 3, 1 / 3, 1 / 6)
    points, slopes = np.empty((4, 3)), np.zeros((4, 3))
    for i in range(3):
        after[i] = state[i]
    for stage in range(4):
        for i in range(3):
            points[stage, i] = state[i] + (h * share[stage] * slopes[stage - 1, i] if stage else 0.0)
        field(points[stage], slopes[stage])
        for i in range(3):
            after[i] += h * weight[stage] * slopes[stage, i]
    gap, turned = np.empty(3), np.zeros((4, 3))
    for column in range(3):
        for i in range(3):
            jacobian[i, column] = 1.0 if i == column else 0.0
        for stage in range(4):
            for i in range(3):
                gap[i] = (1.0 if i == column else 0.0) + (h * share[stage] * turned[stage - 1, i] if stage else 0.0)
            tangent(points[stage], gap, turned[stage])
            for i in range(3):
                jacobian[i, column] += h * weight[stage] * turned[stage, i]


@njit
def path(move, start, steps, every):
    """Points (steps, state), each `every` steps of the map after the other."""
    state, size = start.copy(), len(start)
    after, jacobian, kept = np.empty(size), np.empty((size, size)), np.empty((steps, size))
    for step in range(steps):
        for _ in range(every):
            move(state, after, 0.0, after, jacobian)
            state[:] = after
        kept[step] = state
    return kept


def known(name, points):
    """A trajectory (time, channel) of a system."""
    time = np.arange(points) * 0.33
    if name == "henon":
        return path(henon, np.array([0.1, 0.1]), points + 100, 1)[100:]
    if name == "lorenz":
        return path(lorenz, np.array([1.0, 1.0, 20.0]), points + 100, 5)[100:]
    if name == "noise":
        return stream(0, "noise").standard_normal((points, 3))
    turning = [time + stream(0, "cycle").standard_normal(points)]
    if name == "torus":
        turning.append(time * np.sqrt(0.2))
    return np.column_stack([wave(angle) for angle in turning for wave in (np.cos, np.sin)])


def period(series):
    return max(1, round(mean_period(series)))


@pytest.mark.parametrize("name, dimension", [("cycle", 1.0), ("torus", 2.0), ("henon", 1.22), ("lorenz", 2.05), ("noise", 3.0)])
@pytest.mark.parametrize("points", [400, 1500])
def test_correlation_dimensions(name, dimension, points):
    """Henon and Lorenz as Grassberger and Procaccia (1983) found them."""
    series = known(name, points)
    assert correlation_dimension(series, period(series)) == pytest.approx(dimension, rel=0.05 if points > 400 else 0.12)


def test_surrogates_keep_the_correlations_and_lose_the_attractor():
    series, rng = known("lorenz", 1500), stream(0, "surrogates")
    others = [surrogate(series, rng) for _ in range(5)]
    for other in others:
        np.testing.assert_allclose(np.cov(other.T), np.cov(series.T), rtol=1e-9)
        np.testing.assert_allclose(np.abs(np.fft.rfft(other, axis=0)), np.abs(np.fft.rfft(series, axis=0)), atol=1e-6)
        assert participation_ratio(other) == pytest.approx(participation_ratio(series))
    window = period(series)
    assert correlation_dimension(series, window) < min(correlation_dimension(other, window) for other in others) - 0.3
    assert determinism(series, window) > max(determinism(other, window) for other in others) + 0.3


def test_surrogates_of_noise_are_like_it():
    series, rng = known("noise", 400), stream(0, "surrogates")
    others = [surrogate(series, rng) for _ in range(19)]
    for measure in (correlation_dimension, determinism):
        values = [measure(other, period(series)) for other in others]
        assert abs(measure(series, period(series)) - np.mean(values)) < 4 * np.std(values, ddof=1)


def test_pairs_that_are_close_in_time_do_not_count():
    """A slow random walk is a curve to whoever counts them."""
    walk = np.cumsum(stream(0, "walk").standard_normal((600, 3)), axis=0)
    assert len(pair_distances(walk, 50)) == 549 * 550 // 2
    assert correlation_dimension(walk, 0) < correlation_dimension(walk, 100)


@pytest.mark.parametrize("spread, ratio", [((1, 1, 1), 3.0), ((1, 0, 0), 1.0)])
def test_participation_of_independent_and_of_equal_channels(spread, ratio):
    draws = stream(0, "draws").standard_normal((20_000, 3))
    series = draws if all(spread) else draws[:, :1] * np.array([1.0, -2.0, 30.0])
    assert participation_ratio(series) == pytest.approx(ratio, abs=0.01)
    assert participation_ratio(series * [1, 1e3, 1e-3]) == pytest.approx(ratio, abs=0.01)


def test_a_cycle_is_deterministic_and_noise_is_not():
    angle = 0.33 * np.arange(400)
    assert determinism(np.column_stack([np.cos(angle), np.sin(angle)]), 19) > 0.95
    assert determinism(known("noise", 400), 3) < 0.01
    assert np.isnan(determinism(np.ones((50, 2)), 3)) and np.isnan(correlation_dimension(np.ones((50, 2)), 3))


def test_neighbours_part_at_about_the_exponent():
    series = known("lorenz", 1500)
    assert divergence_rate(series, 0.05, period(series), 40) == pytest.approx(0.906, rel=0.25)
    angles = np.arange(400)[:, None] * np.array([0.33, 0.33 * np.sqrt(0.2)])
    assert abs(divergence_rate(np.column_stack([np.cos(angles), np.sin(angles)]), 0.05, 28, 14)) < 0.2


@pytest.mark.parametrize("move, start, rate, dt", [(henon, (0.1, 0.1), 0.419, 1), (lorenz, (1.0, 1.0, 20.0), 0.906, 0.01)])
def test_exponents_of_henon_and_lorenz(move, start, rate, dt):
    steps = 300_000
    found = growth(move, np.zeros(1), np.array(start), np.zeros((steps, len(start))), np.zeros(steps), 2000) / dt
    assert found == pytest.approx(rate, rel=0.01)


@pytest.mark.parametrize("C, low, high", [(135.0, -0.1, 0.1), (270.0, -0.1, 0.1), (68.0, -40, -20), (1350.0, -60, -30)])
def test_exponents_of_columns_without_noise(C, low, high):
    """0 on the limit cycles of Jansen and Rit's figure 3, below it at the fixed points."""
    found = exponents(JansenRit(C=C, burn_in=5.0), 0.0, 0)
    assert low < found.mean() < high and np.ptp(found) < 0.3


def test_at_the_fixed_point_it_is_the_largest_eigenvalue():
    simulator = JansenRit(C=68.0, trials=1, samples=2, burn_in=10.0, drive_noise=0.0)
    state = simulator.simulate(stream).states.values[0, -1]
    after, jacobian = np.empty(6), np.empty((6, 6))
    simulator.linearised()(state, simulator.coefficients(), 0.0, after, jacobian)
    slowest = np.log(np.abs(np.linalg.eigvals(jacobian)).max()) / simulator.dt
    assert exponents(simulator, 0.0, 0).mean() == pytest.approx(slowest, abs=0.02)


def test_noise_makes_no_chaos_of_the_alpha_rhythm():
    table = LyapunovExponents().compute_systems({"column": JansenRit(), "rings": Kuramoto()}, stream(0))
    assert list(table["system"]) == ["column", "column"]
    quiet, noisy = table["exponent"]
    assert abs(quiet) < 0.1 and noisy < -0.2 and table["high"].iloc[1] < 0
