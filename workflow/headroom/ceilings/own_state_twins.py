"""Twins that share one neuron's exact state alone: what its own history could say at best."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge

from headroom.ceilings.twins import Twins
from headroom.core.dataset import Dataset
from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples
from headroom.core.prediction import Expectation
from headroom.core.protocols import Resumable, ResumableAlone, Simulator
from headroom.core.recording import Recording
from headroom.core.settings import settings


@settings
class OwnStateTwins(Twins):
    """A bound for models that see each channel alone, and a reference for all others: the gap to twins is what other channels offer."""

    gives: ClassVar[Literal["bound", "reference"]] = "reference"

    futures: Annotated[int, Ge(2)] = 16
    """Futures simulated from each test example."""
    per_trial: Annotated[int, Ge(1)] | None = None
    """Test examples of each trial that are simulated; the others are given the mean of these. Null: all of them."""

    def expect(self, simulator: Simulator, recording: Recording, dataset: Dataset, rng: np.random.Generator) -> Expectation:
        """The expected squared error; raises HeadroomError where the simulator knows no channel's own state."""
        if not isinstance(simulator, ResumableAlone):
            raise HeadroomError(f"own_state_twins: {type(simulator).__name__} has no channels with a state of their own; use twins instead")
        return super().expect(simulator, recording, dataset, rng)

    def _spread(self, simulator: Resumable, recording: Recording, test: Examples, rng: np.random.Generator) -> np.ndarray:
        assert isinstance(simulator, ResumableAlone)
        paths = simulator.own_futures(recording, test.trial, test.last, max(test.offsets), self.futures, rng)
        return np.asarray(paths[:, :, np.asarray(test.offsets) - 1].var(axis=1, ddof=1))
