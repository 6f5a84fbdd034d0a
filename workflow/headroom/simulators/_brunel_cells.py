"""The neurons of a Brunel network: what moves them, in integration steps."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Cells:
    """Leaky integrate-and-fire neurons dV/dt = (rest - V) / tau, with delta synapses of one delay."""

    step: float
    """Integration step [s]."""
    tau: float
    """Membrane time constant [s]."""
    rest: float
    """Resting potential [mV]."""
    threshold: float
    """Voltage above which a neuron fires [mV]."""
    reset: float
    """Voltage after a spike [mV]."""
    refractory: int
    """Steps from a spike to the next one possible."""
    delay: int
    """Steps from a spike to its arrival."""

    @property
    def memory(self) -> int:
        """How many steps back a spike still matters: its neuron is refractory, or it has not arrived."""
        return max(self.refractory, self.delay)

    def constants(self, dtype: np.dtype) -> np.ndarray:
        """What the kernel computes with: step / tau, rest, threshold, reset."""
        return np.array([self.step / self.tau, self.rest, self.threshold, self.reset], dtype)


def in_steps(time: float, step: float) -> int:
    """A time [s] in whole steps [s]; the settings' own check says where it is none."""
    return round(time / step)


def is_whole(time: float, step: float) -> bool:
    """Whether a time is a whole number of steps, as far as decimal fractions allow."""
    return abs(time / step - in_steps(time, step)) < 1e-6
