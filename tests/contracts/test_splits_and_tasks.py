"""Every task and split: examples inside the recording, parts that share nothing, a scale from train alone."""

import numpy as np
import pytest

from headroom.catalog import build, component, kinds
from headroom.core.errors import HeadroomError
from headroom.core.recording import Recording
from headroom.core.signal import Signal

LEAKING = {"leading_windows", "shuffled_windows", "whole"}
"""Published splits that leak by design; everything else must not."""


def recording(samples=400, trials=6, seed=0):
    rng = np.random.default_rng(seed)
    states = Signal(rng.standard_normal((trials, samples, 3)).cumsum(axis=1), 0.1, ("a", "b", "c"))
    labels = Signal((states.values[:, :, :1] > 0) * 1.0 + (states.values[:, :, :1] > 5), 0.1, ("state",))
    return Recording(states, rng.random((trials, 1)), ("parameter",), labels=labels)


def cut(split, made, window=20, offsets=(1, 5), **fields):
    task = build("tasks", {"kind": "forecasting", "window": window, "offsets": list(offsets)})
    return build("splits", {"kind": split, **fields}).apply(task.examples(made, made.states), task.target(made, made.states), made)


def touched(examples):
    """Every (trial, sample) that the examples see or are asked for."""
    steps = examples.start[:, None] + np.arange(examples.length + max(examples.offsets))
    return {(int(trial), int(step)) for trial, row in zip(examples.trial, steps, strict=True) for step in row}


@pytest.mark.parametrize("kind", kinds("tasks"))
def test_examples_lie_inside_the_recording(kind):
    made = recording()
    task = build("tasks", {"kind": kind})
    examples = task.examples(made, made.states)
    assert len(examples) and task.name
    assert examples.start.min() >= 0
    assert (examples.last + max(0, *examples.offsets)).max() < made.states.samples
    assert examples.windows().shape == (len(examples), examples.length, 3)
    assert examples.targets().shape == (len(examples), len(examples.offsets), len(task.target(made, made.states).names))


@pytest.mark.parametrize("kind", sorted(set(kinds("splits")) - LEAKING))
def test_parts_share_no_sample(kind):
    dataset = cut(kind, recording())
    train, valid, test = map(touched, (dataset.train, dataset.valid, dataset.test))
    assert train and valid and test
    assert not train & valid and not train & test and not valid & test


@pytest.mark.parametrize("kind", sorted(set(kinds("splits")) - LEAKING))
def test_the_scale_is_fitted_on_train_alone(kind):
    made = recording()
    dataset = cut(kind, made)
    seen = touched(dataset.train)
    poisoned = np.full_like(made.states.values, 1e6)
    for trial, step in seen:
        poisoned[trial, step] = made.states.values[trial, step]
    scale = cut(kind, Recording(Signal(poisoned, 0.1, made.states.channels), made.parameters, made.parameter_names)).test.scale
    assert np.abs(scale.mean).max() < 1e3, "the scale has seen samples that train must not see"
    np.testing.assert_allclose(scale.mean, dataset.train.scale.mean)


def test_the_published_split_leaks_and_says_so():
    dataset = cut("leading_windows", recording())
    assert touched(dataset.train) & touched(dataset.test)
    assert not len(dataset.valid)
    np.testing.assert_allclose(dataset.test.scale.mean, recording().states.values.mean(axis=(0, 1)))
    assert "published" in __import__(component("splits", "leading_windows").__module__, fromlist=["_"]).__doc__


def test_the_gap_is_at_least_a_window():
    dataset = cut("by_block", recording())
    for first, second in ((dataset.train, dataset.valid), (dataset.valid, dataset.test)):
        assert second.start.min() - (first.last + max(first.offsets)).max() > dataset.train.length


@pytest.mark.parametrize("kind", sorted(set(kinds("splits")) - {"whole"}))
def test_a_recording_too_short_for_a_part_is_refused(kind):
    with pytest.raises(HeadroomError, match=r"splits: |tasks: "):
        cut(kind, recording(samples=30, trials=1), window=20, offsets=(10,))


def test_trials_in_order_are_tested_on_last():
    dataset = cut("by_trial", recording(trials=10), in_order=True)
    parts = [sorted(set(part.trial)) for part in (dataset.train, dataset.valid, dataset.test)]
    assert parts == [[0, 1, 2, 3, 4, 5], [6, 7], [8, 9]]
    np.testing.assert_allclose(dataset.train.scale.mean, recording(trials=10).states.values[:6].mean(axis=(0, 1)))


def test_by_trial_needs_three_trials():
    with pytest.raises(HeadroomError, match="needs at least 3 trials, the recording has 2; use by_block"):
        cut("by_trial", recording(trials=2))


def test_a_window_longer_than_the_recording_is_refused():
    with pytest.raises(HeadroomError, match="a trial has 50 samples, but a window of 60"):
        cut("by_block", recording(samples=50), window=60)
