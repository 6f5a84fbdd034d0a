"""Particle filter for noisy oscillators: the best prediction from the observations alone, with every equation known.

Sequential importance resampling (Gordon et al. 1993) with the modified diffusion bridge as proposal (Durham & Gallant 2002;
Golightly & Wilkinson 2008): a bootstrap filter would need millions of particles where the sensor is better than the dynamics.
"""

from typing import Annotated, ClassVar, Literal, Protocol, runtime_checkable

import numpy as np
from annotated_types import Ge, Gt

from headroom.ceilings._identity import require_states
from headroom.core.dataset import Dataset
from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples
from headroom.core.prediction import Expectation
from headroom.core.protocols import Simulator
from headroom.core.recording import Recording
from headroom.core.settings import settings


@runtime_checkable
class PhaseOscillators(Protocol):
    """Phases with additive noise, stepped by Euler-Maruyama and seen as sines."""

    @property
    def substeps(self) -> int:
        """Integration steps per sample."""

    @property
    def substep(self) -> float:
        """Integration step [s]."""

    @property
    def diffusion(self) -> float:
        """Phase diffusion D [rad^2/s]."""

    def drift(self, phase: np.ndarray) -> np.ndarray:
        """Phase velocity without noise (..., oscillator) [rad/s]."""

    def step(self, phase: np.ndarray, noise: np.ndarray) -> np.ndarray:
        """Phases (..., oscillator) one sample later, for noise (substep, ..., oscillator) [rad]."""

    def noise(self, rng: np.random.Generator, phase: np.ndarray) -> np.ndarray:
        """Noise (substep, ..., oscillator) of one sample [rad]."""


@settings
class ParticleFilter:
    """Posterior-predictive mean of sin theta; the filter runs on continuously through the test block of each trial."""

    sees: ClassVar[Literal["observation", "exact_state"]] = "observation"
    gives: ClassVar[Literal["bound", "reference"]] = "reference"

    particles: Annotated[int, Ge(2)] = 128
    """Particles to start with; doubled until the predictions stay as they are."""
    most_particles: Annotated[int, Ge(2)] = 4096
    """Where doubling ends; the note says so if it does."""
    tolerance: Annotated[float, Gt(0)] = 0.0005
    """Mean squared change of the nearest prediction on doubling, as a fraction of the targets' variance: at least the change of R2."""
    burn_in: Annotated[int, Ge(0)] = 60
    """Samples before the first test window's last one on which the filter finds the phases."""
    far_particles: Annotated[int, Ge(2)] = 128
    """Particles carried beyond the first sample ahead; n of them add 1/n of the conditional variance to the error."""

    def expect(self, simulator: Simulator, recording: Recording, dataset: Dataset, rng: np.random.Generator) -> Expectation:
        """The predictions; raises HeadroomError for other systems, without process noise and without measurement noise."""
        test = dataset.test
        if not isinstance(simulator, PhaseOscillators) or simulator.diffusion <= 0:
            raise HeadroomError(f"particle_filter: {type(simulator).__name__} has no phases with diffusion above 0; use it for kuramoto")
        require_states("particle_filter", test, recording)
        if test.inputs.noise_sd is None or not (test.inputs.noise_sd > 0).all():
            raise HeadroomError("particle_filter: the signal has no measurement noise of known SD; use it after white with a level above 0")
        count, change = self.particles, np.inf
        point = self._predict(simulator, test, count, rng)
        while change > self.tolerance and count < self.most_particles:
            count, before = 2 * count, point
            point = self._predict(simulator, test, count, rng)
            change = _change(point, before, test)
        return Expectation(point=point, note=f"{count} particles; the last doubling moved predictions by {change:.1g} of the variance")

    def _predict(self, simulator: PhaseOscillators, test: Examples, count: int, rng: np.random.Generator) -> np.ndarray:
        """Predictions (example, offset, oscillator) with `count` particles."""
        trials, row = np.unique(test.trial, return_inverse=True)
        first = max(0, int(test.last.min()) - self.burn_in)
        observed = test.inputs.values[trials, first : test.last.max() + 1].astype(np.float32)  # (trial, time, oscillator)
        noise_sd = np.asarray(test.inputs.noise_sd, dtype=np.float32)
        asked = np.isin(np.arange(first, first + observed.shape[1]), test.last)
        table = np.full((*observed.shape[:2], len(test.offsets), observed.shape[2]), np.nan)
        phase = _begin(observed[:, 0], count, rng)
        shocks = self._shocks(simulator, phase[0], max(test.offsets), rng)
        for time in range(observed.shape[1]):
            if time:
                phase = _advance(simulator, phase, observed[:, time], noise_sd, rng)
            if asked[time]:
                table[:, time] = _forecast(simulator, phase, test.offsets, shocks)
        return table[row, test.last - first]

    def _shocks(self, simulator: PhaseOscillators, phase: np.ndarray, horizon: int, rng: np.random.Generator) -> list[np.ndarray]:
        """Noise (substep, particle, oscillator) of each sample ahead, shared by all examples: drawing it anew would take most of the time."""
        kept = [phase] + [phase[: self.far_particles]] * (horizon - 1)
        return [simulator.noise(rng, particles).astype(phase.dtype) for particles in kept]


