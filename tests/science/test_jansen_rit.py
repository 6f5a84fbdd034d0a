"""The Jansen-Rit columns against an independent solver, theory and the published regimes."""

from dataclasses import replace

import numpy as np
import pytest
from fixtures.columns import exact

from headroom.core.randomness import stream, streams
from headroom.simulators._jansen_rit_pulse import Pulse
from headroom.simulators.jansen_rit import JansenRit


def states_of(simulator, name="test"):
    return simulator.simulate(streams(0, name)).states.values


@pytest.mark.parametrize("settings", [{}, {"C": 270.0}, {"A_i": 25.0, "b_e": 90.0, "a_3": 0.3, "drive_mean": 150.0}])
def test_without_noise_the_order_is_two(settings):
    """Three halvings of the step, against DOP853 of the equations written out again."""
    simulator = JansenRit(trials=1, samples=300, dt=0.004, substeps=4, burn_in=0.0, drive_noise=0.0, **settings)
    true = exact(simulator, np.zeros(6))
    scale = true.std(axis=0)
    errors = [np.abs((states_of(replace(simulator, substeps=n))[0] - true) / scale).max() for n in (16, 32, 64, 128)]
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert (orders >= 1.9).all(), orders
    assert errors[-1] < 0.001


@pytest.mark.parametrize("pyramidal, inhibitory", [(0.0, 0.0), (0.5, 2.0)])
def test_evoked_responses_are_those_of_the_equations(pyramidal, inhibitory):
    pulse = Pulse(onset=0.2, width=0.05, period=10.0, pyramidal=pyramidal, inhibitory=inhibitory)
    simulator = JansenRit(
        trials=1, samples=600, substeps=40, burn_in=0, drive_mean=0.0, drive_noise=0.0, pulse_rate=200.0, pulse=pulse, C=128.0
    )
    found, true = states_of(simulator)[0], exact(simulator, np.zeros(6), pulsed=True)
    assert np.ptp(true[:, 1] - true[:, 2]) > 2
    assert (np.abs(found - true).max(axis=0) < 3e-4 * np.ptp(true, axis=0)).all()


def test_a_linear_column_has_the_moments_of_a_filter():
    """C = 0: y1 is white noise through a critically damped filter; var y1 = (A sigma)^2 / 4 a, var y4 = a^2 as much."""
    simulator = JansenRit(trials=600, samples=200, dt=0.05, substeps=100, burn_in=0.5, C=0.0, drive_noise=10.0)
    y1, y4 = np.moveaxis(states_of(simulator)[..., [1, 4]], -1, 0)
    variance = (3.25 * 10.0) ** 2 / (4 * 100.0)
    limit = 4 * np.sqrt(2 / y1.size)
    assert y1.var() / variance == pytest.approx(1, abs=limit)
    assert y4.var() / (variance * 100.0**2) == pytest.approx(1, abs=limit)
    assert y1.mean() == pytest.approx(3.25 / 100 * 220, abs=4 * np.sqrt(variance / y1.size))
    assert np.corrcoef(y1.ravel(), y4.ravel())[0, 1] == pytest.approx(0, abs=4 / np.sqrt(y1.size))


def paired(trials, samples, substeps, burn_in=1000):
    """y1 - y2 (2, time, trial) at steps of 1 / substeps ms and of 1 ms, on the same Brownian paths."""
    rng = stream(0, "paired")
    fine, coarse = JansenRit(substeps=substeps), JansenRit()
    gains = fine.noise_gain(), coarse.noise_gain()
    states = np.zeros((2, trials, 6))
    kept = np.empty((2, samples, trials))
    for sample in range(-burn_in, samples):
        draws = rng.standard_normal((substeps, trials, 1))
        for draw in draws:
            states[0] = fine.step(states[0]) + gains[0] * draw
        states[1] = coarse.step(states[1]) + gains[1] * draws.sum(axis=0) / np.sqrt(substeps)
        if sample >= 0:
            kept[:, sample] = states[..., 1] - states[..., 2]
    return kept


def test_mean_and_sd_at_one_millisecond_are_those_at_a_tenth_of_it():
    """Both within .5 %, their 95 % intervals over trials included."""
    kept = paired(trials=500, samples=5000, substeps=10)
    mean, variance = kept.mean(axis=1), ((kept - kept.mean(axis=(1, 2), keepdims=True)) ** 2).mean(axis=1)
    for difference, size in (((mean[1] - mean[0]), mean[0].mean()), ((variance[1] - variance[0]) / 2, variance[0].mean())):
        half_width = 1.96 * difference.std(ddof=1) / np.sqrt(len(difference))
        assert abs(difference.mean()) + half_width < 0.005 * size


def test_with_noise_the_mean_converges_at_second_order():
    def mean(substeps):
        simulator = JansenRit(trials=1024, samples=500, dt=0.016, substeps=substeps, record="eeg", precision="float32")
        return states_of(simulator, str(substeps)).mean()

    reference = mean(128)
    assert (mean(4) - reference) / (mean(8) - reference) == pytest.approx(4, abs=0.4)


def rhythm(C, drive_noise):
    """SD of y1 - y2 [mV] and the frequency of its highest peak [Hz]."""
    eeg = states_of(JansenRit(C=C, trials=10, burn_in=5.0, record="eeg", drive_noise=drive_noise))[..., 0]
    power = (np.abs(np.fft.rfft(eeg - eeg.mean(axis=1, keepdims=True), axis=1)) ** 2).mean(axis=0)
    return eeg.std(), np.fft.rfftfreq(eeg.shape[1], 0.001)[power.argmax()]


@pytest.mark.parametrize(
    "C, lowest, highest",
    [(128, 9.5, 12), (135, 10, 11.5), (270, 4.5, 5.5), (675, 2.5, 3.3)],
)
def test_rhythms_of_jansen_and_rit(C, lowest, highest):
    """Their figure 3: alpha at C = 128 and 135, slower and larger with more synapses."""
    sd, peak = rhythm(C, 1.83)
    assert lowest < peak < highest
    assert (sd < 2) == (C < 200)


@pytest.mark.parametrize("C", [68, 1350])
def test_noise_about_a_fixed_point(C):
    """At their lowest and highest C nothing is left without noise, and what there is follows its size."""
    assert rhythm(C, 0.0)[0] < 1e-6
    assert rhythm(C, 1.0)[0] / rhythm(C, 0.5)[0] == pytest.approx(2, abs=0.1)


def test_only_noise_of_one_dimension_separates_the_step_from_the_recording():
    """y(t + h) = step(y(t)) + noise_gain() xi, with xi standard normal and white."""
    simulator = JansenRit(trials=8, samples=3000, drive_noise=22.0)
    values = states_of(simulator)
    left = values[:, 1:] - simulator.step(values[:, :-1])
    xi = left @ simulator.noise_gain() / (simulator.noise_gain() ** 2).sum()
    np.testing.assert_allclose(left, xi[..., None] * simulator.noise_gain(), atol=1e-7)
    assert xi.mean() == pytest.approx(0, abs=4 / np.sqrt(xi.size)) and xi.std() == pytest.approx(1, abs=4 / np.sqrt(2 * xi.size))
    assert np.abs((xi[:, 1:] * xi[:, :-1]).mean()) < 4 / np.sqrt(xi.size)


def test_columns_at_strong_noise_go_into_slow_cycles():
    """The intensity that "uniform 120 to 320" has when it is held for much longer than 1 ms: another rhythm altogether."""
    sd, peak = rhythm(135.0, 22.0)
    assert 4.5 < peak < 6.5 and sd > 3
