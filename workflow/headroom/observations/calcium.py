"""Fluorescence of a calcium indicator: spikes through a kernel that rises and decays exponentially (Vogelstein et al. 2010)."""

from dataclasses import replace
from typing import Annotated

import numpy as np
from annotated_types import Gt

from headroom.core.randomness import Streams
from headroom.core.settings import settings
from headroom.core.signal import Signal


@settings
class Calcium:
    """c_t = (d + r) c_(t-1) - d r c_(t-2) + a s_t, d and r the decay of a frame with either time constant; one spike peaks at 1.

    Measurement noise is a step of its own: white, with `relative: false`, is in units of a single spike's peak.
    """

    rise: Annotated[float, Gt(0)] = 0.08
    """Time constant of the rise [s]."""
    decay: Annotated[float, Gt(0)] = 0.6
    """Time constant of the decay [s]."""
    unit: str = "dF/F"
    """What the fluorescence is measured in."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        return [f"rise: found {self.rise:g} s; expected below decay, {self.decay:g} s"] if self.rise >= self.decay else []

    def apply(self, signal: Signal, rng: Streams) -> Signal:
        """The fluorescence of spike counts (trial, time, channel), at rest before the first sample; clean values follow.

        Noise that the signal has already is filtered as well, and its SD given where the filter has settled.
        """
        kernel = self.kernel(signal.dt, round(20 * self.decay / signal.dt) + 1)
        clean = None if signal.clean is None else self._filtered(signal.clean, signal.dt)
        noise_sd = None if signal.noise_sd is None else signal.noise_sd * np.sqrt((kernel**2).sum())
        values = self._filtered(signal.values, signal.dt)
        return replace(signal, values=values, unit=self.unit, clean=clean, noise_sd=noise_sd)

    def kernel(self, dt: float, samples: int) -> np.ndarray:
        """Response (sample,) to one spike in sample 0."""
        d, r = np.exp(-dt / self.decay), np.exp(-dt / self.rise)
        ages = np.arange(1, samples + 1)
        return np.asarray((d**ages - r**ages) / self._peak(d, r))

    def _filtered(self, values: np.ndarray, dt: float) -> np.ndarray:
        from scipy.signal import lfilter

        d, r = np.exp(-dt / self.decay), np.exp(-dt / self.rise)
        out = np.empty_like(values)
        for trial, counts in enumerate(values):
            out[trial] = lfilter([(d - r) / self._peak(d, r)], [1, -(d + r), d * r], counts.astype(float), axis=0)
        return out

    def _peak(self, d: float, r: float) -> float:
        """Greatest value of d^n - r^n over whole n >= 1."""
        best = max(1.0, np.log(np.log(r) / np.log(d)) / (np.log(d) - np.log(r)))
        ages = np.array([np.floor(best), np.ceil(best)])
        return float((d**ages - r**ages).max())
