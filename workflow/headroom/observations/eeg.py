"""The electroencephalogram of one source: its dipole's potentials at the sensors, against their average (Nunez and Srinivasan 2006)."""

from dataclasses import replace

import numpy as np

from headroom.core.errors import HeadroomError
from headroom.core.lead_field import LeadField
from headroom.core.randomness import Streams
from headroom.core.settings import settings
from headroom.core.shape import Extent
from headroom.core.signal import Signal
from headroom.observations._head import Head
from headroom.observations._headed import Headed

BIOSEMI = 64


@settings
class Eeg(Headed):
    """Every sensor sees the source with the gain of the lead field, which MNE-Python works out for spheres or a subject's own head."""

    head: Head = Head()
    """Sensors, and where the source lies."""

    def through(self, lead_field: LeadField, signal: Signal, rng: Streams) -> Signal:
        """Potentials (trial, time, sensor) [uV] in single precision; raises HeadroomError where there is not one source without noise."""
        if len(signal.channels) != 1 or signal.clean is not None:
            found = f"{len(signal.channels)} channels" if signal.clean is None else "noise"
            raise HeadroomError(f"eeg: found {found} before it; expected one source [mV] that nothing was added to")
        values = signal.values.astype(np.float32) * lead_field.source.astype(np.float32)
        return replace(signal, values=values, channels=lead_field.channels, unit="uV")

    def extent(self, seen: Extent) -> Extent:
        """Size of what it gives of a signal of size `seen`, with the sensors of biosemi64."""
        return replace(seen, channels=BIOSEMI)
