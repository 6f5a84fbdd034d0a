"""Whether a recording fits a model, which windows it offers, and what is true of them."""

from dataclasses import replace

import numpy as np
import pytest
from fixtures.tiny import tiny_dataset, tiny_reconstruction, tiny_signal

from headroom.core.errors import BadRecording
from headroom.core.examples import Target
from headroom.core.recording import Recording
from headroom.core.signal import Signal
from headroom.metrics.accuracy import Accuracy
from headroom.metrics.r2 import R2
from headroom.prediction.matching import matched
from headroom.prediction.scoring import FLOOR, MODEL, Tally
from headroom.prediction.windows import PARTS, every_window, part_of, same_data, track_of, truth

DATASET = tiny_dataset()
TRAINED = DATASET.train


def fresh(values=None, **changes):
    return replace(tiny_signal(), **({} if values is None else {"values": values}), **changes)


def test_channels_are_found_by_name():
    signal = tiny_signal()
    more = np.concatenate([signal.values[..., ::-1], signal.values[..., :1]], axis=2)
    found, notes = matched("x.csv", Signal(more, 0.01, ("b", "a", "extra"), "mV"), TRAINED)
    assert found.channels == ("a", "b")
    np.testing.assert_array_equal(found.values, signal.values)
    assert notes == ["x.csv: channels left out 'extra'"]
    assert matched("x.csv", signal, TRAINED) == (signal, [])


def test_other_names_are_taken_in_order_with_a_warning():
    found, notes = matched("x.csv", fresh(channels=("a", "c")), TRAINED)
    assert found.channels == ("a", "b")
    assert notes == ["x.csv: channels are taken in their order: 'c' for 'b'"]


@pytest.mark.parametrize(
    ("signal", "words"),
    [
        (fresh(np.zeros((1, 50, 3)), channels=("p", "q", "r")), "found 3 channels ('p', 'q', 'r'); expected 2, as trained: 'a', 'b'"),
        (fresh(dt=0.0102), "found a sampling interval of 0.0102 s; expected 0.01 s, as trained: resample the recording"),
        (fresh(np.zeros((1, 11, 2))), "found 11 samples in a trial; expected at least 12, the model's window"),
    ],
)
def test_what_cannot_be_asked_about_is_refused_in_a_line(signal, words):
    with pytest.raises(BadRecording) as caught:
        matched("x.csv", signal, TRAINED)
    assert str(caught.value) == f"x.csv: {words}"


def test_a_clock_within_one_per_cent_is_the_same():
    assert matched("x.csv", fresh(dt=0.01008), TRAINED)[1] == []


def test_another_unit_or_scale_is_warned_of():
    _, notes = matched("x.csv", fresh(tiny_signal().values / 1000, unit="V"), TRAINED)
    assert notes[0] == "x.csv: its unit is 'V', the model was trained on 'mV'; values are taken as they are"
    assert "is it the same unit, the same quantity?" in notes[1]
    assert len(notes) == 2


def test_windows_reach_the_end_and_truth_stops_there():
    signal = tiny_signal(trials=2, samples=30)
    examples = every_window(signal, signal, TRAINED, every=4, known=False)
    assert examples.start.tolist() == [0, 4, 8, 12, 16] * 2
    true = truth(examples, examples.offsets)  # 1 and 3 samples ahead
    assert np.isnan(true[4, 1]).all() and np.isfinite(true[4, 0]).all() and np.isfinite(true[:4]).all()
    np.testing.assert_array_equal(true[9, 0], signal.values[1, 16 + 11 + 1])


def test_a_foreign_recording_is_never_taken_for_a_trial_that_was_trained_on():
    signal = tiny_signal()
    foreign, own = (every_window(signal, signal, TRAINED, 1, known) for known in (False, True))
    assert foreign.origin()[0].min() >= TRAINED.inputs.trials
    np.testing.assert_array_equal(own.origin()[0], own.trial)


def test_windows_of_the_trained_data_know_their_part():
    signal = tiny_signal()
    assert same_data(signal, DATASET) and not same_data(tiny_signal(noise=0.2), DATASET)
    part = part_of(every_window(signal, signal, TRAINED, 1, known=True), DATASET)
    for place, name in enumerate(PARTS):
        assert (part == place).sum() == len(getattr(DATASET, name))
    assert (part == -1).any()  # windows across a border, and those without a future


def labelled(numbers, names=None):
    signal = fresh(np.zeros((1, len(numbers), 2)))
    labels = Signal(np.array(numbers, float)[None, :, None], 0.01, ("label",))
    extras = {} if names is None else {"label_names": np.array(names)}
    return Recording(signal, np.empty((1, 0)), labels=labels, extras=extras), signal


def test_labels_are_matched_by_name():
    track, notes = track_of(*labelled([0, 1, 2], ["walk", "rest", "run"]), Target("category", ("rest", "walk")))
    np.testing.assert_array_equal(track.values[0, :2], [[0, 1], [1, 0]])
    assert np.isnan(track.values[0, 2]).all()
    assert notes == ["labels 'run' are no classes of the model ('rest', 'walk'); samples with them are not scored"]


def test_a_recording_without_labels_has_no_truth():
    recording, signal = labelled([0, 1])
    track, notes = track_of(replace(recording, labels=None), signal, Target("category", ("0", "1")))
    assert np.isnan(track.values).all() and track.values.shape == (1, 2, 2) and notes == []


def test_scores_are_those_of_the_known_rows_however_they_are_portioned():
    rng = np.random.default_rng(0)
    true, part = rng.normal(size=(40, 2, 2)) + 100, rng.integers(-1, 3, 40)
    point, floor = true + rng.normal(size=true.shape), true + 2 * rng.normal(size=true.shape)
    true[35:, 1] = np.nan
    tally = Tally(R2(), TRAINED.scale)
    for chosen in (slice(0, 13), slice(13, 40)):
        tally.add(MODEL, point[chosen], true[chosen], part[chosen])
        tally.add(FLOOR, floor[chosen], true[chosen], part[chosen])
    known = slice(0, 35)
    scatter = ((true[known, 1] - true[known, 1].mean(axis=0)) ** 2).sum()
    assert tally.value(MODEL, "all", 1) == pytest.approx(1 - ((point - true)[known, 1] ** 2).sum() / scatter)
    assert tally.value(FLOOR, "all", 0) < tally.value(MODEL, "all", 0)
    assert tally.rows["all", 1] == 35 and tally.rows["test", 0] == (part == 2).sum()


def test_a_decoder_is_scored_by_its_decisions():
    true = np.eye(2)[[0, 1, 1, 0]][:, None]
    true[3] = np.nan
    tally = Tally(Accuracy(), TRAINED.scale)
    tally.add(MODEL, np.array([[0.9, 0.1], [0.4, 0.6], [0.7, 0.3], [0.2, 0.8]])[:, None], true, np.full(4, -1))
    assert tally.value(MODEL, "all", 0) == pytest.approx(2 / 3)
    assert np.isnan(tally.value(FLOOR, "all", 0))


def test_the_states_are_the_truth_where_the_recording_holds_them_all():
    data = tiny_reconstruction()
    states, seen = data.test.track, data.test.inputs
    whole, partial = Recording(states, np.empty((3, 0))), Recording(seen, np.empty((3, 0)))
    assert track_of(whole, seen, data.target)[0] is states
    examples = every_window(seen, states, data.train, 5, known=True)
    np.testing.assert_array_equal(truth(examples, data.train.offsets)[:, 0], states.values[examples.trial, examples.start + 6])
    assert np.isnan(track_of(partial, seen, data.target)[0].values).all()
