"""What is left of the ongoing electroencephalogram in an average of trials: dipoles all over the brain with a 1/f and alpha spectrum.

Dipoles and sensors are given one spectrum, so that the noise is separable in space and time and one source has a sufficient statistic
of one channel (gls_filter). Real sensors are whiter than that.
"""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from annotated_types import Ge, Gt, Le, Lt

from headroom.core.errors import HeadroomError
from headroom.core.lead_field import LeadField
from headroom.core.randomness import Streams
from headroom.core.settings import settings
from headroom.core.signal import Signal
from headroom.observations._head import Head
from headroom.observations._headed import Headed

Positive = Annotated[float, Gt(0)]
BAND = 500.0
"""The amplifier's [Hz]: RMS values are of this band, of which a slower sampling sees the lower part."""


@settings
class EegBackground(Headed):
    """Fresh noise for every recording. Levels are factors on its SD and share their draws; level 0 has the SD of `floor`."""

    level: Annotated[float, Ge(0)] = 1.0
    """Noise SD as a multiple of a real recording's."""
    filtered: bool = False
    """Whether the signal is the source itself, as the spatial filter of gls_filter gives it: then one channel of noise is drawn, the same
    that the filter would leave of the noise of all sensors."""
    background: Positive = 10.0
    """RMS of the dipoles' potentials over sensors, in one trial [uV]."""
    sensor: Positive = 2.0
    """SD of each sensor's own noise, in one trial [uV]."""
    averaged: Annotated[int, Ge(1)] = 60
    """Trials in the average."""
    floor: Positive = 0.02
    """RMS over sensors of the least noise, without which data would hold infinite information [uV]."""
    alpha: Annotated[float, Ge(0), Le(1)] = 0.4
    """Share of the alpha rhythm, 10 Hz with an SD of 1 Hz, in the noise's power; the rest falls as 1/f from `corner` on."""
    corner: Positive = 1.0
    """Below it the 1/f part is flat [Hz]."""
    assumed: tuple[Annotated[float, Ge(0)], Positive] | None = None
    """Background and sensor noise that the filter takes for granted, right or wrong; null: those above [uV]."""
    shift_at: Annotated[float, Ge(0), Lt(1)] = 6 / 11
    """From where on the filter is made for what is `assumed` and for a `head` that is misplaced: a robustness check; before it is right
    [fraction of the recordings]. 6/11 is where 1000 of 2200, in their order, are tested on."""
    head: Head = Head()
    """Sensors, and where source and dipoles lie."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        of_filter = {} if self.filtered else {"assumed": self.assumed, "head.misplaced": self.head.misplaced}
        wrong = [f"{name}: expected only where `filtered` is true, since it is of the filter" for name, said in of_filter.items() if said]
        return self.head.problems() + wrong

    def through(self, lead_field: LeadField, signal: Signal, rng: Streams) -> Signal:
        """The noisy signal, with what a wrong filter does to it as if it were noise of the usual kind.

        Raises HeadroomError where its channels are not the sensors, or not one where the noise is filtered.
        """
        expected = 1 if self.filtered else len(lead_field.channels)
        if len(signal.channels) != expected:
            words = "one source" if self.filtered else f"the {expected} sensors of its head"
            raise HeadroomError(f"eeg_background: found {len(signal.channels)} channels; expected {words}; set filtered to say which")
        mixing = self._scaled(lead_field) * self._mixing(lead_field)
        rhythm = self._rhythm(signal.dt, signal.samples)
        noise = np.empty(signal.values.shape, np.float32)
        for trial, values in enumerate(noise):
            white = rng(trial).standard_normal((mixing.shape[1], rhythm.length), dtype=np.float32)
            values[:] = (mixing.astype(np.float32) @ rhythm.coloured(white)).T
        if self.assumed or self.head.misplaced:
            self._mistake(noise, signal, lead_field)
        sd = np.sqrt((mixing**2).sum(axis=1)) * rhythm.sd
        return signal.with_noise(noise, sd, rhythm.memory)

    def covariance(self, lead_field: LeadField) -> np.ndarray:
        """Of one trial's noise over sensors [uV^2]."""
        return lead_field.covariance(self.background, self.sensor)

    def _mistake(self, noise: np.ndarray, signal: Signal, lead_field: LeadField) -> None:
        """Adds what a wrong filter does to the later recordings to their noise."""
        late = slice(round(self.shift_at * len(noise)), None)
        assumed = lead_field.covariance(*(self.assumed or (self.background, self.sensor)))
        gain, louder = lead_field.mistaken(self.covariance(lead_field), assumed)
        noise[late] = louder * noise[late] + (gain - 1) * signal.values[late]

    def _scaled(self, lead_field: LeadField) -> float:
        """The SD of the average as a fraction of one trial's."""
        trial = np.sqrt(np.diag(self.covariance(lead_field)).mean())
        return max(self.level / np.sqrt(self.averaged), self.floor / float(trial))

    def _mixing(self, lead_field: LeadField) -> np.ndarray:
        """From white noise to that of all sensors [uV], or to the one channel that the filter leaves of it [mV]."""
        covariance = self.covariance(lead_field)
        mixing = lead_field.mixing(covariance)
        return np.abs(lead_field.filter(covariance) @ mixing)[None, :1] if self.filtered else mixing

    def _rhythm(self, dt: float, samples: int) -> "Rhythm":
        from scipy.fft import next_fast_len

        length = next_fast_len(2 * samples, real=True)
        whole = np.arange(0, BAND + 1e-9, 1 / (length * dt))
        power = self._power(whole)
        return Rhythm(length, samples, (power / power.sum())[: length // 2 + 1])

    def _power(self, frequency: np.ndarray) -> np.ndarray:
        """Power spectrum at frequencies [Hz], of any size."""
        falling = 1 / np.maximum(frequency, self.corner)
        peak = np.exp(-((frequency - 10.0) ** 2) / 2)
        return (1 - self.alpha) * falling / falling.sum() + self.alpha * peak / peak.sum()


@dataclass(frozen=True)
class Rhythm:
    """Stationary noise on a circle twice as long as a recording, of which a recording sees one half."""

    length: int
    samples: int
    power: np.ndarray  # (frequency,): shares of the variance in the whole band

    @property
    def memory(self) -> np.ndarray:
        """Autocorrelation (lag,)."""
        covariance = np.fft.irfft(self._gain() ** 2, self.length)[: self.samples]
        return np.asarray(covariance / covariance[0])

    @property
    def sd(self) -> float:
        """SD of `coloured`."""
        return float(np.sqrt(np.fft.irfft(self._gain() ** 2, self.length)[0]))

    def coloured(self, white: np.ndarray) -> np.ndarray:
        """Noise (channel, time) of white noise (channel, length), in its precision."""
        from scipy.fft import irfft, rfft

        return np.asarray(irfft(rfft(white) * self._gain().astype(white.dtype), self.length)[:, : self.samples])

    def _gain(self) -> np.ndarray:
        """Amplitude (frequency,) that white noise of variance 1 is multiplied by; frequencies above the band have none."""
        power = np.zeros(self.length // 2 + 1)
        power[: len(self.power)] = self.power
        twice = np.full(len(power), 2.0)  # each frequency has a negative twin, but for 0 and Nyquist's
        twice[0], twice[-1] = 1.0, 2.0 if self.length % 2 else 1.0
        return np.asarray(np.sqrt(power * self.length / twice))
