"""Slower sampling: a low-pass filter without delay, then every few samples (Oppenheim and Schafer 1975)."""

from dataclasses import replace
from typing import Annotated

import numpy as np
from annotated_types import Ge

from headroom.core.randomness import Streams
from headroom.core.settings import settings
from headroom.core.shape import Extent
from headroom.core.signal import Signal

HALF = 10
"""Half the filter's length, in new samples."""


@settings
class Decimate:
    """A windowed-sinc filter at the new Nyquist frequency; beyond its ends a signal counts as staying where it was."""

    every: Annotated[int, Ge(1)] = 10
    """Old samples to a new one."""

    def apply(self, signal: Signal, rng: Streams) -> Signal:
        """The signal at every few samples, the first included; clean values, and the noise's SD and memory follow."""
        if self.every == 1:
            return signal
        clean = None if signal.clean is None else self._thinned(signal.clean)
        sd, memory = signal.noise_sd, signal.noise_memory
        if sd is not None:
            gain, memory = self._remembered(signal)
            sd = sd * gain
        values = self._thinned(signal.values)
        return replace(signal, values=values, dt=signal.dt * self.every, clean=clean, noise_sd=sd, noise_memory=memory)

    def extent(self, seen: Extent) -> Extent:
        """Size of what it gives of a signal of size `seen`."""
        return replace(seen, samples=-(-seen.samples // self.every))

    def _kernel(self) -> np.ndarray:
        from scipy.signal import firwin

        return np.asarray(firwin(2 * HALF * self.every + 1, 1.0 / self.every))

    def _thinned(self, values: np.ndarray) -> np.ndarray:
        """One trial at a time: of many channels there may be gigabytes."""
        from scipy.signal import upfirdn

        beyond, kernel = HALF * self.every, self._kernel().astype(values.dtype)
        samples = -(-values.shape[1] // self.every)
        out = np.empty((len(values), samples, values.shape[2]), values.dtype)
        for trial, one in enumerate(values):
            padded = np.pad(one, ((beyond, beyond), (0, 0)), mode="edge")
            out[trial] = upfirdn(kernel, padded, down=self.every, axis=0)[2 * HALF :][:samples]
        return out

    def _remembered(self, signal: Signal) -> tuple[float, np.ndarray]:
        """What the filter makes of the noise's SD, and the memory of what it leaves."""
        kernel = self._kernel()
        memory = np.array([1.0]) if signal.noise_memory is None else signal.noise_memory
        both = np.concatenate([memory[:0:-1], memory])
        covariance = np.convolve(np.convolve(both, kernel), kernel[::-1])
        kept = covariance[len(covariance) // 2 :: self.every][: -(-signal.samples // self.every)]
        return float(np.sqrt(kept[0])), kept / kept[0]
