"""Particles of noisy oscillators, led to each observation by a modified diffusion bridge.

Sequential importance resampling (Gordon et al. 1993) with the proposal of Durham & Gallant (2002) for noisy observations
(Golightly & Wilkinson 2008): where the sensor is better than the dynamics, a plain bootstrap filter would need millions of particles.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np


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


@dataclass(frozen=True)
class Cloud:
    """Weighted particles of several trials."""

    phase: np.ndarray  # (trial, particle, oscillator) [rad]
    weight: np.ndarray  # (trial, particle), sums to 1 over particles


def begin(observed: np.ndarray, count: int, rng: np.random.Generator) -> Cloud:
    """Phases that give the first sample (trial, oscillator): rising or falling by chance, later samples tell which."""
    rising = np.arcsin(np.clip(observed, -1, 1))[:, None, :]
    falls = rng.random((len(observed), count, observed.shape[1])) < 0.5
    return Cloud(np.where(falls, observed.dtype.type(np.pi) - rising, rising), np.full((len(observed), count), 1 / count))


def advance(simulator: PhaseOscillators, cloud: Cloud, observed: np.ndarray, noise_sd: np.ndarray, rng: np.random.Generator) -> Cloud:
    """The cloud one sample later, given the observation (trial, oscillator) there with noise of SD noise_sd (oscillator,)."""
    phase, seen = cloud.phase, observed[:, None, :]
    number = phase.dtype.type
    variance = number(2 * simulator.diffusion * simulator.substep)  # of one increment
    log_ratio = np.zeros_like(phase)  # of the increments' density to the proposal's
    for left in range(simulator.substeps, 0, -1):
        drift = simulator.drift(phase)
        end = phase + number(left * simulator.substep) * drift
        slope = np.cos(end)
        gain = variance * slope / (left * variance * slope**2 + noise_sd**2)  # of the increment on the innovation
        share = 1 - gain * slope  # of the increment's variance that the observation leaves
        normal = rng.standard_normal(phase.shape, dtype=phase.dtype)
        increment = gain * (seen - np.sin(end)) + np.sqrt(variance * share) * normal
        log_ratio += np.log(share) + normal**2 - increment**2 / variance
        phase = phase + number(simulator.substep) * drift + increment
    log_weight = np.einsum("tpi->tp", 0.5 * log_ratio - 0.5 * ((seen - np.sin(phase)) / noise_sd) ** 2)
    return _reweighted(phase % number(2 * np.pi), cloud.weight, log_weight.astype(float), rng)


def _reweighted(phase: np.ndarray, before: np.ndarray, log_weight: np.ndarray, rng: np.random.Generator) -> Cloud:
    """The cloud with its weights multiplied; trials whose effective number of particles is below half are resampled."""
    weight = before * np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    count = weight.shape[1]
    poor = 1 / (weight**2).sum(axis=1) < count / 2
    if poor.any():
        phase[poor] = resample(Cloud(phase[poor], weight[poor]), count, rng)
        weight[poor] = 1 / count
    return Cloud(phase, weight)


def resample(cloud: Cloud, count: int, rng: np.random.Generator) -> np.ndarray:
    """Phases (trial, count, oscillator) of equal weight: systematic resampling (Kitagawa 1996)."""
    cumulative = np.cumsum(cloud.weight, axis=1)
    cumulative /= cumulative[:, -1:]
    ticks = (np.arange(count) + rng.random((len(cumulative), 1))) / count
    chosen = np.stack([np.searchsorted(row, tick) for row, tick in zip(cumulative, ticks, strict=True)])
    return np.take_along_axis(cloud.phase, chosen[:, :, None], axis=1)
