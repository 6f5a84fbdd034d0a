"""Sampled values that share one clock."""

from dataclasses import dataclass, field, replace

import numpy as np


@dataclass(frozen=True)
class Signal:
    """What an instrument reads, with what an oracle knows of its noise beside it.

    `clean` and `noise_sd` are for ceilings and for scores against the noise-free truth; no model is ever handed them.
    """

    values: np.ndarray  # (trial, time, channel), in `unit`
    dt: float
    """Sampling interval [s]."""
    channels: tuple[str, ...]
    unit: str = ""
    """Physical unit of the values; empty where they have none."""
    clean: np.ndarray | None = None  # (trial, time, channel): the same without measurement noise
    noise_sd: np.ndarray | None = None  # (channel,): SD of the measurement noise in `values`, in `unit`
    noise_memory: np.ndarray | None = field(default=None, metadata={"rare": True})
    """(lag,): autocorrelation of that noise, the same in all channels, 1 at lag 0; None where it is white."""

    def __post_init__(self) -> None:
        if self.values.ndim != 3 or self.values.shape[2] != len(self.channels):
            raise ValueError(f"values {self.values.shape} are not (trial, time, {len(self.channels)} channels)")
        if self.dt <= 0:
            raise ValueError(f"dt is {self.dt}; a sampling interval is above 0 s")
        if self.clean is not None and self.clean.shape != self.values.shape:
            raise ValueError(f"clean {self.clean.shape} and values {self.values.shape} differ in shape")

    @property
    def trials(self) -> int:
        """Number of trials."""
        return self.values.shape[0]

    @property
    def samples(self) -> int:
        """Number of samples of each trial."""
        return self.values.shape[1]

    def noise_correlation(self) -> np.ndarray | None:
        """Of the noise at any two samples of a trial (time, time); None where it is white."""
        if self.noise_memory is None:
            return None
        return self.noise_memory[np.abs(np.subtract.outer(np.arange(self.samples), np.arange(self.samples)))]

    def truth(self) -> np.ndarray:
        """The noise-free values (trial, time, channel) where they are known, else the values themselves."""
        return self.values if self.clean is None else self.clean

    def with_noise(self, noise: np.ndarray, sd: np.ndarray, memory: np.ndarray | None = None) -> "Signal":
        """The signal with noise (trial, time, channel) of known `sd` (channel,) added; single precision stays single.

        The noise is white, or has the autocorrelation `memory` (lag,). Raises ValueError where that would be added to other noise.
        """
        before = np.zeros(len(self.channels)) if self.noise_sd is None else self.noise_sd
        if before.any() and (memory is not None or self.noise_memory is not None):
            raise ValueError("noise with a memory is added to other noise; add it first and alone")
        values = (self.values + noise).astype(self.values.dtype)
        return replace(self, values=values, clean=self.truth(), noise_sd=np.hypot(before, sd), noise_memory=memory)

    def rescaled(self, mean: np.ndarray, sd: np.ndarray, unit: str) -> "Signal":
        """(values - mean) / sd for mean, sd (channel,), in the new unit; clean values and noise follow."""
        clean = None if self.clean is None else (self.clean - mean) / sd
        noise_sd = None if self.noise_sd is None else self.noise_sd / sd
        return replace(self, values=(self.values - mean) / sd, clean=clean, noise_sd=noise_sd, unit=unit)
