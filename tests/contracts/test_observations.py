"""Every sensor and noise that runs on its defaults, and on any channels: what needs a head is tested with one (test_eeg.py)."""

from dataclasses import MISSING, fields, replace

import numpy as np
import pytest

from headroom.catalog import component, kinds
from headroom.core.errors import HeadroomError
from headroom.core.protocols import ObservationStep
from headroom.core.randomness import stream, streams
from headroom.core.signal import Signal


def steps():
    for kind in kinds("observations"):
        cls = component("observations", kind)
        if not hasattr(cls, "with_lead_field") and all(
            part.default is not MISSING or part.default_factory is not MISSING for part in fields(cls)
        ):
            yield pytest.param(cls(), id=kind)


@pytest.fixture(params=steps())
def step(request):
    return request.param


def walk(trials):
    values = np.cumsum(np.random.default_rng(1).standard_normal((trials, 200, 4)), axis=1)
    return Signal(values=values, dt=0.1, channels=tuple("abcd"), unit="mV")


def several(step):
    try:
        step.apply(walk(3), streams(0, "noise"))
    except HeadroomError:
        pytest.skip("for one trial only, and says so")
    return walk(3)


def test_a_signal_comes_out_and_the_one_that_went_in_is_left_alone(step):
    signal, untouched = walk(1), walk(1)
    out = step.apply(signal, streams(0, "noise"))
    assert isinstance(step, ObservationStep) and isinstance(out, Signal)
    assert out.trials == 1 and np.isfinite(out.values).all()
    assert out.values.shape[2] == len(out.channels) and out.dt > 0
    np.testing.assert_array_equal(signal.values, untouched.values)


def test_the_same_streams_give_the_same_signal(step):
    once, again = (step.apply(walk(1), streams(0, "noise")).values for _ in range(2))
    np.testing.assert_array_equal(once, again)


def test_noise_of_a_trial_depends_on_its_own_stream_alone(step):
    signal = several(step)
    plain = step.apply(signal, streams(0, "noise")).values
    mixed = step.apply(signal, lambda trial: stream(0, "noise" if trial == 1 else "other", trial)).values
    np.testing.assert_array_equal(mixed[1], plain[1])


def test_what_an_oracle_is_told_of_the_noise_is_true(step):
    before = walk(1).with_noise(np.zeros((1, 200, 4)), np.zeros(4))
    out = step.apply(before, streams(0, "noise"))
    noise = out.values - out.clean
    np.testing.assert_allclose(noise.std(axis=(0, 1)), out.noise_sd, rtol=0.3)


def test_levels_share_their_draws_and_level_zero_adds_nothing(step):
    if not hasattr(step, "level"):
        pytest.skip("has no level")
    noise = [replace(step, level=level).apply(walk(1), streams(0, "noise")).values - walk(1).values for level in (0.0, 0.1, 0.4)]
    np.testing.assert_array_equal(noise[0], 0)
    np.testing.assert_allclose(noise[2], 4 * noise[1], rtol=1e-6, atol=1e-9)
