"""Calcium fluorescence and its deconvolution: the kernel, the minimum that OASIS finds, and what is known when."""

from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import nnls

from headroom.core.randomness import streams
from headroom.core.signal import Signal
from headroom.observations.calcium import Calcium
from headroom.observations.deconvolve import Deconvolve
from headroom.observations.white import White

DT = 1 / 30
DECAY = np.exp(-DT / 0.6)


def signal(values, **beside):
    values = np.asarray(values, float)
    return Signal(values, DT, tuple(f"neuron {number}" for number in range(values.shape[2])), **beside)


def spikes(samples=400, channels=5, seed=0):
    return np.random.default_rng(seed).poisson(0.1, (1, samples, channels)).astype(float)


def fluorescence(level=0.3, samples=400, channels=5):
    clean = Calcium().apply(signal(spikes(samples, channels)), streams(0, "sensor"))
    return White(level=level, relative=False).apply(clean, streams(0, "noise"))


def deconvolved(traced, **changes):
    return Deconvolve(**changes).apply(traced, streams(0, "step")).values


def test_a_spike_rises_and_decays_with_the_stated_times_and_peaks_at_one():
    one = np.zeros((1, 200, 1))
    one[0, 20] = 1
    seen = Calcium().apply(signal(one), streams(0, "sensor"))
    trace = seen.values[0, :, 0]
    ages = np.arange(1, 181) * DT
    shape = np.exp(-ages / 0.6) - np.exp(-ages / 0.08)
    np.testing.assert_array_equal(trace[:20], 0)
    np.testing.assert_allclose(trace[20:], shape / shape.max(), atol=1e-12)
    np.testing.assert_allclose(Calcium().kernel(DT, 180), trace[20:], atol=1e-12)
    assert trace.max() == pytest.approx(1) and seen.unit == "dF/F"


@pytest.mark.parametrize("times", [(0.001, 0.6), (0.08, 0.0801), (0.5, 30.0)])
def test_the_peak_is_one_whatever_the_time_constants(times):
    assert Calcium(rise=times[0], decay=times[1]).kernel(DT, 4000).max() == pytest.approx(1)


def test_fluorescence_adds_up_and_single_precision_stays_single():
    one, two = spikes(seed=1), spikes(seed=2)
    see = lambda values: Calcium().apply(signal(values), streams(0, "sensor")).values  # noqa: E731
    np.testing.assert_allclose(see(one + two), see(one) + see(two), atol=1e-12)
    single = Signal(one.astype(np.float32), DT, signal(one).channels)
    assert Calcium().apply(single, streams(0, "sensor")).values.dtype == np.float32


def test_noise_that_came_before_is_filtered_and_its_sd_is_right():
    noisy = White(level=0.5, relative=False).apply(signal(spikes(20_000, 2)), streams(0, "noise"))
    seen = Calcium().apply(noisy, streams(0, "sensor"))
    np.testing.assert_allclose((seen.values - seen.clean)[:, 500:].std(axis=(0, 1)), seen.noise_sd, rtol=0.05)


def test_a_rise_slower_than_the_decay_is_refused():
    assert Calcium(rise=0.7).problems() == ["rise: found 0.7 s; expected below decay, 0.6 s"]
    assert Calcium().problems() == []


def test_spikes_without_noise_come_back():
    made = spikes()
    made[:, 0] = 0
    calcium = np.zeros_like(made)
    for time in range(1, made.shape[1]):
        calcium[:, time] = DECAY * calcium[:, time - 1] + made[:, time]
    for lag in (None, 0, 3):
        np.testing.assert_allclose(deconvolved(signal(calcium + 2), baseline=2.0, lag=lag), made, atol=1e-9)


@pytest.mark.parametrize("penalty", [0.0, 0.3])
def test_it_is_the_minimum_that_non_negative_least_squares_finds(penalty):
    """|K s - (F - p)|^2 / 2 has the same minimum, as K' p = penalty has a solution p."""
    traced = fluorescence(samples=120)
    kernel = np.tril(DECAY ** np.subtract.outer(np.arange(120), np.arange(120)).clip(0))
    moved = np.linalg.solve(kernel.T, np.full(120, penalty))
    found = deconvolved(traced, penalty=penalty, lag=None)[0].T
    wanted = np.stack([nnls(kernel, trace - moved, maxiter=2000)[0] for trace in traced.values[0].T])
    np.testing.assert_allclose(found[:, 1:], wanted[:, 1:], atol=1e-6)
    np.testing.assert_array_equal(found[:, 0], 0)


