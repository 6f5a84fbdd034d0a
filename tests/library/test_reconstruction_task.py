"""The task of reconstruction, and the published protocol that tests on the training data."""

import numpy as np
import pytest

from headroom.core.centred import about, reach_of
from headroom.core.errors import HeadroomError
from headroom.core.recording import Recording
from headroom.core.signal import Signal
from headroom.splits.by_trial import ByTrial
from headroom.splits.whole import Whole
from headroom.tasks.reconstruction import Reconstruction

NAMES = ("seen", "hidden")


def recorded(trials=6, samples=120, dt=0.01):
    """A state that is a sample's own number, so that places can be read from values, and one that is never shown."""
    number = np.arange(trials * samples, dtype=float).reshape(trials, samples)
    states = Signal(np.stack([number, -number], axis=2), dt, NAMES, "mV")
    observed = Signal(states.values[..., :1] + 0.5, dt, ("seen",), "mV", clean=states.values[..., :1])
    return Recording(states, np.empty((trials, 0))), observed


def test_the_target_is_every_true_state_in_the_middle_of_the_window():
    recording, observed = recorded()
    task = Reconstruction(window=4, margin=10, stride=3)
    examples, target = task.examples(recording, observed), task.target(recording, observed)
    assert (target.kind, target.names, target.unit) == ("same_time", NAMES, "mV")
    middle = examples.windows()[:, 4, 0] - 0.5
    np.testing.assert_array_equal(examples.targets()[:, 0], np.stack([middle, -middle], axis=1))


def test_what_is_asked_for_depends_on_margin_and_stride_and_not_on_the_window():
    recording, observed = recorded()
    asked = []
    for window in (0, 4, 10):
        examples = Reconstruction(window=window, margin=10, stride=3).examples(recording, observed)
        asked.append((examples.trial * 1000 + examples.last + examples.offsets[0]).tolist())
    assert asked[0] == asked[1] == asked[2]
    moments = np.unique(np.array(asked[0]) % 1000)
    assert moments.min() == 10 and moments.max() <= 109 and set(np.diff(moments)) == {3}


def test_states_are_scaled_by_training_trials_alone_and_keep_their_names():
    recording, observed = recorded()
    task = Reconstruction(window=2, margin=5, stride=1)
    data = ByTrial().apply(task.examples(recording, observed), task.target(recording, observed), recording)
    trials = np.unique(data.train.trial)
    np.testing.assert_allclose(data.test.scale.track_mean, recording.states.values[trials].mean(axis=(0, 1)))
    np.testing.assert_allclose(data.test.scale.mean, observed.values[trials].mean(axis=(0, 1)))
    assert not set(trials) & set(data.test.trial)


def test_a_margin_below_the_window_is_refused():
    assert Reconstruction(window=5, margin=4).problems() == ["margin is 4, below window = 5"]
    assert Reconstruction().problems() == []


def test_margins_longer_than_a_trial_are_refused():
    with pytest.raises(HeadroomError, match="a trial has 120 samples, and the margins of 60 leave none"):
        Reconstruction(margin=60).examples(*recorded())


def test_a_sensor_with_another_clock_is_refused():
    recording, observed = recorded()
    half = Signal(observed.values[:, ::2], 0.02, ("seen",))
    with pytest.raises(HeadroomError, match=r"60 samples of 0\.02 s are observed, and 120 of 0\.01 s are states"):
        Reconstruction(margin=10, window=5).examples(recording, half)


def test_the_published_protocol_tests_on_what_it_trains_on():
    recording, observed = recorded()
    task = Reconstruction(window=2, margin=5)
    data = Whole().apply(task.examples(recording, observed), task.target(recording, observed), recording)
    np.testing.assert_array_equal(data.train.start, data.test.start)
    np.testing.assert_array_equal(data.train.trial, data.test.trial)
    assert not len(data.valid)
    np.testing.assert_allclose(data.train.scale.track_sd, recording.states.values.std(axis=(0, 1)))


def test_a_context_reads_the_middle_of_the_window():
    recording, observed = recorded()
    examples = Reconstruction(window=6, margin=10).examples(recording, observed)
    windows = examples.windows()
    assert reach_of("a model", examples, None) == 6
    np.testing.assert_array_equal(windows[:, about(13, examples.offsets[0], 2)], windows[:, 4:9])
    np.testing.assert_array_equal(windows[:, about(13, examples.offsets[0], 0)], windows[:, 6:7])


def test_a_context_wider_than_the_window_is_refused():
    examples = Reconstruction(window=6, margin=10).examples(*recorded())
    with pytest.raises(HeadroomError, match="a model: reads 7 samples either side, and the task shows 6"):
        reach_of("a model", examples, 7)
