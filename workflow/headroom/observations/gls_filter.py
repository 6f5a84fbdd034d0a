"""The source from all sensors: the linear filter of unit gain and least noise (Aitken 1935; Van Veen et al. 1997).

With one source and noise that is separable in space and time, its output holds all that the sensors know of the source.
"""

from dataclasses import replace
from typing import Annotated

import numpy as np
from annotated_types import Gt

from headroom.core.errors import HeadroomError
from headroom.core.lead_field import LeadField
from headroom.core.randomness import Streams
from headroom.core.settings import settings
from headroom.core.shape import Extent
from headroom.core.signal import Signal
from headroom.observations._head import Head
from headroom.observations._headed import Headed


@settings
class GlsFilter(Headed):
    """Generalised least squares with a lead field and a noise covariance; another head than the sensors' own is a misplaced source."""

    background: Annotated[float, Gt(0)] = 10.0
    """RMS of the background's potentials over sensors [uV]; its ratio to `sensor` is what counts."""
    sensor: Annotated[float, Gt(0)] = 2.0
    """SD of each sensor's own noise [uV]."""
    head: Head = Head()
    """The head that the filter is made for."""

    def through(self, lead_field: LeadField, signal: Signal, rng: Streams) -> Signal:
        """The source [mV]; its noise SD is that of the noise in this signal. Raises HeadroomError for other sensors than the head's."""
        if signal.channels != lead_field.channels:
            found, expected = ", ".join(signal.channels[:3]), ", ".join(lead_field.channels[:3])
            raise HeadroomError(f"gls_filter: found channels {found}, ...; expected {expected}, ..., as eeg gives them in the same montage")
        weights = lead_field.filter(lead_field.covariance(self.background, self.sensor)).astype(signal.values.dtype)
        values = (signal.values @ weights)[..., None]
        clean = None if signal.clean is None else (signal.clean @ weights)[..., None]
        noise_sd = None if clean is None else np.sqrt(((values - clean).astype(float) ** 2).mean(axis=(0, 1)))
        return replace(signal, values=values, channels=("source",), unit="mV", clean=clean, noise_sd=noise_sd)

    def extent(self, seen: Extent) -> Extent:
        """Size of what it gives of a signal of size `seen`."""
        return replace(seen, channels=1)
