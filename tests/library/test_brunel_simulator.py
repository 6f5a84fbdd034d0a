"""What a Brunel recording holds, what it depends on, and what happens where Brian2 cannot compile."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import scipy.stats

from headroom.core.errors import HeadroomError
from headroom.core.randomness import stream, streams
from headroom.simulators import _brunel_reference as reference
from headroom.simulators._brunel_drive import Drive
from headroom.simulators.brunel import Brunel
from headroom.simulators.brunel_classic import BrunelClassic

SMALL = Brunel(trials=3, duration=0.5, start=0.1)


@pytest.fixture(scope="module")
def recording():
    return SMALL.simulate(streams(0, "a"))


def test_samples_types_and_order(recording):
    extras = recording.extras
    assert recording.states.values.shape == (3, 400, 100)
    assert recording.states.values.dtype == np.float32
    assert recording.states.unit == "mV" and recording.states.dt == 0.001
    assert extras["graph"].shape == (1, 100, 100)
    assert extras["excitatory"].sum() == 80
    keys = np.stack([extras[f"spike_{name}"] for name in ("neuron", "step", "trial")])
    assert (np.lexsort(keys) == np.arange(keys.shape[1])).all()
    assert extras["spike_step"].min() >= -SMALL.cells.memory and extras["spike_step"].max() < 399 * 10
    assert sum(value.size for value in (recording.states.values, extras["graph"])) == SMALL.size()


def test_rows_of_the_graph_hear_and_columns_speak():
    system = replace(SMALL, neurons=400)
    graph = system.simulate(streams(0, "g")).extras["graph"][0]
    assert set(np.unique(graph)) == {np.float32(-2.75), np.float32(0), np.float32(0.5)}
    assert (graph[:, :320] >= 0).all() and (graph[:, 320:] <= 0).all()
    assert not graph.diagonal().any()
    assert (graph != 0).mean() == pytest.approx(0.1, abs=0.005)


def test_a_spike_moves_its_targets_after_the_delay():
    """One neuron is driven over the threshold by its start; nothing else moves: the graph's column arrives 1.5 ms later."""
    system = Brunel(trials=1, duration=0.01, start=0, dt=0.0001, external_drive=0, noise=0, start_sd=30, connection_probability=0.5)
    recording = system.simulate(streams(5, "one spike"))
    extras, voltage = recording.extras, recording.states.values[0].astype(float)
    first = extras["spike_step"] == 0
    quiet = ~np.isin(np.arange(100), extras["spike_neuron"])
    arrived = extras["graph"][0][:, extras["spike_neuron"][first]].sum(axis=1)
    leak = system.step / system.tau
    expected = voltage[15] + leak * (system.rest - voltage[15]) + arrived
    assert first.sum() > 5
    np.testing.assert_allclose(voltage[16][quiet], expected[quiet], atol=1e-4)


def test_samples_show_spikes_of_the_steps_before(recording):
    """A neuron that fired in the last 2 ms is at reset; sample m is the first to show steps below 10 m."""
    extras, values = recording.extras, recording.states.values
    trial, neuron, step = (extras[f"spike_{name}"][extras["spike_step"] >= 0] for name in ("trial", "neuron", "step"))
    sample = step // SMALL.every + 1
    assert (values[trial, sample, neuron] == SMALL.reset).all()
    assert (values == SMALL.reset).sum() == pytest.approx(2 * len(step), rel=0.03)


@pytest.mark.parametrize("connectivity", ["fixed", "redrawn"])
def test_connectivity(connectivity):
    graph = replace(SMALL, connectivity=connectivity).simulate(streams(0, "a")).extras["graph"]
    other = replace(SMALL, connectivity=connectivity).simulate(streams(1, "a")).extras["graph"]
    assert len(graph) == (1 if connectivity == "fixed" else 3)
    assert np.array_equal(graph, other) == (connectivity == "fixed")
    if connectivity == "fixed":
        assert not np.array_equal(graph, replace(SMALL, graph_seed=1).simulate(streams(0, "a")).extras["graph"])
    else:
        assert not np.array_equal(graph[0], graph[1])


@pytest.mark.parametrize("connectivity", ["fixed", "redrawn"])
def test_a_trial_is_the_same_alone_and_among_others(connectivity, recording):
    system = replace(SMALL, connectivity=connectivity)
    many = system.simulate(streams(0, "a"))
    alone = replace(system, trials=1).simulate(lambda trial: stream(0, "a", 2))
    mine = many.extras["spike_trial"] == 2
    np.testing.assert_array_equal(alone.states.values[0], many.states.values[2])
    np.testing.assert_array_equal(alone.extras["spike_step"], many.extras["spike_step"][mine])


def test_futures_of_a_trial_use_its_own_graph():
    """Under `redrawn` the last trial's futures follow the last graph: with the first's they would differ."""
    system = replace(SMALL, connectivity="redrawn", connection_probability=0.5)
    recording = system.simulate(streams(0, "a"))
    swapped = replace(recording, extras=recording.extras | {"graph": recording.extras["graph"][[2, 1, 0]]})
    arguments = np.array([2] * 20), np.arange(20, 400, 19), 3, 2
    assert not np.array_equal(system.futures(recording, *arguments, stream(0, "f")), system.futures(swapped, *arguments, stream(0, "f")))


