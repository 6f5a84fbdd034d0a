"""Forecasting: given the recent past of every channel, predict the same channels some samples ahead."""

from dataclasses import replace
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge

from headroom.core.errors import HeadroomError
from headroom.core.events import events_at
from headroom.core.examples import Examples, Kind, Target
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.core.signal import Signal

Steps = Annotated[int, Ge(1)]


@settings
class Forecasting:
    """Every window of the observed signal, and the same signal at each horizon after it."""

    name: ClassVar[str] = "forecast"
    kind_of_target: ClassVar[Kind] = "ahead"

    window: Steps = 30
    """What a model sees [samples]."""
    offsets: tuple[Steps, ...] = (1,)
    """Horizons [samples]; one fit answers all of them."""
    stride: Steps = 1
    """From one window to the next [samples]."""
    rollout: Annotated[int, Ge(0)] = 0
    """How far one-step forecasts are fed back to forecast further, inside the test block [samples]; 0: not at all."""

    def target(self, recording: Recording, observed: Signal) -> Target:
        """Every observed channel, ahead."""
        return Target("ahead", observed.channels, observed.unit)

    def examples(self, recording: Recording, observed: Signal) -> Examples:
        """Windows whose furthest horizon lies inside the trial, with measured targets; raises HeadroomError where there is none."""
        span = self.window + max(self.offsets)
        if span > observed.samples:
            found = f"a trial has {observed.samples} samples"
            raise HeadroomError(f"tasks: {found}, but a window of {self.window} and its furthest horizon span {span}; shorten them")
        starts = np.arange(0, observed.samples - span + 1, self.stride)
        trial, start = (axis.ravel() for axis in np.meshgrid(np.arange(observed.trials), starts, indexing="ij"))
        every = Examples(observed, observed, trial, start, self.window, self.offsets)
        measured = every.take(_measured(recording, every))
        events = events_at(recording, measured)
        return measured if events is None else replace(measured, context={"events": events})


def _measured(recording: Recording, examples: Examples) -> np.ndarray:
    """Whether every target of an example (example,) was measured: what a reader filled in is no truth to score by."""
    filled = recording.extras.get("interpolated")
    if filled is None:
        return np.ones(len(examples), bool)
    steps = examples.last[:, None] + np.asarray(examples.offsets)
    somewhere = np.asarray(filled.any(axis=2))
    return np.asarray(~somewhere[examples.trial[:, None], steps].any(axis=1))
