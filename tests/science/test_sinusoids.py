"""The sinusoids against the published recipe and closed forms."""

import numpy as np
import pytest

from headroom.core.randomness import streams
from headroom.observations.published_white import PublishedWhite
from headroom.observations.standardise import Standardise
from headroom.simulators.sinusoids import Sinusoids

PUBLISHED = Sinusoids(trials=1, samples=3000, dt=60 / 2999, mixing="in_place", published_seed=0)


def published_recipe():
    """The study's published data set, written from its description alone."""
    rng = np.random.default_rng(0)
    t = np.linspace(0, 60, 3000)
    phases = rng.uniform(0, 2 * np.pi, 5)
    x = np.array([np.sin(w * t + p) for w, p in zip(np.linspace(0.5, 1.5, 5), phases, strict=True)])
    for k in range(5):
        if k > 0:
            x[k] += 0.2 * x[k - 1]
        if k < 4:
            x[k] += 0.2 * x[k + 1]
    noisy = x.T + 0.05 * rng.normal(size=(3000, 5))
    return (noisy - noisy.mean(axis=0)) / noisy.std(axis=0)


def test_published_data_are_reproduced():
    signal = PUBLISHED.simulate(streams(1, "unused")).states
    for step in (PublishedWhite(), Standardise()):
        signal = step.apply(signal, streams(1, "unused"))
    np.testing.assert_allclose(signal.values[0], published_recipe(), rtol=0, atol=1e-12)


def test_published_noise_travels_through_the_z_score():
    recording = PUBLISHED.simulate(streams(1, "unused"))
    noisy = PublishedWhite().apply(recording.states, streams(1, "unused"))
    scaled = Standardise().apply(noisy, streams(1, "unused"))
    spread = noisy.values.std(axis=(0, 1))
    np.testing.assert_allclose(scaled.noise_sd, 0.05 / spread)
    np.testing.assert_allclose(scaled.values - scaled.clean, (noisy.values - noisy.clean) / spread, atol=1e-13)


def test_in_place_mixing_by_hand():
    np.testing.assert_allclose(PUBLISHED.mixing_matrix()[:3, :4], [[1, 0.2, 0, 0], [0.2, 1.04, 0.2, 0], [0.04, 0.208, 1.04, 0.2]])


def test_symmetric_mixing_is_symmetric_and_tridiagonal():
    matrix = Sinusoids(frequencies=(1.0, 2.0, 3.0), coupling=0.3).mixing_matrix()
    np.testing.assert_array_equal(matrix, [[1, 0.3, 0], [0.3, 1, 0.3], [0, 0.3, 1]])


def test_persistence_has_its_closed_form():
    """R2 = 1 - 2 sum M^2 (1 - cos(omega dt)) / sum M^2 for uniform phases; about .7 by design."""
    simulator = Sinusoids(trials=100)
    x = simulator.simulate(streams(0, "persistence")).states.values
    measured = 1 - ((x[:, 1:] - x[:, :-1]) ** 2).mean() / x.var()
    power = simulator.mixing_matrix() ** 2
    expected = 1 - 2 * (power * (1 - np.cos(np.multiply(simulator.frequencies, simulator.dt)))).sum() / power.sum()
    assert measured == pytest.approx(expected, abs=0.005)
    assert 0.65 < expected < 0.8


def test_frequency_shift_keeps_the_phase_and_changes_the_slope():
    simulator = Sinusoids(frequency_shift=0.1, shift_at=0.8)
    angle = simulator.advance()
    slope = np.diff(angle, axis=0) / simulator.dt
    np.testing.assert_allclose(slope[:800], np.tile(simulator.frequencies, (800, 1)))
    np.testing.assert_allclose(slope[800:], 1.1 * np.tile(simulator.frequencies, (199, 1)))
    plain = Sinusoids().simulate(streams(3, "shift")).states.values
    shifted = simulator.simulate(streams(3, "shift")).states.values
    np.testing.assert_array_equal(shifted[:, :801], plain[:, :801])
    assert np.abs(shifted[:, 810:] - plain[:, 810:]).max() > 0.5


def test_several_trials_cannot_share_the_published_phases():
    assert "set trials: 1" in Sinusoids(trials=3, published_seed=0).problems()[0]
    assert PUBLISHED.problems() == []
