"""White Gaussian measurement noise, its level relative to each channel or in physical units."""

from typing import Annotated

import numpy as np
from annotated_types import Ge

from headroom.core.randomness import Streams
from headroom.core.settings import settings
from headroom.core.signal import Signal


@settings
class White:
    """Independent normal noise on every sample; levels share their draws, so noise curves are paired."""

    level: Annotated[float, Ge(0)] = 0.1
    """Noise SD: a fraction of the clean signal's SD, by channel, pooled over trials; or in the signal's unit."""
    relative: bool = True
    """Whether the level is a fraction; else it is in the signal's unit, the same for all channels."""

    def apply(self, signal: Signal, rng: Streams) -> Signal:
        """The signal with noise of SD level x SD(clean channel), or of SD level."""
        scale = signal.truth().std(axis=(0, 1), dtype=float) if self.relative else np.ones(len(signal.channels))
        sd = self.level * scale  # (channel,)
        noise = np.empty_like(signal.values)
        for trial, values in enumerate(noise):
            values[...] = rng(trial).standard_normal(values.shape) * sd
        return signal.with_noise(noise, sd)
