"""The decoding task: which label belongs to which window, and which labels are refused."""

from dataclasses import replace

import numpy as np
import pytest
from fixtures.two_states import recording

from headroom.core.errors import HeadroomError
from headroom.core.signal import Signal
from headroom.splits.by_block import ByBlock
from headroom.splits.by_trial import ByTrial
from headroom.splits.leading_windows import LeadingWindows
from headroom.splits.shuffled_windows import ShuffledWindows
from headroom.tasks.decoding import Decoding


def small(**changes):
    return recording(1.0, 0.4, trials=4, samples=100, **changes)


def labelled(made, values):
    labels = Signal(np.broadcast_to(np.asarray(values, float), made.labels.values.shape).copy(), 0.01, ("state",))
    return replace(made, labels=labels, extras={})


def cut(made, task=None, split=None):
    task = task or Decoding(window=10)
    return (split or ByBlock()).apply(task.examples(made, made.states), task.target(made, made.states), made)


@pytest.mark.parametrize(("look", "name"), [(0, "decode_causal"), (6, "decode_centred")])
def test_the_label_is_that_of_a_sample_of_the_window(look, name):
    made, task = small(), Decoding(window=10, look=look, stride=3)
    examples = task.examples(made, made.states)
    asked = made.labels.values[examples.trial, examples.start + 9 - look, 0]
    np.testing.assert_array_equal(examples.targets()[:, 0].argmax(axis=1), asked)
    np.testing.assert_array_equal(examples.targets().sum(axis=2), 1)
    assert task.name == name and task.target(made, made.states).names == ("rest", "move")


@pytest.mark.parametrize("look", [0, 6])
def test_dense_targets_are_the_labels_of_every_step_and_lie_inside_the_trial(look):
    made, task = small(), Decoding(window=10, look=look)
    examples = task.examples(made, made.states)
    steps = examples.start[:, None] + np.arange(10) - look
    assert steps.min() >= 0
    np.testing.assert_array_equal(examples.dense()[:, :, 0].argmax(axis=2), made.labels.values[examples.trial[:, None], steps, 0])


def test_without_names_classes_are_called_by_their_numbers():
    made = labelled(small(), np.arange(100)[:, None] % 3)
    assert Decoding().target(made, made.states).names == ("0", "1", "2")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda made: replace(made, labels=None), "decoding needs labels, and the recording has none"),
        (lambda made: labelled(made, 0.0), "hold one class only"),
        (lambda made: labelled(made, np.where(np.arange(100) == 7, 1.5, 0.0)[:, None]), "found label 1.5 at sample 8 of trial 1"),
        (lambda made: labelled(made, np.where(np.arange(100) == 7, -1.0, 1.0)[:, None]), "found label -1 at sample 8 of trial 1"),
        (lambda made: labelled(made, np.where(np.arange(100) == 7, np.nan, 1.0)[:, None]), "found label nan at sample 8 of trial 1"),
        (lambda made: labelled(made, np.where(np.arange(100) == 7, 1e6, 0.0)[:, None]), "expected whole numbers from 0 to 999"),
        (lambda made: replace(labelled(made, np.arange(100)[:, None] % 3), extras=made.extras), "label 2 .*expected .* from 0 to 1"),
        (
            lambda made: replace(made, labels=Signal(np.repeat(made.labels.values, 2, axis=2), 0.01, ("gait", "lick"))),
            "needs one label, and the recording has 2: gait, lick",
        ),
    ],
)
def test_labels_that_cannot_be_used_are_refused(change, words):
    with pytest.raises(HeadroomError, match=words):
        cut(change(small()))


@pytest.mark.parametrize("split", [ByBlock(), ByTrial(), LeadingWindows(), ShuffledWindows()], ids=lambda split: type(split).__name__)
def test_a_class_that_training_never_sees_is_refused_by_name(split):
    made = small()
    values = (np.arange(100) % 2)[:, None].astype(float)
    with pytest.raises(HeadroomError, match=r"splits: classes '2', '3' are never asked for in the train part"):
        cut(replace(labelled(made, values), extras={"label_names": np.array(["0", "1", "2", "3"])}), split=split)


def test_a_class_at_the_trials_first_samples_alone_is_asked_for_by_no_window():
    made = labelled(small(), np.where(np.arange(100) < 9, 2, np.arange(100) % 2)[:, None])
    with pytest.raises(HeadroomError, match="class '2' is never asked for in the train part"):
        cut(made)


def test_labels_are_neither_centred_nor_scaled_and_channels_are():
    scale = cut(small()).train.scale
    np.testing.assert_array_equal([scale.track_mean, scale.track_sd], [[0, 0], [1, 1]])
    assert scale.mean == pytest.approx(small().states.values[:, :60].mean(axis=(0, 1)))


def test_a_look_beyond_the_window_is_refused():
    assert Decoding(window=8, look=8).problems() == ["look is 8, not below window = 8"]
    assert Decoding(window=8, look=7).problems() == []


def test_windows_and_labels_keep_out_of_the_gap_between_blocks():
    dataset = cut(small(), Decoding(window=10, look=4))
    assert dataset.train.last.max() < 60 and dataset.valid.start.min() == 70 and dataset.valid.last.max() < 80
    assert dataset.test.start.min() == 90
