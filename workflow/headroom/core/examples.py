"""Examples: windows into a signal by index, and the targets that belong to them. Windows are never materialised."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from headroom.core.signal import Signal

Kind = Literal["ahead", "same_time", "window", "category"]
OF_NUMBERS: tuple[Kind, ...] = ("ahead", "same_time", "window")
"""Kinds of target that are numbers of their own: what a model answers that names no others."""


@dataclass(frozen=True)
class Target:
    """What a model is asked for."""

    kind: Kind
    names: tuple[str, ...]
    unit: str = ""


@dataclass(frozen=True)
class Scale:
    """Mean and SD of each input and track channel, fitted on what the split says (train only, unless it says otherwise)."""

    mean: np.ndarray  # (channel,)
    sd: np.ndarray  # (channel,)
    track_mean: np.ndarray  # (target,)
    track_sd: np.ndarray  # (target,)


@dataclass(frozen=True)
class Examples:
    """Example i sees inputs[trial, start : start + length]; its targets are track[trial, start + length - 1 + offset].

    A horizon is a positive offset, centred decoding a negative one.
    """

    inputs: Signal
    track: Signal
    trial: np.ndarray  # (example,)
    start: np.ndarray  # (example,)
    length: int
    """Samples in a window."""
    offsets: tuple[int, ...]
    """Samples from the window's last one to each target."""
    scale: Scale | None = None
    given: Mapping[str, np.ndarray] = field(default_factory=dict)  # the recording's extras that a model asks for, such as its graph
    context: Mapping[str, np.ndarray] = field(default_factory=dict)
    """Arrays by example that no model is fitted to: `trial` and `start`, where a window made by a roll-out came from; `events` (example,
    offset, target), whether an event such as a spike stands at a target, where the system has any."""

    def __len__(self) -> int:
        return len(self.trial)

    @property
    def last(self) -> np.ndarray:
        """Index (example,) of each window's last sample."""
        return self.start + self.length - 1

    def take(self, index: np.ndarray) -> "Examples":
        """The examples at `index` (whole numbers or a mask)."""
        context = {name: values[index] for name, values in self.context.items()}
        return replace(self, trial=self.trial[index], start=self.start[index], context=context)

    def windows(self, index: np.ndarray | slice = slice(None)) -> np.ndarray:
        """What the examples at `index` see (example, length, channel)."""
        steps = self.start[index][:, None] + np.arange(self.length)
        return self.inputs.values[self.trial[index][:, None], steps]

    def targets(self, index: np.ndarray | slice = slice(None), *, clean: bool = False) -> np.ndarray:
        """What the examples at `index` are asked for (example, offset, target); `clean` without measurement noise."""
        source = self.track.truth() if clean else self.track.values
        steps = self.last[index][:, None] + np.asarray(self.offsets)
        return source[self.trial[index][:, None], steps]

    def dense(self, index: np.ndarray | slice = slice(None)) -> np.ndarray:
        """A target at every step of each window (example, length, offset, target): for causal many-to-many training."""
        steps = self.start[index][:, None] + np.arange(self.length)
        return self.track.values[self.trial[index][:, None, None], steps[:, :, None] + np.asarray(self.offsets)]

    def origin(self) -> tuple[np.ndarray, np.ndarray]:
        """Trial and start sample of each window in the recording, also where a roll-out has copied the window."""
        return self.context.get("trial", self.trial), self.context.get("start", self.start)
