"""Which trials, blocks and seeds each resample counts how often; the same for every cell that is compared."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

Generators = Callable[..., np.random.Generator]
"""A generator by name: the same names give the same numbers."""
ENOUGH_SEEDS = 5
"""Fewer seeds than these are averaged, not resampled."""


@dataclass(frozen=True)
class Resampler:
    """Bootstrap weights of one system: drawn by its name, so that models, noise levels and horizons stay paired."""

    system: str
    generators: Generators
    draws: int = 1000
    """Number of resamples."""
    _seen: dict[tuple[str, int, int], np.ndarray] = field(default_factory=dict, repr=False)

    def units(self, count: int, block: int = 1) -> np.ndarray:
        """How often each of `count` units is in each resample (draw, count), drawn in runs of `block` neighbours.

        Kuensch (1989), the moving-block bootstrap; with block 1, the ordinary bootstrap.
        """
        if ("units", count, block) not in self._seen:
            uniform = self.generators(self.system, "units").random((self.draws, count))[:, : -(-count // block)]
            start = (uniform * (count - block + 1)).astype(np.int64)  # (draw, block)
            picked = (start[:, :, None] + np.arange(block)).reshape(self.draws, -1)[:, :count]
            self._seen["units", count, block] = _count(picked, count)
        return self._seen["units", count, block]

    def seeds(self, count: int) -> np.ndarray:
        """The share of each of `count` seeds in each resample (draw, count); equal shares below five seeds."""
        if count < ENOUGH_SEEDS:
            return np.full((self.draws, count), 1 / count)
        if ("seeds", count, 1) not in self._seen:
            picked = self.generators(self.system, "seeds").integers(count, size=(self.draws, count))
            self._seen["seeds", count, 1] = _count(picked, count) / count
        return self._seen["seeds", count, 1]


def _count(picked: np.ndarray, count: int) -> np.ndarray:
    rows = np.arange(len(picked))[:, None]
    return np.bincount((rows * count + picked).ravel(), minlength=len(picked) * count).reshape(len(picked), count).astype(float)


def autocorrelation_time(series: np.ndarray) -> np.ndarray:
    """Integrated autocorrelation time (...) of series (time, ...), in samples: 1 for white noise, never less.

    1 + 2 sum rho_k over lags up to five times the result (Sokal 1997, Monte Carlo methods in statistical mechanics).
    """
    centred = series - series.mean(axis=0)
    count = len(series)
    spectrum = np.abs(np.fft.rfft(centred, 2 * count, axis=0)) ** 2
    covariance = np.fft.irfft(spectrum, axis=0)[:count]
    with np.errstate(invalid="ignore", divide="ignore"):
        times = 2 * np.cumsum(np.nan_to_num(covariance / covariance[0]), axis=0) - 1  # (lag, ...)
    lags = np.arange(count).reshape(-1, *(1,) * (series.ndim - 1))
    settled = lags >= 5 * np.maximum(times, 1)
    chosen = np.where(settled.any(axis=0), settled.argmax(axis=0), count - 1)
    return np.maximum(np.take_along_axis(times, chosen[None], axis=0)[0], 1.0)
