"""One channel against another: a bipolar lead, or the potential y1 - y2 of a Jansen-Rit column that an electroencephalogram sees."""

from dataclasses import replace

import numpy as np

from headroom.core.errors import HeadroomError
from headroom.core.randomness import Streams
from headroom.core.settings import settings
from headroom.core.shape import Extent
from headroom.core.signal import Signal


@settings
class Difference:
    """The one channel `plus` - `minus`."""

    plus: str
    """Name of the channel that counts."""
    minus: str
    """Name of the channel that is taken away."""
    name: str = ""
    """What the difference is called; empty: plus - minus."""
    unit: str = ""
    """Its unit, where the two share one that the whole signal does not; empty: the signal's."""

    def extent(self, seen: Extent) -> Extent:
        """Size of what it gives of a signal of size `seen`."""
        return replace(seen, channels=1)

    def apply(self, signal: Signal, rng: Streams) -> Signal:
        """The difference, and that of the clean values; independent noises add in variance. Raises HeadroomError for an unknown name."""
        missing = [name for name in (self.plus, self.minus) if name not in signal.channels]
        if missing:
            raise HeadroomError(f"difference: found no channel {missing[0]!r}; expected one of {', '.join(signal.channels)}")
        plus, minus = (signal.channels.index(name) for name in (self.plus, self.minus))
        values = signal.values[..., [plus]] - signal.values[..., [minus]]
        clean = None if signal.clean is None else signal.clean[..., [plus]] - signal.clean[..., [minus]]
        noise_sd = None if signal.noise_sd is None else np.hypot(signal.noise_sd[[plus]], signal.noise_sd[[minus]])
        name, unit = self.name or f"{self.plus} - {self.minus}", self.unit or signal.unit
        return replace(signal, values=values, channels=(name,), unit=unit, clean=clean, noise_sd=noise_sd)
