"""White noise drawn as in the published oscillators script: from the generator that has drawn the phases before."""

from typing import Annotated

import numpy as np
from annotated_types import Ge

from headroom.core.errors import HeadroomError
from headroom.core.randomness import Streams
from headroom.core.settings import settings
from headroom.core.signal import Signal


@settings
class PublishedWhite:
    """The noise of `sinusoids` with `published_seed`: one generator gives one phase per channel, then the noise."""

    level: Annotated[float, Ge(0)] = 0.05
    """Noise SD, the same in every channel [the signal's unit]."""
    seed: Annotated[int, Ge(0)] = 0
    """Seed of the published generator: the simulator's `published_seed`."""

    def apply(self, signal: Signal, rng: Streams) -> Signal:
        """The noisy signal; `rng` is not drawn from. Raises HeadroomError for more than the one published trial."""
        if signal.trials != 1:
            raise HeadroomError(f"published_white: the signal has {signal.trials} trials, the published one has 1; use white instead")
        generator = np.random.default_rng(self.seed)
        generator.uniform(0, 2 * np.pi, len(signal.channels))
        noise = self.level * generator.standard_normal(signal.values.shape[1:])  # (time, channel)
        return signal.with_noise(noise[None], np.full(len(signal.channels), self.level))
