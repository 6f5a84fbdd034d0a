"""The compiled engine against Brian2: step by step under one recorded input, and in distribution with numbers of their own."""

from dataclasses import replace

import numpy as np
import pytest

from headroom.core.randomness import stream, streams
from headroom.simulators import _brunel_brian2 as program
from headroom.simulators import _brunel_reference as reference
from headroom.simulators._brunel_engines import described
from headroom.simulators._brunel_run import at_rest, replay
from headroom.simulators._brunel_wiring import random_graph, wiring_of
from headroom.simulators.brunel import Brunel

brian2 = pytest.importorskip("brian2")


@pytest.fixture
def numpy_target():
    """Brian2 in this process, without a compiler; its global settings are put back."""
    before, brian2.prefs.codegen.target = brian2.prefs.codegen.target, "numpy"
    yield
    brian2.prefs.codegen.target = before
    brian2.defaultclock.dt = 0.1 * brian2.ms


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("delay", [0.0015, 0.0001, 0.0025])
def test_voltages_agree_step_by_step_under_one_recorded_input(numpy_target, delay):
    """The same graph, start, membrane noise and external spikes; delays below and above the refractory time."""
    steps = 1500
    system = Brunel(duration=0.15, start=0, dt=0.0001, precision="float64", delay=delay, connection_probability=0.3)
    rng = stream(3, "recorded input")
    wiring = wiring_of(random_graph(rng, system.weights, system.connection_probability), system.weights)
    voltage = system.rest + 8 * rng.standard_normal(system.neurons)
    noise, kicks = system.drive.draw(rng, (steps, system.neurons), np.dtype(float))
    path = np.empty((steps, system.neurons))
    spikes = replay(system.cells, wiring, at_rest(voltage, system.cells), noise, kicks, 0, 1, np.arange(system.neurons), path)

    source = np.repeat(np.arange(system.neurons), np.diff(wiring.first))
    arrays = {"voltage": voltage, "source": source, "target": wiring.targets, "weight": wiring.weight[source]}
    network, voltages, fired = program.build(described(system, seed=0), arrays, (noise, kicks))
    network.run(steps * system.step * brian2.second)
    expected = np.asarray(voltages.v).T  # Brian2 records what stands before a step, `replay` what stands after it
    assert len(spikes.step) > 400
    np.testing.assert_allclose(path[:-1], expected[1:], atol=1e-9, rtol=0)
    np.testing.assert_array_equal(np.rint(np.asarray(fired.t) / system.step), spikes.step)
    np.testing.assert_array_equal(np.asarray(fired.i), spikes.neuron)


def test_single_precision_follows_double_precision():
    """Under one input they part only where rounding moves a spike: within 20 ms hardly ever."""
    steps, paths = 200, []
    for precision in ("float32", "float64"):
        system = Brunel(precision=precision)
        rng = stream(4, "precision")
        wiring = wiring_of(random_graph(rng, system.weights, 0.1), system.weights)
        noise, kicks = (part.astype(precision) for part in system.drive.draw(rng, (steps, system.neurons), np.dtype("float32")))
        state = at_rest((system.rest + 8 * rng.standard_normal(system.neurons)).astype(precision), system.cells)
        paths.append(np.empty((steps, system.neurons), precision))
        replay(system.cells, wiring, state, noise, kicks, 0, 1, np.arange(system.neurons), paths[-1])
    difference = np.abs(paths[0] - paths[1])
    assert (difference < 1e-3).mean() > 0.999
    assert difference.max() > 0


@pytest.fixture(scope="module")
def by_engine():
    """One graph in both engines, each with its own random numbers."""
    system = Brunel(trials=12, duration=2.8, engine="brian2")
    if reference.missing_tools():
        pytest.skip(f"Brian2 needs {reference.missing_tools()}")
    compiled = replace(system, engine="compiled")
    return system, {"brian2": system.simulate(streams(0, "b")), "compiled": compiled.simulate(streams(0, "c"))}


def statistics(system, recording):
    """Rate [Hz], CV of intervals, SD of V [mV], share of samples at reset."""
    extras = recording.extras
    order = np.lexsort((extras["spike_step"], extras["spike_neuron"], extras["spike_trial"]))
    order = order[extras["spike_step"][order] >= 0]
    number = extras["spike_trial"][order] * system.neurons + extras["spike_neuron"][order]
    trains = np.split(extras["spike_step"][order], np.flatnonzero(np.diff(number)) + 1)
    intervals = [np.diff(train) for train in trains if len(train) > 10]
    voltage = recording.states.values
    cv = np.mean([each.std() / each.mean() for each in intervals])
    return len(order) / (system.trials * system.neurons * system.samples * system.dt), cv, voltage.std(), (voltage == system.reset).mean()


def test_engines_agree_in_distribution(by_engine):
    system, recordings = by_engine
    assert all(str(recording.extras["engine"]) == name for name, recording in recordings.items())
    ours, theirs = (statistics(system, recordings[name]) for name in ("compiled", "brian2"))
    for index, tolerance in enumerate((1.0, 0.03, 0.05, 0.002)):
        assert ours[index] == pytest.approx(theirs[index], abs=tolerance)
    for index, (value, tolerance) in enumerate(((30.2, 1.0), (0.40, 0.03), (5.8, 0.1), (0.060, 0.003))):
        assert theirs[index] == pytest.approx(value, abs=tolerance)


def test_engines_agree_neuron_by_neuron(by_engine):
    """On one graph each neuron has its own rate; both engines order them alike."""
    system, recordings = by_engine
    rates = [
        np.bincount(recording.extras["spike_neuron"], minlength=system.neurons) / (system.trials * system.samples * system.dt)
        for recording in recordings.values()
    ]
    assert np.corrcoef(rates)[0, 1] > 0.98
    assert np.abs(rates[0] - rates[1]).max() < 2.5


def test_futures_go_on_from_a_brian2_recording(by_engine):
    """States are rebuilt from Brian2's spikes: the next sample lies among its futures, without bias and as wide as they are."""
    system, recordings = by_engine
    recording = recordings["brian2"]
    rng = stream(0, "moments")
    trial, time = rng.integers(system.trials, size=400), rng.integers(1900, size=400)
    paths = system.futures(recording, trial, time, 1, 32, stream(0, "futures"))[:, :, 0]
    truth = recording.states.values[trial, time + 1]
    error = np.mean((truth - paths.mean(axis=1)) ** 2)
    assert error == pytest.approx(paths.var(axis=1, ddof=1).mean() * 33 / 32, rel=0.05)
    assert (truth - paths.mean(axis=1)).mean() == pytest.approx(0, abs=0.05)
