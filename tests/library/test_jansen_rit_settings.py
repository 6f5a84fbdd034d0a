"""Jansen-Rit columns: whose noise and parameters each has, and what is kept of it."""

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from headroom.core.errors import HeadroomError
from headroom.core.randomness import stream, streams
from headroom.simulators._jansen_rit_pulse import Pulse
from headroom.simulators.jansen_rit import JansenRit

SHORT = JansenRit(trials=3, samples=200, burn_in=0.1)
RANGES = {"b_i": (25.0, 75.0), "A_e": (2.6, 9.75), "drive_noise": (0.0, 30.0)}


def simulate(simulator, name="test"):
    return simulator.simulate(streams(0, name))


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_trial_has_the_same_bits_in_any_company(precision):
    """More trials than fit into one block of lanes, against few, against a trial that stands elsewhere."""
    simulator = replace(SHORT, precision=precision, ranges=RANGES)
    many = simulate(replace(simulator, trials=150)).states.values
    np.testing.assert_array_equal(simulate(simulator).states.values, many[:3])
    moved = replace(simulator, trials=1).simulate(lambda trial: stream(0, "test", trial + 137)).states.values
    np.testing.assert_array_equal(moved[0], many[137])


PRINTED = """
import hashlib
from headroom.core.randomness import streams
from headroom.simulators.jansen_rit import JansenRit
print(hashlib.sha256(JansenRit(trials=70, samples=200, burn_in=0.1).simulate(streams(0, "test")).states.values.tobytes()).hexdigest())
"""


