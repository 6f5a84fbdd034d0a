"""The best decoder of a hidden gait from the true spikes: forward filter, or fixed-lag smoother (Rabiner 1989)."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge

from headroom.ceilings._gait_answers import answers, require_gait
from headroom.ceilings._hidden_chain import Chain
from headroom.core.dataset import Dataset
from headroom.core.examples import Examples, Kind
from headroom.core.prediction import Expectation
from headroom.core.protocols import Simulator
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.core.shape import DataShape


@settings
class StepFilter:
    """P(class | spikes of the trial up to the window's end), with every parameter, confound and drift known.

    No decoder that sees as far is right more often, nor has it a smaller log loss or Brier score. Macro-F1, balanced accuracy and AUC
    may be passed: for these it is a reference, and a study whose first metric they are should call on `blind_step_filter` instead.
    """

    sees: ClassVar[Literal["observation", "exact_state"]] = "exact_state"
    gives: ClassVar[Literal["bound", "reference"]] = "bound"
    answers: ClassVar[tuple[Kind, ...]] = ("category",)
    confounds: ClassVar[bool] = True

    sensor_lag: Annotated[int, Ge(0)] | None = 0
    """How many samples beyond its own an observed value rests on: the `lag` of a deconvolution. Null: on the whole recording."""

    def work(self, simulator: Simulator, data: DataShape) -> float:
        """Samples filtered, and counts weighed."""
        return data.inputs.trials * data.inputs.samples * (1 + data.inputs.channels)

    def expect(self, simulator: Simulator, recording: Recording, dataset: Dataset, rng: np.random.Generator) -> Expectation:
        """Probabilities of the classes; raises HeadroomError for other systems, other targets, and sensors with another clock."""
        walk, test = require_gait(self._name, simulator, recording, dataset), dataset.test
        point = np.empty((len(test), len(test.offsets), len(dataset.target.names)))
        for trial in np.unique(test.trial):
            mine = np.flatnonzero(test.trial == trial)
            log_likelihood = walk.log_likelihood(recording, trial, confounds=self.confounds)
            likelihood = np.exp(log_likelihood - log_likelihood.max(axis=1, keepdims=True))
            chain = Chain(walk.stationary(), *walk.transitions(), likelihood)
            point[mine] = answers(walk, chain, test.take(mine), self.sensor_lag)
        known = "parameters, confounds and drift known" if self.confounds else "rates averaged over confounds and drift"
        return Expectation(point=point, note=f"true spikes {self._reach(test)}, {known}")

    def _reach(self, examples: Examples) -> str:
        """What it sees, in words."""
        if self.sensor_lag is None:
            return "of the whole trial"
        look = self.sensor_lag - min(examples.offsets)
        return f"up to {look} samples beyond the label's" if look else "up to the label's own sample"

    @property
    def _name(self) -> str:
        return "step_filter" if self.confounds else "blind_step_filter"