PUBLISHED = Path(__file__).parents[1] / "fixtures" / "oasis_deconv.npz"
"""What oasis-deconv 0.3.2 (PyPI), `oasisAR1(trace, decay, penalty)[1]`, says of three traces: arrays trace (trace, time), decay, penalty
(penalty,) and spikes (trace, penalty, time)."""


@pytest.mark.parametrize("number", [0, 1, 2])
def test_it_agrees_with_the_published_package(number):
    with np.load(PUBLISHED) as stored:
        traces, decay, penalty, wanted = (stored[name] for name in ("trace", "decay", "penalty", "spikes"))
    traced = Signal(traces.T[None], DT, ("a", "b", "c"))
    found = deconvolved(traced, penalty=float(penalty[number]), decay=float(-DT / np.log(decay)), lag=None)[0].T
    assert wanted[:, number].sum() > 50, "there are spikes to find"
    np.testing.assert_allclose(found, wanted[:, number], atol=1e-6)


@pytest.mark.parametrize("penalty", [0.0, 0.2, 1.0])
def test_it_agrees_with_the_published_package_of_today(penalty):
    methods = pytest.importorskip("oasis.oasis_methods", reason="oasis-deconv is not installed")
    traced = fluorescence(samples=2000, channels=8)
    wanted = np.stack([methods.oasisAR1(trace, DECAY, penalty)[1] for trace in traced.values[0].T], axis=1)
    np.testing.assert_allclose(deconvolved(traced, penalty=penalty, lag=None)[0], wanted, atol=1e-6)


@pytest.mark.parametrize("lag", [0, 1, 5])
def test_an_estimate_rests_on_no_more_later_frames_than_the_lag(lag):
    traced, cut = fluorescence(), 250
    values = traced.values.copy()
    values[:, cut:] = np.random.default_rng(3).normal(0, 5, values[:, cut:].shape)
    before, after = deconvolved(traced, lag=lag), deconvolved(signal(values), lag=lag)
    np.testing.assert_array_equal(before[:, : cut - lag], after[:, : cut - lag])
    assert (before[:, cut - lag] != after[:, cut - lag]).any()


def test_the_whole_recording_does_look_ahead():
    """What the causal default is for: the usual deconvolution tells of frames to come."""
    traced, cut = fluorescence(), 250
    values = traced.values.copy()
    values[:, cut:] -= 3
    before, after = deconvolved(traced, lag=None), deconvolved(signal(values), lag=None)
    assert (before[:, cut - 20 : cut] != after[:, cut - 20 : cut]).any()


def test_a_lag_as_long_as_the_recording_is_the_whole_of_it():
    traced = fluorescence()
    np.testing.assert_allclose(deconvolved(traced, lag=399), deconvolved(traced, lag=None), atol=1e-12)
    np.testing.assert_allclose(deconvolved(traced, lag=10_000), deconvolved(traced, lag=None), atol=1e-12)


def test_more_frames_bring_the_estimate_closer_to_the_spikes():
    made, traced = spikes(4000), fluorescence(0.3, 4000)
    near = [np.corrcoef(deconvolved(traced, lag=lag)[0, :, 0], made[0, :, 0])[0, 1] for lag in (0, 2, None)]
    assert 0.2 < near[0] < near[1] and near[0] < near[2]


def test_clean_values_are_deconvolved_too():
    traced = fluorescence(0.3)
    out = Deconvolve().apply(traced, streams(0, "step"))
    np.testing.assert_array_equal(out.clean, deconvolved(signal(traced.clean)))
    np.testing.assert_allclose(out.noise_sd, (out.values - out.clean).std(axis=(0, 1)))
    bare = Deconvolve().apply(signal(traced.values), streams(0, "step"))
    assert bare.clean is None and bare.noise_sd is None