def _begin(observed: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Phases (trial, particle, oscillator) that give the first sample: rising or falling by chance, the burn-in tells which."""
    rising = np.arcsin(np.clip(observed, -1, 1))[:, None, :]
    falls = rng.random((len(observed), count, observed.shape[1])) < 0.5
    return np.where(falls, np.float32(np.pi) - rising, rising)


def _advance(simulator: PhaseOscillators, phase: np.ndarray, observed: np.ndarray, noise_sd: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Particles (trial, particle, oscillator) one sample later, given the observation (trial, oscillator) there."""
    seen = observed[:, None, :]
    variance = np.float32(2 * simulator.diffusion * simulator.substep)  # of one increment
    log_weight = np.zeros(phase.shape, dtype=phase.dtype)
    for left in range(simulator.substeps, 0, -1):
        drift = simulator.drift(phase)
        end = phase + np.float32(left * simulator.substep) * drift
        slope = np.cos(end)
        gain = variance * slope / (left * variance * slope**2 + noise_sd**2)  # of the increment on the innovation
        share = 1 - gain * slope  # of the increment's variance that the observation leaves
        normal = rng.standard_normal(phase.shape, dtype=phase.dtype)
        increment = gain * (seen - np.sin(end)) + np.sqrt(variance * share) * normal
        log_weight += 0.5 * (np.log(share) + normal**2 - increment**2 / variance)
        phase = phase + np.float32(simulator.substep) * drift + increment
    log_weight -= 0.5 * ((seen - np.sin(phase)) / noise_sd) ** 2
    return _resample(phase % np.float32(2 * np.pi), log_weight.sum(axis=2, dtype=float), rng)


def _resample(phase: np.ndarray, log_weight: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Systematic resampling (Kitagawa 1996) of each trial's particles by log_weight (trial, particle)."""
    trials, count = log_weight.shape
    weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    cumulative = np.cumsum(weight, axis=1)
    cumulative /= cumulative[:, -1:]
    ticks = (np.arange(count) + rng.random((trials, 1))) / count
    chosen = np.stack([np.searchsorted(row, tick) for row, tick in zip(cumulative, ticks, strict=True)])
    return np.take_along_axis(phase, chosen[:, :, None], axis=1)


def _forecast(simulator: PhaseOscillators, phase: np.ndarray, offsets: tuple[int, ...], shocks: list[np.ndarray]) -> np.ndarray:
    """Mean of sin theta (trial, offset, oscillator) over particles that go on without observations."""
    point = np.empty((len(phase), len(offsets), phase.shape[2]))
    for ahead, shock in enumerate(shocks, start=1):
        if phase.shape[1] > shock.shape[1]:
            phase = phase[:, :: phase.shape[1] // shock.shape[1]][:, : shock.shape[1]]
        phase = simulator.step(phase, shock[:, None])
        if ahead in offsets:
            point[:, offsets.index(ahead)] = np.sin(phase).mean(axis=1)
    return point


def _change(point: np.ndarray, before: np.ndarray, test: Examples) -> float:
    """Mean squared difference at the nearest offset, in units of the targets' variance."""
    nearest = int(np.argmin(test.offsets))
    variance = test.targets()[:, nearest].var(axis=0).mean()
    return float(((point - before)[:, nearest] ** 2).mean() / variance)