@pytest.mark.parametrize("inputs, probability", [(8, 0.05), (1000, 0.002), (5000, 0.4), (3, 1.0), (5, 0.0)])
def test_external_spikes_are_binomial(inputs, probability):
    noise, kicks = Drive(0.05, inputs, probability, 0.5).draw(stream(0, "drive"), (400, 1000), np.dtype(float))
    counts = kicks / 0.5
    deviation = np.sqrt(inputs * probability * (1 - probability) / counts.size)
    assert (counts == np.rint(counts)).all()
    assert counts.mean() == pytest.approx(inputs * probability, abs=4 * deviation + 1e-9)
    assert counts.var() == pytest.approx(inputs * probability * (1 - probability), rel=0.02, abs=1e-9)
    assert noise.std() == pytest.approx(0.05, rel=0.01)


def test_membrane_noise_is_normal_and_independent_of_the_kicks():
    noise, kicks = Drive(2.0, 8, 0.05, 0.5).draw(stream(1, "drive"), (2000, 1000), np.dtype(np.float32))
    score = np.sort(noise.ravel().astype(float)) / 2.0
    assert scipy.stats.kstest(score, "norm").statistic < 1.6 / np.sqrt(score.size)
    assert scipy.stats.kurtosis(score) == pytest.approx(0, abs=4 * np.sqrt(24 / score.size))
    assert score.std() == pytest.approx(1, abs=4 / np.sqrt(2 * score.size))
    assert 4.5 < np.abs(score).max() < 5.4
    assert np.corrcoef(noise.ravel(), kicks.ravel())[0, 1] == pytest.approx(0, abs=4 / np.sqrt(score.size))


def test_both_precisions_draw_the_same_input():
    double, single = (Drive(0.05, 8, 0.05, 0.5).draw(stream(2, "drive"), (10, 100), np.dtype(kind)) for kind in (float, np.float32))
    np.testing.assert_array_equal(double[1], single[1])
    np.testing.assert_allclose(double[0], single[0], rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(
    "settings, words",
    [
        ({"delay": 0.00015}, "delay is 0.00015 s; expected whole steps of 0.0001 s"),
        ({"delay": 0.00001}, "delay is 1e-05 s"),
        ({"refractory": 0.00205}, "refractory is"),
        ({"start": 0.0005}, "start is 0.0005 s; expected a multiple of dt"),
        ({"duration": 0.8}, "expected two samples"),
        ({"threshold": -75}, "expected above reset"),
        ({"external_drive": 30}, "expected at most once a step"),
    ],
)
def test_settings_that_do_not_go_together(settings, words):
    problems = replace(Brunel(), **settings).problems()
    assert len(problems) == 1 and words in problems[0]


def test_defaults_go_together():
    assert Brunel().problems() == BrunelClassic().problems() == []
    assert Brunel().external_rate == pytest.approx(500)
    assert BrunelClassic().inputs == (1000, 250)


@pytest.mark.parametrize(
    "settings, words",
    [
        ({"delay": 0.00015}, "delay is"),
        ({"duration": 0.2}, "two samples"),
        ({"reset": 20}, "above reset"),
        ({"observed": 12_501}, "at most"),
        ({"external_drive": 1200}, "at most once"),
        ({"start": 0.0001}, "multiple of dt"),
    ],
)
def test_settings_of_the_classic_network_that_do_not_go_together(settings, words):
    problems = replace(BrunelClassic(), **settings).problems()
    assert len(problems) == 1 and words in problems[0]


def test_the_classic_recording_counts_everybody():
    """Observing all neurons, their spikes make the rate; observing few changes nothing but what is kept."""
    system = BrunelClassic(neurons=500, weight=1.0, observed=500, duration=0.3, trials=2)
    everybody, few = (replace(system, observed=count).simulate(streams(0, "a")) for count in (500, 10))
    extras = everybody.extras
    for trial in range(2):
        steps = extras["spike_step"][extras["spike_trial"] == trial]
        np.testing.assert_allclose(np.bincount(steps, minlength=990) / (500 * 1e-4), extras["rate"][trial], rtol=1e-6)
    np.testing.assert_array_equal(few.extras["rate"], extras["rate"])
    np.testing.assert_array_equal(few.states.values, everybody.states.values[:, :, few.extras["neuron"]])
    assert set(few.extras["spike_neuron"]) <= set(range(10))


def test_without_a_compiler_the_compiled_engine_stands_in(monkeypatch, recording):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("CXX", raising=False)
    with pytest.warns(UserWarning, match=r"g\+\+ and make not found, which Brian2 needs; the compiled engine stands in"):
        stood_in = replace(SMALL, engine="brian2").simulate(streams(0, "a"))
    assert str(stood_in.extras["engine"]) == "compiled"
    np.testing.assert_array_equal(stood_in.states.values, recording.states.values)


def test_brian2s_failure_is_one_line(monkeypatch):
    monkeypatch.setattr(reference, "missing_tools", lambda: [])
    monkeypatch.setenv("CXX", "/bin/false")
    with pytest.raises(HeadroomError, match=r"brunel: Brian2 did not run: .*engine: compiled") as caught:
        replace(SMALL, engine="brian2").simulate(streams(0, "a"))
    assert "\n" not in str(caught.value)


def test_reading_the_settings_loads_no_engine():
    modules = "headroom.simulators.brunel, headroom.simulators.brunel_classic"
    words = f"import sys, {modules}; print([name for name in ('numba', 'brian2') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", words], env={"PYTHONPATH": "workflow"}, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
