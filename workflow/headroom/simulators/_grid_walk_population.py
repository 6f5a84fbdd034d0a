"""What neurons of a motor cortex make of the gait: log-linear tuning (mixed selectivity: Rigotti et al. 2013), drifting over sessions."""

from dataclasses import dataclass

import numpy as np

from headroom.core.randomness import stream

WALKING = 0.3
"""SD of a neuron's gain by walking [log rate]."""
LOCOMOTION = 0.8
"""Mean gain by walking of the group that knows nothing of the phase [log rate]."""


@dataclass(frozen=True)
class Population:
    """Neurons, the locomotion-only group first. All draws come from the seed alone: the neurons belong to no trial."""

    seed: int
    neurons: int
    rates: tuple[float, float]
    """Lowest and highest rate at rest [Hz]."""
    locomotion: int
    """Neurons that fire with walking but not with its phase."""
    tuning: float
    """SD over the cycle of a mixed neuron's log rate."""
    confounds: int
    confound_tuning: float
    """SD of a neuron's log rate by all shared confounds together."""
    kept: float
    """Correlation of tunings in successive sessions."""

    def baseline(self) -> np.ndarray:
        """Log rates at rest (neuron,), evenly spread [log Hz]."""
        low, high = (float(np.log(rate)) for rate in self.rates)
        return stream(self.seed, "grid_walk", "rates").uniform(low, high, self.neurons)

    def loadings(self) -> np.ndarray:
        """Weights of the shared confounds, which have SD 1 (confound, neuron) [log rate]."""
        scale = self.confound_tuning / np.sqrt(max(self.confounds, 1))
        return scale * stream(self.seed, "grid_walk", "loadings").standard_normal((self.confounds, self.neurons))

    def gains(self, session: int, phases: int) -> np.ndarray:
        """What each state adds to the log rates (state, neuron) in a session: nothing at rest, two harmonics of the phase."""
        draws = self._drifted(session)
        walking = WALKING * draws[0] + LOCOMOTION * (np.arange(self.neurons) < self.locomotion)
        angle = 2 * np.pi * np.arange(phases)[:, None] / phases
        waves = [wave(order * angle) for order in (1, 2) for wave in (np.cos, np.sin)]
        mixed = np.where(np.arange(self.neurons) < self.locomotion, 0.0, self.tuning / np.sqrt(len(waves) / 2))
        cycle = sum(wave * weight for wave, weight in zip(waves, mixed * draws[1:], strict=True))
        return np.concatenate([np.zeros((1, self.neurons)), walking + cycle])

    def _drifted(self, session: int) -> np.ndarray:
        """Standard normals (weight, neuron) that decorrelate by 1 - kept from one session to the next (drift: Rokni et al. 2007)."""
        weights = stream(self.seed, "grid_walk", "tuning", 0).standard_normal((5, self.neurons))
        for later in range(1, session + 1):
            fresh = stream(self.seed, "grid_walk", "tuning", later).standard_normal((5, self.neurons))
            weights = self.kept * weights + np.sqrt(1 - self.kept**2) * fresh
        return weights


def wander(memory: float, steps: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """Stationary first-order autoregressions (step, width) of SD 1, whose correlation from step to step is `memory`."""
    path = rng.standard_normal((steps, width))
    fresh = np.sqrt(1 - memory**2)
    for step in range(1, steps):
        path[step] = memory * path[step - 1] + fresh * path[step]
    return path