def test_columns_have_the_same_bits_on_any_number_of_cores():
    """In four threads at once, and in a process that is told of another number of them."""
    alone = simulate(replace(SHORT, trials=70)).states.values
    with ThreadPoolExecutor(4) as pool:
        beside = list(pool.map(lambda _: simulate(replace(SHORT, trials=70)).states.values, range(8)))
    for other in beside:
        np.testing.assert_array_equal(other, alone)
    told = os.environ | {"NUMBA_NUM_THREADS": "3", "OMP_NUM_THREADS": "3", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", PRINTED], env=told, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == hashlib.sha256(alone.tobytes()).hexdigest()


def test_single_precision_is_close_to_double():
    double, single = (simulate(replace(SHORT, precision=precision)).states.values for precision in ("float64", "float32"))
    assert np.abs((single - double) / double.std(axis=(0, 1))).max() < 1e-3
    assert not np.array_equal(single, double)


def test_parameters_of_each_trial_are_its_own():
    recording = simulate(replace(SHORT, ranges=RANGES))
    assert recording.parameter_names == ("A_e", "b_i", "drive_noise")
    for trial, drawn in enumerate(recording.parameters):
        pinned = {name: (value, value + 1e-12) for name, value in zip(recording.parameter_names, drawn, strict=True)}
        fixed = replace(SHORT, trials=1, ranges=pinned)
        alone = fixed.simulate(lambda _, trial=trial: stream(0, "test", trial))
        np.testing.assert_allclose(alone.states.values[0], recording.states.values[trial], atol=1e-6)
    assert len(np.unique(recording.parameters)) == 9


@pytest.mark.parametrize("drawn, sd", [("uniform", 50 / np.sqrt(12)), ("normal", 12.5 * 0.8796)])
def test_parameters_are_drawn_within_their_range(drawn, sd):
    """A normal distribution cut off at two SDs has .8796 of its SD."""
    values = simulate(replace(SHORT, trials=3000, samples=2, burn_in=0, ranges=RANGES, drawn=drawn)).parameters[:, 1]
    assert values.min() >= 25 and values.max() <= 75
    assert values.mean() == pytest.approx(50, abs=4 * sd / np.sqrt(3000))
    assert values.std() == pytest.approx(sd, rel=0.05)


@pytest.mark.parametrize(
    "ranges, words",
    [
        ({"C": (200.0, 100.0)}, "ranges.C: found 200 to 100; expected the lowest value first"),
        ({"b_e": (0.0, 100.0)}, "ranges.b_e: found 0 to 100; expected values above 0"),
        ({"a_1": (-0.1, 1.0)}, "ranges.a_1: found -0.1 to 1; expected values at least 0"),
    ],
)
def test_ranges_that_are_none_are_refused(ranges, words):
    assert words in JansenRit(ranges=ranges).problems()[0]


def test_eeg_is_the_difference_of_potentials():
    eeg, states = simulate(replace(SHORT, record="eeg")), simulate(SHORT).states.values
    np.testing.assert_allclose(eeg.states.values[..., 0], states[..., 1] - states[..., 2], atol=1e-12)
    assert (eeg.states.channels, eeg.states.unit) == (("y1 - y2",), "mV")
    with pytest.raises(HeadroomError, match="no futures from y1 - y2 alone"):
        replace(SHORT, record="eeg").futures(eeg, np.array([0]), np.array([1]), 1, 1, stream(0))


def test_substeps_sample_a_finer_path():
    fine = simulate(replace(SHORT, dt=0.0005, samples=400)).states.values
    np.testing.assert_array_equal(simulate(replace(SHORT, substeps=2)).states.values, fine[:, ::2])


def test_random_phase():
    """Without noise all columns are alike; leaving at random moments, they are anywhere on the same cycle."""
    still = replace(SHORT, trials=100, drive_noise=0.0, burn_in=3.0, samples=100)
    assert np.ptp(simulate(still).states.values[:, 0, 0]) == 0
    y0 = simulate(replace(still, random_phase=1.0)).states.values[..., 0]
    cycle = np.ptp(y0[0])
    assert np.ptp(y0[:, 0]) > 0.9 * cycle
    np.testing.assert_allclose(np.ptp(y0, axis=1), cycle, rtol=0.02)


def test_pulses_come_in_a_train_that_has_always_gone_on():
    pulse = Pulse(onset=0.2, width=0.05, period=1.0)
    time = np.array([-0.825, -0.775, 0.0, 0.175, 0.2, 0.225, 0.25, 1.2])
    np.testing.assert_allclose(pulse.share(time, 0.05), [0.5, 0.5, 0, 0.5, 1, 0.5, 0, 1], atol=1e-12)
    simulator = replace(SHORT, drive_noise=0.0, drive_mean=0.0, pulse_rate=200.0, samples=1300, trials=1, C=100.0, burn_in=3.0)
    recording = simulate(simulator)
    assert recording.stimulus.values.sum() * simulator.dt == pytest.approx(0.1)
    eeg = recording.states.values[0, :, 1] - recording.states.values[0, :, 2]
    np.testing.assert_allclose(eeg[1000:1300], eeg[:300], atol=1e-6)
    assert np.ptp(eeg[150:200]) < 1e-4 * np.ptp(eeg[200:400])


def test_futures_without_noise_go_on_as_recorded():
    simulator = replace(
        SHORT, drive_noise=0.0, substeps=2, pulse_rate=100.0, pulse=Pulse(onset=0.03, period=0.1), ranges={"C": (60.0, 300.0)}
    )
    recording = simulate(simulator)
    futures = simulator.futures(recording, np.array([2, 0]), np.array([20, 150]), 30, 2, stream(0, "futures"))
    for future in (0, 1):
        np.testing.assert_allclose(futures[0, future], recording.states.values[2, 21:51], atol=1e-7)
        np.testing.assert_allclose(futures[1, future], recording.states.values[0, 151:181], atol=1e-7)


def test_one_step_of_many_columns_and_drives():
    states = np.zeros((4, 5, 6))
    drive = np.linspace(0, 400, 5)
    moved = SHORT.step(states, drive=drive)
    assert moved.shape == (4, 5, 6)
    np.testing.assert_allclose(moved[0, 1], replace(SHORT, drive_mean=100.0).step(states[0, 0]))
    assert (np.diff(moved[0, :, 4]) > 0).all()
