"""The noise of the published benchmark of parameter inference: an ad hoc white covariance times a factor, as MNE-Python has it."""

from typing import Annotated

import numpy as np
from annotated_types import Ge, Gt

from headroom.core.randomness import Streams
from headroom.core.settings import settings
from headroom.core.signal import Signal


@settings
class PublishedEegNoise:
    """White and independent over sensors. Its smallness, a fiftieth of an electroencephalogram's, is the published one.

    The published code multiplied the covariance in place, once more for every recording, and drew the same numbers for all of them:
    below a factor of 1 nothing is left after a few recordings.
    """

    level: Annotated[float, Ge(0)] = 0.1
    """Factor on the covariance: published 0 and .11 to .95."""
    compounding: bool
    """Whether as published recording k gets the factor to the power k + 1 and the same draws as the others; else each its own, once."""
    sd: Annotated[float, Gt(0)] = 0.2
    """SD at a factor of 1, in one trial [the signal's unit, uV]."""
    averaged: Annotated[int, Ge(1)] = 60
    """Trials in the average."""

    def apply(self, signal: Signal, rng: Streams) -> Signal:
        """The noisy signal; the SD that oracles are told is the root mean square over recordings."""
        powers = np.arange(1, signal.trials + 1) if self.compounding else np.ones(signal.trials)
        sizes = self.sd / np.sqrt(self.averaged) * np.sqrt(self.level**powers)  # (trial,)
        noise = np.empty(signal.values.shape, signal.values.dtype)
        for trial, values in enumerate(noise):
            values[:] = sizes[trial] * rng(0 if self.compounding else trial).standard_normal(values.shape)
        return signal.with_noise(noise, np.full(len(signal.channels), np.sqrt((sizes**2).mean())))
