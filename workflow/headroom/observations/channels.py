"""Some of the channels: what a partial recording sees of the states."""

from dataclasses import replace
from typing import Annotated

from annotated_types import MinLen

from headroom.core.errors import HeadroomError
from headroom.core.randomness import Streams
from headroom.core.settings import settings
from headroom.core.shape import Extent
from headroom.core.signal import Signal


@settings
class Channels:
    """The named channels, in this order."""

    names: Annotated[tuple[str, ...], MinLen(1)]
    """What is kept, by name."""
    unit: str = ""
    """Their unit, where they share one that the whole signal does not; empty: the signal's."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        twice = sorted({name for name in self.names if self.names.count(name) > 1})
        return [f"names: found {', '.join(twice)} more than once; expected each channel once"] if twice else []

    def extent(self, seen: Extent) -> Extent:
        """Size of what it gives of a signal of size `seen`."""
        return replace(seen, channels=len(self.names))

    def apply(self, signal: Signal, rng: Streams) -> Signal:
        """The signal of those channels, clean values and noise SD with them; raises HeadroomError for an unknown name."""
        missing = [name for name in self.names if name not in signal.channels]
        if missing:
            raise HeadroomError(f"channels: found no channel {missing[0]!r}; expected some of {', '.join(signal.channels)}")
        kept = [signal.channels.index(name) for name in self.names]
        clean = None if signal.clean is None else signal.clean[..., kept]
        noise_sd = None if signal.noise_sd is None else signal.noise_sd[kept]
        unit = self.unit or signal.unit
        return replace(signal, values=signal.values[..., kept], channels=self.names, unit=unit, clean=clean, noise_sd=noise_sd)
