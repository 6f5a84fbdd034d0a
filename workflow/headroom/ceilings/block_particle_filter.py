"""The block particle filter (Rebeschini and van Handel 2015): what true parameters and graph make of noisy voltages."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge

from headroom.ceilings._identity import require_states
from headroom.core.dataset import Dataset
from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples
from headroom.core.prediction import Expectation
from headroom.core.protocols import Filterable, Simulator
from headroom.core.recording import Recording
from headroom.core.settings import settings

TRIED = 60
"""Examples on which twice the particles are tried."""


@settings
class BlockParticleFilter:
    """Particles of the whole network, each neuron weighted and resampled by its own observation; a lower bound on the best forecast."""

    sees: ClassVar[Literal["observation", "exact_state"]] = "observation"
    gives: ClassVar[Literal["bound", "reference"]] = "reference"

    particles: Annotated[int, Ge(2)] = 256
    """Particles of the network."""
    connected: bool = True
    """Whether spikes reach other neurons; else each neuron is filtered from its own past, with Poisson input at its sources' rates."""

    def expect(self, simulator: Simulator, recording: Recording, dataset: Dataset, rng: np.random.Generator) -> Expectation:
        """The forecasts; nothing where there is no measurement noise to weight by; raises HeadroomError for other systems."""
        if not isinstance(simulator, Filterable):
            raise HeadroomError(f"block_particle_filter: {type(simulator).__name__} has no spiking blocks to filter; use twins instead")
        test = dataset.test
        require_states("block_particle_filter", test, recording)
        if test.track.noise_sd is None or not test.track.noise_sd.any():
            return Expectation(note="without measurement noise no particle has any weight; see twins")
        key = int(rng.integers(2**63))
        point = np.zeros((len(test), len(test.offsets), len(test.track.channels)))
        lost = 0
        for trial in np.unique(test.trial):
            mine = np.flatnonzero(test.trial == trial)
            point[mine], rescued = self._trial(simulator, recording, test.take(mine), key, self.particles)
            lost += rescued
        return Expectation(point=point, note=f"{self._gain(simulator, recording, test, key)}; a neuron was lost {lost} times")

    def _trial(self, simulator: Filterable, recording: Recording, examples: Examples, key: int, particles: int) -> tuple[np.ndarray, int]:
        """Forecasts of one trial's examples, filtered from the first sample that they see."""
        trial, first = int(examples.trial[0]), int(examples.start.min())
        order = np.argsort(examples.last)
        observed = examples.inputs.values[trial, first:]
        sd = float(np.mean(examples.track.noise_sd)) if examples.track.noise_sd is not None else 0.0
        asked = examples.last[order] - first
        found, rescued = simulator.forecasts(
            recording, trial, observed, sd, asked, examples.offsets, particles, key + trial, connected=self.connected
        )
        back = np.empty_like(order)
        back[order] = np.arange(len(order))
        return found[back], rescued

    def _gain(self, simulator: Filterable, recording: Recording, test: Examples, key: int) -> str:
        """How much R2 twice the particles would add, on the first examples of the first trial, at the shortest horizon."""
        few = test.take(np.flatnonzero(test.trial == test.trial.min())[:TRIED])
        truth = few.targets()[:, 0]
        scatter = ((truth - truth.mean()) ** 2).sum()
        errors = [
            ((self._trial(simulator, recording, few, key, n)[0][:, 0] - truth) ** 2).sum() for n in (self.particles, 2 * self.particles)
        ]
        return f"{self.particles} particles; twice as many add {(errors[0] - errors[1]) / scatter:.4f} R2 on {len(few)} examples"
