"""Sensors that see some channels, or one against another."""

import numpy as np
import pytest

from headroom.core.errors import HeadroomError
from headroom.core.randomness import streams
from headroom.core.signal import Signal
from headroom.observations.channels import Channels
from headroom.observations.difference import Difference
from headroom.observations.white import White


@pytest.fixture
def signal():
    values = np.random.default_rng(0).standard_normal((2, 400, 4)) * [1.0, 5.0, 10.0, 2.0]
    return Signal(values, 0.001, ("y0", "y1", "y2", "y3"), "mV (y3: mV/s)")


@pytest.fixture
def noisy(signal):
    return White(level=0.3).apply(signal, streams(0, "noise"))


def test_channels_by_name_in_the_order_asked_for(noisy):
    seen = Channels(names=("y2", "y0"), unit="mV").apply(noisy, streams(0))
    assert (seen.channels, seen.unit, seen.dt) == (("y2", "y0"), "mV", noisy.dt)
    np.testing.assert_array_equal(seen.values, noisy.values[..., [2, 0]])
    np.testing.assert_array_equal(seen.clean, noisy.clean[..., [2, 0]])
    np.testing.assert_array_equal(seen.noise_sd, noisy.noise_sd[[2, 0]])


def test_a_signal_without_noise_stays_one(signal):
    for sensor in (Channels(names=("y1",)), Difference(plus="y1", minus="y2")):
        seen = sensor.apply(signal, streams(0))
        assert seen.clean is None and seen.noise_sd is None and seen.unit == signal.unit


def test_difference_and_what_is_known_of_its_noise(noisy):
    seen = Difference(plus="y1", minus="y2", unit="mV").apply(noisy, streams(0))
    assert (seen.channels, seen.unit) == (("y1 - y2",), "mV")
    np.testing.assert_array_equal(seen.values[..., 0], noisy.values[..., 1] - noisy.values[..., 2])
    np.testing.assert_array_equal(seen.clean[..., 0], noisy.clean[..., 1] - noisy.clean[..., 2])
    assert (seen.values - seen.clean).std() == pytest.approx(seen.noise_sd[0], rel=0.1)
    assert Difference(plus="y1", minus="y2", name="eeg").apply(noisy, streams(0)).channels == ("eeg",)


def test_noise_after_a_sensor_is_relative_to_what_it_sees(signal):
    """The ladder of hidden_states: a percentage of each observed channel's SD."""
    seen = White(level=0.5).apply(Channels(names=("y2",)).apply(signal, streams(0)), streams(0, "noise"))
    np.testing.assert_allclose(seen.noise_sd, 0.5 * signal.values[..., 2].std())


@pytest.mark.parametrize("sensor", [Channels(names=("y0", "x9")), Difference(plus="x9", minus="y0")])
def test_an_unknown_channel_is_named(signal, sensor):
    with pytest.raises(HeadroomError, match=r"found no channel 'x9'; expected .* y0, y1, y2, y3"):
        sensor.apply(signal, streams(0))


def test_a_channel_twice_is_refused():
    assert Channels(names=("y0", "y1", "y0")).problems() == ["names: found y0 more than once; expected each channel once"]
