"""Every simulator that runs on its defaults: what the rest of the pipeline relies on."""

from dataclasses import MISSING, fields, is_dataclass, replace

import numpy as np
import pytest

from headroom.catalog import component, kinds
from headroom.core import storage
from headroom.core.files import write_manifest
from headroom.core.protocols import Resumable, Simulator
from headroom.core.randomness import stream, streams

SMALL = {"trials": 3, "samples": 90, "duration": 0.5, "start": 0.2, "neurons": 60}


def needs_settings(cls):
    return any(part.default is MISSING and part.default_factory is MISSING for part in fields(cls))


def simulators():
    for kind in kinds("simulators"):
        cls = component("simulators", kind)
        if not needs_settings(cls):
            yield pytest.param(replace(cls(), **{key: value for key, value in SMALL.items() if key in cls.__dataclass_fields__}), id=kind)


@pytest.fixture(params=simulators())
def simulator(request):
    return request.param


def test_it_is_a_settings_class_with_trials(simulator):
    assert is_dataclass(simulator) and isinstance(simulator, Simulator)
    assert "trials" in {part.name for part in fields(simulator)}


def test_recordings_are_finite_and_have_the_stated_trials(simulator):
    recording = simulator.simulate(streams(0, "a"))
    assert recording.states.trials == simulator.trials
    assert recording.states.values.dtype in (np.float32, np.float64)
    assert np.isfinite(recording.states.values).all() and np.isfinite(recording.parameters).all()
    assert (recording.states.values.std(axis=(0, 1)) > 0).all()
    assert len(set(recording.states.channels)) == len(recording.states.channels)
    assert recording.states.clean is None and recording.states.noise_sd is None


def test_the_same_streams_give_the_same_recording_and_others_another(simulator):
    once, again, other = (simulator.simulate(streams(0, name)).states.values for name in ("a", "a", "b"))
    np.testing.assert_array_equal(once, again)
    assert not np.array_equal(once, other)


def test_a_trial_depends_on_its_own_stream_alone(simulator):
    plain = simulator.simulate(streams(0, "a")).states.values
    mixed = simulator.simulate(lambda trial: stream(0, "a" if trial == 1 else "b", trial)).states.values
    fewer = replace(simulator, trials=2).simulate(streams(0, "a")).states.values
    np.testing.assert_array_equal(mixed[1], plain[1])
    assert not np.array_equal(mixed[0], plain[0])
    np.testing.assert_array_equal(fewer, plain[:2])


def test_a_recording_survives_its_file(simulator, tmp_path):
    recording = simulator.simulate(streams(0, "a"))
    path = tmp_path / "recording.npz"
    storage.save(path, recording)
    write_manifest(tmp_path / "recording.manifest.json", "simulate", [path])
    loaded = storage.load(path)
    np.testing.assert_array_equal(loaded.states.values, recording.states.values)
    assert loaded.states.channels == recording.states.channels and loaded.states.dt == recording.states.dt
    assert set(loaded.extras) == set(recording.extras)


def test_futures_of_a_resumable_system(simulator):
    if not isinstance(simulator, Resumable):
        pytest.skip("cannot go on from a recorded moment")
    recording = simulator.simulate(streams(0, "a"))
    before = recording.states.values.copy()
    trial, time = np.array([2, 0, 2]), np.array([5, 50, 80])
    futures, again = (simulator.futures(recording, trial, time, 7, 4, stream(0, "futures")) for _ in range(2))
    assert futures.shape == (3, 4, 7, len(recording.states.channels))
    assert np.isfinite(futures).all()
    np.testing.assert_array_equal(futures, again)
    assert not np.array_equal(futures[:, 0], futures[:, 1])
    np.testing.assert_array_equal(recording.states.values, before)
