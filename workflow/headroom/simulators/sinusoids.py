"""Sinusoids of fixed frequencies, mixed linearly into channels: quasi-periodic, and exactly linearly predictable."""

from typing import Annotated, Literal

import numpy as np
from annotated_types import Ge, Gt, MinLen

from headroom.core.randomness import Streams
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.core.shape import Extent
from headroom.core.signal import Signal


@settings
class Sinusoids:
    """x = M s with s_k(t) = sin(omega_k t + phi_k), phases phi uniform; a trial is a draw of the phases."""

    trials: Annotated[int, Ge(1)] = 20
    """Realisations: other initial phases."""
    samples: Annotated[int, Ge(2)] = 1000
    """Samples per trial."""
    dt: Annotated[float, Gt(0)] = 0.5
    """Sampling interval [s]; the default is coarse, so that persistence explains about .7 of the variance and not .99."""
    frequencies: Annotated[tuple[float, ...], MinLen(1)] = (0.5, 0.75, 1.0, 1.25, 1.5)
    """Angular frequency omega of each oscillator [rad/s]; there are as many channels."""
    coupling: float = 0.2
    """Weight of each neighbour in a channel."""
    mixing: Literal["symmetric", "in_place"] = "symmetric"
    """How neighbours are added: to all channels at once, or channel after channel onto what is mixed already (as published)."""
    frequency_shift: Annotated[float, Gt(-1)] = 0.0
    """Relative change of every frequency from `shift_at` on, without a jump in phase: a robustness check."""
    shift_at: Annotated[float, Ge(0)] = 0.8
    """Where the frequencies change, as a fraction of the trial; .8 is where a 60/20/20 split starts its test block."""
    published_seed: int | None = None
    """Draw the phases of the only trial from numpy.random.default_rng(published_seed); None: from the trial's own stream."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        if self.published_seed is None or self.trials == 1:
            return []
        return [f"published_seed fixes the phases of one realisation but trials is {self.trials}; set trials: 1"]

    def simulate(self, rng: Streams) -> Recording:
        """States x (trial, time, channel); the parameters are the initial phases [rad]."""
        count = len(self.frequencies)
        phase = np.stack([self._generator(rng, trial).uniform(0, 2 * np.pi, count) for trial in range(self.trials)])
        sources = np.sin(self.advance() + phase[:, None, :])  # (trial, time, oscillator)
        values = np.einsum("tsk,ck->tsc", sources, self.mixing_matrix())
        states = Signal(values=values, dt=self.dt, channels=tuple(f"channel {c + 1}" for c in range(count)))
        return Recording(states=states, parameters=phase, parameter_names=tuple(f"phase {k + 1}" for k in range(count)))

    def extent(self) -> Extent:
        """Size of the states that a recording holds."""
        return Extent(self.trials, self.samples, len(self.frequencies))

    def size(self) -> int:
        """Values that a recording holds."""
        return self.trials * self.samples * len(self.frequencies)

    def advance(self) -> np.ndarray:
        """By how much each phase has grown since the trial's first sample (time, oscillator) [rad]."""
        time = np.arange(self.samples) * self.dt
        shifted = np.maximum(time - self.shift_at * self.samples * self.dt, 0)
        return np.outer(time + self.frequency_shift * shifted, self.frequencies)

    def mixing_matrix(self) -> np.ndarray:
        """M (channel, oscillator)."""
        count = len(self.frequencies)
        if self.mixing == "symmetric":
            return np.eye(count) + self.coupling * (np.eye(count, k=1) + np.eye(count, k=-1))
        matrix = np.eye(count)
        for channel in range(count):
            if channel > 0:
                matrix[channel] += self.coupling * matrix[channel - 1]
            if channel < count - 1:
                matrix[channel] += self.coupling * matrix[channel + 1]
        return matrix

    def _generator(self, rng: Streams, trial: int) -> np.random.Generator:
        return rng(trial) if self.published_seed is None else np.random.default_rng(self.published_seed)
