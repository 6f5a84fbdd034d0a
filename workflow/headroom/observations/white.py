"""White Gaussian measurement noise, its level relative to each channel."""

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
    """Noise SD as a fraction of the clean signal's SD, by channel, pooled over trials."""

    def apply(self, signal: Signal, rng: Streams) -> Signal:
        """The signal with noise of SD level x SD(clean channel)."""
        sd = self.level * signal.truth().std(axis=(0, 1))  # (channel,)
        shape = signal.values.shape[1:]
        draws = np.stack([rng(trial).standard_normal(shape) for trial in range(signal.trials)])
        return signal.with_noise(draws * sd, sd)
