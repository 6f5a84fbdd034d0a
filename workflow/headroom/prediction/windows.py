"""Every window of a recording, what was to be predicted of it, and which windows a model has seen before."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from headroom.core.dataset import Dataset
from headroom.core.examples import Examples, Target
from headroom.core.recording import Recording
from headroom.core.signal import Signal

PARTS = ("train", "valid", "test")


def every_window(signal: Signal, track: Signal, trained: Examples, every: int, known: bool) -> Examples:
    """Windows of the trained length that start `every` so many samples, up to the end of each trial.

    In a recording that is not `known`, no trial is one that the model was trained on.
    """
    starts = np.arange(0, signal.samples - trained.length + 1, every)
    trial, start = (axis.ravel() for axis in np.meshgrid(np.arange(signal.trials), starts, indexing="ij"))
    context = {} if known else {"trial": trial + trained.inputs.trials, "start": start}
    return Examples(signal, track, trial, start, trained.length, trained.offsets, trained.scale, trained.given, context)


def track_of(recording: Recording, observed: Signal, target: Target) -> tuple[Signal, list[str]]:
    """What targets are read from, NaN where the recording does not say it, and warnings."""
    if target.kind == "ahead":
        return observed, []
    if target.kind == "same_time" and recording.states.channels == target.names:
        return recording.states, []
    unknown = np.broadcast_to(np.nan, (observed.trials, observed.samples, len(target.names)))
    blank = Signal(unknown, observed.dt, target.names, target.unit)
    return _classes(recording, blank) if target.kind == "category" and recording.labels is not None else (blank, [])


def _classes(recording: Recording, blank: Signal) -> tuple[Signal, list[str]]:
    """Zeros with a one for the class at hand; NaN where the label is no class that the model knows."""
    assert recording.labels is not None
    numbers = recording.labels.values[:, :, 0].astype(int)
    given = recording.extras.get("label_names")
    names = [str(name) for name in (range(int(numbers.max()) + 1) if given is None else given)]
    place = np.array([blank.channels.index(name) if name in blank.channels else -1 for name in names])[numbers]
    values = (place[..., None] == np.arange(len(blank.channels))).astype(float)
    values[place < 0] = np.nan
    strange = sorted({names[number] for number in np.unique(numbers[place < 0])})
    known = ", ".join(map(repr, blank.channels))
    words = f"labels {', '.join(map(repr, strange))} are no classes of the model ({known}); samples with them are not scored"
    return replace(blank, values=values), [words] if strange else []


def truth(examples: Examples, offsets: Sequence[int]) -> np.ndarray:
    """What came `offsets` samples after each window (example, offset, target); NaN beyond the end of the trial."""
    steps = examples.last[:, None] + np.asarray(offsets)
    samples = examples.track.samples
    values = examples.track.values[examples.trial[:, None], np.minimum(steps, samples - 1)].astype(float)
    values[steps >= samples] = np.nan
    return values


def same_data(observed: Signal, dataset: Dataset) -> bool:
    """Whether these are the very values that the model was trained on."""
    return np.array_equal(observed.values, dataset.train.inputs.values)


def part_of(examples: Examples, dataset: Dataset) -> np.ndarray:
    """Place in PARTS (example,) of windows of the trained data; -1 for those that no part holds."""
    found = np.full(len(examples), -1)
    keys = examples.trial * examples.inputs.samples + examples.start
    for place, name in enumerate(PARTS):
        part: Examples = getattr(dataset, name)
        found[np.isin(keys, part.trial * part.inputs.samples + part.start)] = place
    return found


def portions(examples: Examples, size: int) -> Iterator[np.ndarray]:
    """Places of the examples, `size` at a time."""
    for first in range(0, len(examples), size):
        yield np.arange(first, min(first + size, len(examples)))
