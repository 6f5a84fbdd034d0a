"""Pulses on the input of Jansen-Rit columns: what evokes a potential."""

from typing import Annotated

import numpy as np
from annotated_types import Ge, Gt

from headroom.core.settings import settings


@settings
class Pulse:
    """A train of rectangular pulses that has always gone on: one starts `onset` into the recording."""

    onset: float = 0.2
    """From the recording's first sample to the start of a pulse [s]."""
    width: Annotated[float, Gt(0)] = 0.05
    """Duration of a pulse [s]."""
    period: Annotated[float, Gt(0)] = 1.0
    """From pulse to pulse [s]."""
    pyramidal: Annotated[float, Ge(0)] = 0.0
    """Height on pyramidal cells, as a fraction of that on excitatory interneurons."""
    inhibitory: Annotated[float, Ge(0)] = 0.0
    """Height on inhibitory interneurons, the same."""

    def share(self, time: np.ndarray, duration: float) -> np.ndarray:
        """The fraction of time .. time + duration [s] that pulses last, in the shape of `time`."""
        return (self._lasted(time + duration) - self._lasted(time)) / duration

    def _lasted(self, time: np.ndarray) -> np.ndarray:
        """For how long pulses have lasted from the first onset to `time` [s]; below 0 before it."""
        periods, rest = np.divmod(time - self.onset, self.period)
        return periods * min(self.width, self.period) + np.minimum(rest, self.width)
