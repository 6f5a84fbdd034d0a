"""Trajectories made ready for their measures, and surrogates that share nothing with them but their linear correlations."""

import numpy as np


def standardised(series: np.ndarray) -> np.ndarray:
    """The channels of series (time, channel) that vary, with mean 0 and SD 1."""
    sd = series.std(axis=0)
    kept = sd > 1e-9 * np.maximum(1e-9, np.abs(series).max(axis=0, initial=0))
    return (series[:, kept] - series[:, kept].mean(axis=0)) / sd[kept]


def mean_period(series: np.ndarray) -> float:
    """One over the mean frequency of the power of all channels of series (time, channel) [samples] (Rosenstein et al. 1993)."""
    power = (np.abs(np.fft.rfft(standardised(series), axis=0)) ** 2).sum(axis=1)
    frequency = np.fft.rfftfreq(len(series))
    return float(power.sum() / (frequency @ power)) if power.sum() > 0 else 1.0


def surrogate(series: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Phases of series (time, channel) turned by chance, the same for all channels of a frequency (Prichard and Theiler 1994).

    Spectra and correlations between channels stay as they are; whatever else made the trajectory is gone.
    """
    spectrum = np.fft.rfft(series, axis=0)
    turn = np.exp(2j * np.pi * rng.random(len(spectrum)))
    turn[0] = 1.0
    if len(series) % 2 == 0:
        turn[-1] = rng.choice([-1.0, 1.0])
    return np.fft.irfft(spectrum * turn[:, None], len(series), axis=0)
