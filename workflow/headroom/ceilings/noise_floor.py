"""The noise floor: nobody predicts white measurement noise, so R2 <= 1 - s2 / var(observed target)."""

from typing import ClassVar, Literal

import numpy as np

from headroom.core.dataset import Dataset
from headroom.core.errors import HeadroomError
from headroom.core.prediction import Expectation
from headroom.core.protocols import Simulator
from headroom.core.recording import Recording
from headroom.core.settings import settings


@settings
class NoiseFloor:
    """Predicts the noise-free target: its error is the noise that was drawn, which pairs it with every model run by run."""

    sees: ClassVar[Literal["observation", "exact_state"]] = "exact_state"
    gives: ClassVar[Literal["bound", "reference"]] = "bound"

    def expect(self, simulator: Simulator, recording: Recording, dataset: Dataset, rng: np.random.Generator) -> Expectation:
        """The clean targets; raises HeadroomError where the noise is not known."""
        if dataset.test.track.clean is None:
            raise HeadroomError("noise_floor: the signal's noise is not known; use it after a noise step such as white")
        return Expectation(point=dataset.test.targets(clean=True), note="the noise-free target: only measurement noise is left")
