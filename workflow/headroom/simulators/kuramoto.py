"""Stochastic Kuramoto oscillators: phases with mean-field coupling and process noise (Kuramoto 1984; Sakaguchi 1988)."""

from typing import Annotated

import numpy as np
from annotated_types import Ge, Gt, MinLen

from headroom.core.randomness import Streams
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.core.shape import Extent
from headroom.core.signal import Signal


def order_parameter(phase: np.ndarray) -> np.ndarray:
    """Kuramoto's r = |mean_j exp(i theta_j)| of phases (..., oscillator) [rad]: 0 incoherent, 1 in phase."""
    return np.hypot(np.cos(phase).mean(axis=-1), np.sin(phase).mean(axis=-1))


def critical_coupling_lorentzian(gamma: float, diffusion: float) -> float:
    """Kc = 2 (gamma + D) [rad/s] of infinitely many oscillators whose frequencies are Lorentzian of half-width gamma.

    Sakaguchi (1988): Kc = 2 / integral g(w) D / (D^2 + w^2) dw; without noise Kuramoto's 2 / (pi g(0)) = 2 gamma.
    """
    return 2 * (gamma + diffusion)


@settings
class Kuramoto:
    """d theta_i = (omega_i + K/N sum_j sin(theta_j - theta_i)) dt + sqrt(2 D) dW_i, seen as sin theta_i.

    Euler-Maruyama with `substeps` per sample; the noise is additive, so strong and weak order are both 1.
    The defaults lie between incoherence and locking: clusters form and slip apart (r = .54, SD .22 over time), so a linear
    predictor cannot follow, and process noise leaves about .99 of the variance predictable one sample ahead, .5 twenty ahead.
    """

    trials: Annotated[int, Ge(1)] = 20
    """Realisations: other initial phases and another process noise."""
    samples: Annotated[int, Ge(2)] = 1000
    """Samples per trial."""
    dt: Annotated[float, Gt(0)] = 0.5
    """Sampling interval [s]."""
    substeps: Annotated[int, Ge(1)] = 5
    """Integration steps per sample."""
    frequencies: Annotated[tuple[float, ...], MinLen(1)] = (0.5, 0.75, 1.0, 1.25, 1.5)
    """Natural frequency omega of each oscillator [rad/s]."""
    coupling: float = 0.7
    """Coupling strength K [rad/s]."""
    diffusion: Annotated[float, Ge(0)] = 0.01
    """Phase diffusion D [rad^2/s]."""
    burn_in: Annotated[float, Ge(0)] = 50.0
    """Simulated before the recording starts, from uniform phases [s]."""

    def simulate(self, rng: Streams) -> Recording:
        """States sin theta (trial, time, oscillator); the phases themselves, not wrapped, in extras["phase"] [rad]."""
        generators = [rng(trial) for trial in range(self.trials)]
        phase = np.stack([generator.uniform(0, 2 * np.pi, len(self.frequencies)) for generator in generators])
        for _ in range(round(self.burn_in / self.dt)):
            phase = self.step(phase, self._noise_by_trial(generators))
        path = np.empty((self.trials, self.samples, len(self.frequencies)))
        for sample in range(self.samples):
            path[:, sample] = phase
            phase = self.step(phase, self._noise_by_trial(generators))
        channels = tuple(f"oscillator {k + 1}" for k in range(len(self.frequencies)))
        states = Signal(values=np.sin(path), dt=self.dt, channels=channels)
        return Recording(states=states, parameters=np.empty((self.trials, 0)), extras={"phase": path})

    def extent(self) -> Extent:
        """Size of the states that a recording holds."""
        return Extent(self.trials, self.samples, len(self.frequencies))

    def work(self) -> float:
        """Updates of one oscillator by one integration step."""
        return self.trials * (self.samples + self.burn_in / self.dt) * self.substeps * len(self.frequencies)

    def size(self) -> int:
        """Values that a recording holds."""
        return 2 * self.trials * self.samples * len(self.frequencies)

    def futures(
        self, recording: Recording, trial: np.ndarray, time: np.ndarray, horizon: int, n: int, rng: np.random.Generator
    ) -> np.ndarray:
        """States (example, future, horizon, oscillator) after sample time[e] of trial[e], each future with its own process noise."""
        now = recording.extras["phase"][trial, time] % (2 * np.pi)
        phase = np.repeat(now[:, None], n, axis=1)  # (example, future, oscillator)
        path = np.empty((*phase.shape[:2], horizon, phase.shape[2]))
        for ahead in range(horizon):
            phase = self.step(phase, self.noise(rng, phase))
            path[:, :, ahead] = np.sin(phase)
        return path

    def step(self, phase: np.ndarray, noise: np.ndarray) -> np.ndarray:
        """The phases (..., oscillator) one sample later; noise (substep, ..., oscillator) is sqrt(2 D) dW [rad]."""
        for increment in noise:
            phase = phase + self.substep * self.drift(phase) + increment
        return phase

    @property
    def substep(self) -> float:
        """Integration step [s]."""
        return self.dt / self.substeps

    def drift(self, phase: np.ndarray) -> np.ndarray:
        """omega_i + K (S cos theta_i - C sin theta_i), S and C the mean sine and cosine: the sum over pairs in O(N) [rad/s]."""
        sine, cosine = np.sin(phase), np.cos(phase)
        mean_sine = np.einsum("...i->...", sine)[..., None] / phase.shape[-1]  # mean() over a short last axis takes four times as long
        mean_cosine = np.einsum("...i->...", cosine)[..., None] / phase.shape[-1]
        pull = cosine * mean_sine - sine * mean_cosine
        return np.asarray(self.frequencies, dtype=phase.dtype) + self.coupling * pull

    def noise(self, rng: np.random.Generator, phase: np.ndarray) -> np.ndarray:
        """Process noise (substep, ..., oscillator) of one sample for phases (..., oscillator) [rad]."""
        return np.sqrt(2 * self.diffusion * self.substep) * rng.standard_normal((self.substeps, *phase.shape))

    def _noise_by_trial(self, generators: list[np.random.Generator]) -> np.ndarray:
        """The same with a generator for each trial (substep, trial, oscillator)."""
        draws = [generator.standard_normal((self.substeps, len(self.frequencies))) for generator in generators]
        return np.sqrt(2 * self.diffusion * self.substep) * np.stack(draws, axis=1)
