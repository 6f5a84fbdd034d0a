"""Spikes estimated from fluorescence: OASIS with a kernel that decays exponentially (Friedrich, Zhou and Paninski 2017)."""

from dataclasses import replace
from typing import Annotated

import numpy as np
from annotated_types import Ge, Gt

from headroom.core.randomness import Streams
from headroom.core.settings import settings
from headroom.core.signal import Signal


@settings
class Deconvolve:
    """Non-negative spikes s that minimise |c + baseline - F|^2 / 2 + penalty |s|_1 with c_t = exp(-dt / decay) c_(t-1) + s_t.

    Deconvolution of the whole recording, as is usual, lets each estimate rest on later frames: a decoder of these is causal in name only.
    What is called noise afterwards is what the noise before has changed, neither white nor Gaussian.
    """

    decay: Annotated[float, Gt(0)] = 0.6
    """Time constant of the decay [s]."""
    penalty: Annotated[float, Ge(0)] = 0.0
    """Weight of the spikes' sum: more gives fewer of them [the signal's unit]."""
    baseline: float = 0.0
    """Fluorescence without calcium, the same in every channel [the signal's unit]."""
    lag: Annotated[int, Ge(0)] | None = 0
    """How many frames beyond a moment its estimate rests on; 0: it is causal. Null: the whole recording, as is usual."""

    def apply(self, signal: Signal, rng: Streams) -> Signal:
        """The spikes (trial, time, channel), none in the first sample, in the signal's unit; the clean ones from the clean signal."""
        values = self._spikes(signal.values, signal.dt)
        clean = None if signal.clean is None else self._spikes(signal.clean, signal.dt)
        noise_sd = None if clean is None else (values - clean).std(axis=(0, 1), dtype=float)
        return replace(signal, values=values, clean=clean, noise_sd=noise_sd)

    def _spikes(self, fluorescence: np.ndarray, dt: float) -> np.ndarray:
        from headroom.observations._oasis import spikes

        decay, lag = float(np.exp(-dt / self.decay)), -1 if self.lag is None else self.lag
        out, found = np.empty_like(fluorescence), np.empty(fluorescence.shape[1])
        for trial in range(fluorescence.shape[0]):
            for channel in range(fluorescence.shape[2]):
                spikes(fluorescence[trial, :, channel].astype(float) - self.baseline, decay, self.penalty, lag, found)
                out[trial, :, channel] = found
        return out
