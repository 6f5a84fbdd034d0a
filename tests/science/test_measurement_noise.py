"""Measurement noise: its size, its whiteness, and the levels of one ladder."""

import numpy as np
import pytest

from headroom.core.errors import HeadroomError
from headroom.core.randomness import streams
from headroom.core.signal import Signal
from headroom.observations.published_white import PublishedWhite
from headroom.observations.standardise import Standardise
from headroom.observations.white import White


@pytest.fixture
def signal():
    values = np.cumsum(np.random.default_rng(0).standard_normal((4, 5000, 2)), axis=1) * [1.0, 20.0]
    return Signal(values=values, dt=0.1, channels=("small", "large"), unit="mV")


def test_noise_has_the_stated_sd_by_channel(signal):
    noisy = White(level=0.3).apply(signal, streams(0, "noise"))
    noise = noisy.values - signal.values
    np.testing.assert_allclose(noisy.noise_sd, 0.3 * signal.values.std(axis=(0, 1)))
    np.testing.assert_allclose(noise.std(axis=(0, 1)) / noisy.noise_sd, 1, atol=4 / np.sqrt(2 * 20_000))


def test_a_level_can_be_in_the_signals_unit_and_single_precision_stays_single(signal):
    single = Signal(signal.values.astype(np.float32), 0.1, signal.channels, "mV")
    noisy = White(level=0.2, relative=False).apply(single, streams(0, "noise"))
    np.testing.assert_array_equal(noisy.noise_sd, 0.2)
    np.testing.assert_allclose((noisy.values - single.values).std(axis=(0, 1)), 0.2, rtol=0.02)
    assert noisy.values.dtype == np.float32


def test_noise_is_white_and_independent_between_channels_and_trials(signal):
    noisy = White(level=1).apply(signal, streams(0, "noise"))
    noise = (noisy.values - signal.values) / noisy.noise_sd
    limit = 4 / np.sqrt(noise.shape[1])
    for lag in (1, 2, 7):
        assert np.abs((noise[:, lag:] * noise[:, :-lag]).mean(axis=1)).max() < limit
    assert np.abs((noise[..., 0] * noise[..., 1]).mean(axis=1)).max() < limit
    assert np.abs((noise[0] * noise[1]).mean(axis=0)).max() < limit


def test_levels_share_their_draws(signal):
    quiet, loud = (White(level=level).apply(signal, streams(0, "noise")).values - signal.values for level in (0.01, 0.5))
    np.testing.assert_allclose(loud, 50 * quiet, rtol=1e-6, atol=1e-9)


def test_a_second_noise_adds_in_quadrature_and_refers_to_the_clean_signal(signal):
    twice = White(level=0.4).apply(White(level=0.3).apply(signal, streams(0, "first")), streams(0, "second"))
    np.testing.assert_allclose(twice.noise_sd, 0.5 * signal.values.std(axis=(0, 1)))
    np.testing.assert_array_equal(twice.clean, signal.values)


def test_standardise_refuses_a_constant_channel(signal):
    constant = Signal(values=signal.values * [1.0, 0.0], dt=0.1, channels=signal.channels)
    with pytest.raises(HeadroomError, match="'large' is constant"):
        Standardise().apply(constant, streams(0, "noise"))


def test_published_noise_is_for_the_one_published_trial(signal):
    with pytest.raises(HeadroomError, match="4 trials, the published one has 1"):
        PublishedWhite().apply(signal, streams(0, "noise"))
