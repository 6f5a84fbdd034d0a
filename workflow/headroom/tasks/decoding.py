"""Decoding: which label belongs to what an instrument reads."""

from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge

from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Kind, Target
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.core.signal import Signal

Steps = Annotated[int, Ge(1)]
MOST = 999
"""Largest number of a class: greater ones are hardly labels."""


@settings
class Decoding:
    """A window of the observed signal, and the label at its last sample or some samples before that."""

    kind_of_target: ClassVar[Kind] = "category"
    rollout: ClassVar[int] = 0

    window: Steps = 16
    """What a model sees [samples]."""
    look: Annotated[int, Ge(0)] = 0
    """How far a model sees beyond the sample whose label it is asked for [samples]; 0: it is causal."""
    stride: Steps = 1
    """From one window to the next [samples]."""

    @property
    def name(self) -> str:
        """The name in the tables: decoders that see the future stand apart."""
        return "decode_centred" if self.look else "decode_causal"

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        return [f"look is {self.look}, not below window = {self.window}"] if self.look >= self.window else []

    def target(self, recording: Recording, observed: Signal) -> Target:
        """One of the label's classes; raises HeadroomError where the recording has no labels."""
        return Target("category", _classes(recording))

    def examples(self, recording: Recording, observed: Signal) -> Examples:
        """Windows inside a trial; the track is 1 for the class at hand and 0 for the others."""
        if self.window + self.look > observed.samples:
            found = f"a trial has {observed.samples} samples"
            raise HeadroomError(f"tasks: {found}, but a window of {self.window} with a look-ahead of {self.look} needs more; shorten them")
        starts = np.arange(self.look, observed.samples - self.window + 1, self.stride)
        trial, start = (axis.ravel() for axis in np.meshgrid(np.arange(observed.trials), starts, indexing="ij"))
        return Examples(observed, _one_hot(recording), trial, start, self.window, (-self.look,))


def _classes(recording: Recording) -> tuple[str, ...]:
    """Names of the classes: as the recording gives them, or the numbers themselves."""
    values, names = _labels(recording).values, recording.extras.get("label_names")
    count = len(names) if names is not None else int(values[values <= MOST].max(initial=0)) + 1
    wrong = np.argwhere(~np.isin(values, np.arange(count)))
    if len(wrong):
        trial, time, _ = wrong[0]
        place = f"label {values[tuple(wrong[0])]:g} at sample {time + 1} of trial {trial + 1}"
        raise HeadroomError(f"tasks: found {place}; expected whole numbers from 0 to {count - 1 if names is not None else MOST}")
    if count < 2:
        raise HeadroomError("tasks: the labels hold one class only; decoding needs at least two")
    return tuple(map(str, names if names is not None else range(count)))


def _one_hot(recording: Recording) -> Signal:
    labels, classes = _labels(recording), _classes(recording)
    values = labels.values == np.arange(len(classes))
    return Signal(values.astype(np.float32), labels.dt, classes)


def _labels(recording: Recording) -> Signal:
    if recording.labels is None:
        raise HeadroomError(
            "tasks: decoding needs labels, and the recording has none; say `label: COLUMN` where the recording is named, "
            "or name the column label"
        )
    if len(recording.labels.channels) != 1:
        found = ", ".join(recording.labels.channels)
        raise HeadroomError(f"tasks: decoding needs one label, and the recording has {len(recording.labels.channels)}: {found}")
    return recording.labels
