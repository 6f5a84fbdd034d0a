"""Particle filter of noisy oscillators: the best prediction from the observations alone, with every equation known."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Gt

from headroom.ceilings._bridge import Cloud, PhaseOscillators, advance, begin, resample
from headroom.ceilings._identity import require_states
from headroom.core.dataset import Dataset
from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples
from headroom.core.prediction import Expectation
from headroom.core.protocols import Simulator
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.core.shape import DataShape


@settings
class ParticleFilter:
    """Posterior-predictive mean of sin theta; the filter runs on without a break through the test samples of each trial."""

    sees: ClassVar[Literal["observation", "exact_state"]] = "observation"
    gives: ClassVar[Literal["bound", "reference"]] = "reference"

    particles: Annotated[int, Ge(2)] = 256
    """Particles to start with; doubled until more would gain less than `tolerance`."""
    most_particles: Annotated[int, Ge(2)] = 4096
    """Where doubling ends in any case; the note says what was still to gain."""
    tolerance: Annotated[float, Gt(0)] = 0.0005
    """Gain in R2, one sample ahead, that ends the doubling."""
    burn_in: Annotated[int, Ge(0)] = 60
    """Samples before the first test prediction on which the filter finds the phases."""
    far_particles: Annotated[int, Ge(2)] = 128
    """Particles carried beyond the first sample ahead; n of them add 1/n of the conditional variance to the error."""

    def work(self, simulator: Simulator, data: DataShape) -> float:
        """Updates of one channel of one particle, without doublings, which depend on what is found."""
        steps: int = getattr(simulator, "substeps", 1)
        near, far = (data.test + self.burn_in) * self.particles, data.test * (data.reach - 1) * self.far_particles
        return (near + far) * steps * data.channels

    def expect(self, simulator: Simulator, recording: Recording, dataset: Dataset, rng: np.random.Generator) -> Expectation:
        """The predictions; raises HeadroomError for other systems, without process noise and without measurement noise."""
        test = dataset.test
        if not isinstance(simulator, PhaseOscillators) or simulator.diffusion <= 0:
            raise HeadroomError(f"particle_filter: {type(simulator).__name__} has no phases with diffusion above 0; use it for kuramoto")
        require_states("particle_filter", test, recording)
        if test.inputs.noise_sd is None or not (test.inputs.noise_sd > 0).all():
            raise HeadroomError("particle_filter: the signal has no measurement noise of known SD; use it after white with a level above 0")
        count, gain, variance = self.particles, np.inf, test.inputs.values.var(axis=(0, 1)).mean()
        near, point = self._predict(simulator, test, count, rng)
        while gain > self.tolerance and 2 * count <= self.most_particles:
            count, before = 2 * count, near
            near, point = self._predict(simulator, test, count, rng)
            # An error of e with n particles is e/2 with 2n: the two predictions differ by 3/2 e in mean square, of which e/2 was gained.
            gain = float(((near - before) ** 2).mean() / 3 / variance)
        outlook = f"doubling them once more would gain about {gain / 2:.1g} in R2" if np.isfinite(gain) else "never doubled"
        return Expectation(point=point, note=f"{count} particles; {outlook}")

    def _predict(self, simulator: PhaseOscillators, test: Examples, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Predictions one sample ahead (example, oscillator), and at every offset (example, offset, oscillator)."""
        trials, row = np.unique(test.trial, return_inverse=True)
        first = max(0, int(test.last.min()) - self.burn_in)
        observed = test.inputs.values[trials, first : test.last.max() + 1].astype(np.float32)  # (trial, time, oscillator)
        noise_sd = np.asarray(test.inputs.noise_sd, dtype=np.float32)
        asked = np.isin(np.arange(first, first + observed.shape[1]), test.last)
        offsets = (1, *test.offsets)
        table = np.full((*observed.shape[:2], len(offsets), observed.shape[2]), np.nan)
        cloud = begin(observed[:, 0], count, rng)
        shocks = self._shocks(simulator, cloud.phase[0], max(offsets), rng)
        for time in range(observed.shape[1]):
            if time:
                cloud = advance(simulator, cloud, observed[:, time], noise_sd, rng)
            if asked[time]:
                table[:, time] = _forecast(simulator, cloud, offsets, shocks, rng)
        forecasts = table[row, test.last - first]
        return forecasts[:, 0], forecasts[:, 1:]

    def _shocks(self, simulator: PhaseOscillators, phase: np.ndarray, horizon: int, rng: np.random.Generator) -> list[np.ndarray]:
        """Noise (substep, particle, oscillator) of each sample ahead, for all examples alike: drawing is what takes the time."""
        kept = [phase] + [phase[: self.far_particles]] * (horizon - 1)
        return [simulator.noise(rng, particles).astype(phase.dtype) for particles in kept]


def _forecast(
    simulator: PhaseOscillators, cloud: Cloud, offsets: tuple[int, ...], shocks: list[np.ndarray], rng: np.random.Generator
) -> np.ndarray:
    """Mean of sin theta (trial, offset, oscillator) over particles that go on without observations."""
    near = simulator.step(cloud.phase, shocks[0][:, None])
    means = {1: np.einsum("tpi,tp->ti", np.sin(near), cloud.weight)}
    if len(shocks) > 1:
        phase = resample(Cloud(near, cloud.weight), shocks[1].shape[1], rng)
    for ahead, shock in enumerate(shocks[1:], start=2):
        phase = simulator.step(phase, shock[:, None])
        if ahead in offsets:
            means[ahead] = np.sin(phase).mean(axis=1)
    return np.stack([means[offset] for offset in offsets], axis=1)
