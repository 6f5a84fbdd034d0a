"""How a network fires: rates, regularity, the population's rhythm, and the regime that these make (Brunel 2000)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from headroom.core.recording import Recording

SEGMENT = 0.2
"""Of the population rate, whose spectra are averaged [s]: a resolution of 5 Hz."""
LOWEST, HIGHEST = 5.0, 1000.0
"""Frequencies among which the spectrum's peak is looked for [Hz]."""
SYNCHRONOUS = 0.35
"""Synchrony above which a network is synchronous: seven seeds of 12,500 neurons gave .21 to .24 for AI, above .45 for the others."""
REGULAR = 0.2
"""CV of intervals below which neurons fire regularly."""
FAST = 60.0
"""Frequency of the peak above which a synchronous irregular network is fast [Hz]: beats by delays, not by membranes."""
ENOUGH = 4
"""Spikes of a neuron from which its CV counts."""


@dataclass(frozen=True)
class Firing:
    """What tells the regimes apart."""

    rate: float  # of a neuron [Hz]
    cv: float  # of the intervals between a neuron's spikes, mean over neurons
    frequency: float  # where the spectrum of the population rate peaks [Hz]
    height: float  # of that peak, over the flat spectrum of as many independent Poisson neurons
    synchrony: float  # 0 independent voltages, 1 identical ones

    @property
    def regime(self) -> str:
        """SR, SI fast, SI slow, AR or AI; quiet where nobody fires often enough to say."""
        if np.isnan(self.cv):
            return "quiet"
        together, clocked = self.synchrony > SYNCHRONOUS, self.cv < REGULAR
        name = ("S" if together else "A") + ("R" if clocked else "I")
        return name if name != "SI" else f"SI {'fast' if self.frequency > FAST else 'slow'}"


def measured(recording: Recording, neurons: int) -> Firing:
    """Firing of a network of so many neurons, of which the recording holds everybody's `rate` and some voltages and spikes."""
    frequencies, power = spectrum(recording, neurons)
    band = (frequencies >= LOWEST) & (frequencies <= HIGHEST)
    peak = int(np.argmax(np.where(band, power, 0.0)))
    rate = float(np.mean(recording.extras["rate"], dtype=float))
    return Firing(rate, irregularity(recording), float(frequencies[peak]), float(power[peak]), synchrony(recording.states.values))


def spectrum(recording: Recording, neurons: int) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies [Hz] and power of the population rate (Welch's method, mean over trials), 1 for independent Poisson neurons."""
    from scipy.signal import welch

    rate, step = np.asarray(recording.extras["rate"], float), float(recording.extras["step"])
    frequencies, power = welch(rate, fs=1 / step, nperseg=min(round(SEGMENT / step), rate.shape[1]))
    level = 2 * rate.mean() / neurons
    return frequencies, power.mean(axis=0) / level if level else np.zeros_like(frequencies)


def irregularity(recording: Recording) -> float:
    """Mean coefficient of variation of the intervals of every neuron that spikes often enough; NaN where none does."""
    found = [intervals.std() / intervals.mean() for intervals in between_spikes(recording)]
    return float(np.mean(found)) if found else float("nan")


def between_spikes(recording: Recording) -> Iterator[np.ndarray]:
    """Intervals (interval,) [s] of every neuron and trial with at least four spikes."""
    extras = recording.extras
    order = np.lexsort((extras["spike_step"], extras["spike_neuron"], extras["spike_trial"]))
    owner = (extras["spike_trial"].astype(np.int64) * len(recording.states.channels) + extras["spike_neuron"])[order]
    bounds = np.flatnonzero(np.diff(owner)) + 1
    for steps in np.split(extras["spike_step"][order], bounds):
        if len(steps) >= ENOUGH:
            yield np.diff(steps) * float(extras["step"])


def synchrony(voltage: np.ndarray) -> float:
    """SD over time of the mean voltage over the root mean variance of single ones, (trial, time, neuron) (Golomb and Rinzel 1994).

    N independent neurons have 1 / sqrt(N).
    """
    values = np.asarray(voltage, float)
    single = values.var(axis=1).mean(axis=1)
    together = values.mean(axis=2).var(axis=1)
    return float(np.sqrt(together / np.where(single > 0, single, 1)).mean())
