"""Reconstruction: every state of the system at a moment, from what was observed about that moment."""

from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge

from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Kind, Target
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.core.signal import Signal


@settings
class Reconstruction:
    """A window about a sample of the observed signal, and all true states at that sample, named as the simulator names them.

    Which samples are asked for depends on `margin` and `stride` alone, so that models of any context are scored on the same ones.
    A model reads less of the window by a `context` of its own, or the whole trial where it says so.
    """

    name: ClassVar[str] = "reconstruct"
    kind_of_target: ClassVar[Kind] = "same_time"
    rollout: ClassVar[int] = 0

    window: Annotated[int, Ge(0)] = 40
    """Samples either side of the one asked for that a window shows; 0: that sample alone."""
    margin: Annotated[int, Ge(0)] = 100
    """Samples at both ends of a trial that are never asked for; at least `window`."""
    stride: Annotated[int, Ge(1)] = 5
    """From one sample that is asked for to the next."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        return [f"margin is {self.margin}, below window = {self.window}"] if self.margin < self.window else []

    def target(self, recording: Recording, observed: Signal) -> Target:
        """Every state of the recording, in its own unit."""
        return Target("same_time", recording.states.channels, recording.states.unit)

    def examples(self, recording: Recording, observed: Signal) -> Examples:
        """Windows off the margins; raises HeadroomError where a trial is too short, or states and observation differ in their clock."""
        states = recording.states
        if states.samples != observed.samples or states.dt != observed.dt:
            found = f"{observed.samples} samples of {observed.dt:g} s are observed, and {states.samples} of {states.dt:g} s are states"
            raise HeadroomError(f"tasks: {found}; reconstruction needs a sensor that keeps the clock")
        if observed.samples <= 2 * self.margin:
            raise HeadroomError(f"tasks: a trial has {observed.samples} samples, and the margins of {self.margin} leave none; shorten them")
        moments = np.arange(self.margin, observed.samples - self.margin, self.stride)
        trial, start = (axis.ravel() for axis in np.meshgrid(np.arange(observed.trials), moments - self.window, indexing="ij"))
        return Examples(observed, states, trial, start, 2 * self.window + 1, (-self.window,))
