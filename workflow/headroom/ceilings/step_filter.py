"""The best decoder of a hidden gait from the true spikes: forward filter, or fixed-lag smoother (Rabiner 1989)."""

from typing import Annotated, ClassVar, Literal, Protocol, runtime_checkable

import numpy as np
from annotated_types import Ge

from headroom.ceilings._hidden_chain import Chain
from headroom.core.dataset import Dataset
from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Kind
from headroom.core.prediction import Expectation
from headroom.core.protocols import Simulator
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.core.shape import DataShape


@runtime_checkable
class HiddenGait(Protocol):
    """A simulator whose labels are classes of a Markov chain's states, and whose observations are independent given these."""

    def transitions(self) -> tuple[np.ndarray, np.ndarray]:
        """Matrices (regime, from, to), and the regime (time,) by which each sample is entered."""

    def stationary(self) -> np.ndarray:
        """Probability of each state (state,) before anything is seen."""

    def classes(self) -> np.ndarray:
        """Class of each state (state,)."""

    def delays(self) -> np.ndarray:
        """By how many samples a label may be late, all equally likely (delay,)."""

    def log_likelihood(self, recording: Recording, trial: int, *, confounds: bool) -> np.ndarray:
        """Log probability of each sample in each state (time, state), up to a constant of the sample."""


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
        name = self._name
        if not isinstance(simulator, HiddenGait):
            raise HeadroomError(f"{name}: {type(simulator).__name__} has no hidden gait; use it for grid_walk")
        test, states = dataset.test, recording.states
        if dataset.target.kind != "category" or len(dataset.target.names) != simulator.classes().max() + 1:
            raise HeadroomError(f"{name}: the targets are not the classes of the gait; use it for the task decoding")
        if test.inputs.values.shape[:2] != states.values.shape[:2]:
            raise HeadroomError(f"{name}: observation and spikes differ in trials or samples; use a sensor that keeps the clock")
        point = np.empty((len(test), len(test.offsets), len(dataset.target.names)))
        for trial in np.unique(test.trial):
            mine = np.flatnonzero(test.trial == trial)
            log_likelihood = simulator.log_likelihood(recording, trial, confounds=self.confounds)
            likelihood = np.exp(log_likelihood - log_likelihood.max(axis=1, keepdims=True))
            chain = Chain(simulator.stationary(), *simulator.transitions(), likelihood)
            point[mine] = self._trial(simulator, chain, test.take(mine))
        known = "parameters, confounds and drift known" if self.confounds else "rates averaged over confounds and drift"
        return Expectation(point=point, note=f"true spikes {self._reach(test)}, {known}")

    def _trial(self, simulator: HiddenGait, chain: Chain, examples: Examples) -> np.ndarray:
        """Probabilities (example, offset, class) of one trial's examples."""
        beliefs, end = chain.filtered(), len(chain.regime) - 1
        until = np.full(len(examples), end) if self.sensor_lag is None else np.minimum(examples.last + self.sensor_lag, end)
        sort = np.eye(simulator.classes().max() + 1)[simulator.classes()]
        answer = [self._about(chain, beliefs, examples.last + offset, until, simulator.delays()) @ sort for offset in examples.offsets]
        return np.stack(answer, axis=1)

    def _about(self, chain: Chain, beliefs: np.ndarray, asked: np.ndarray, until: np.ndarray, delays: np.ndarray) -> np.ndarray:
        """P(state that the label at a sample is of) (example, state): a mixture over the label's possible delays."""
        moments = [np.clip(asked - delay, 0, len(beliefs) - 1) for delay in delays]
        if self.sensor_lag is None:
            smoothed = chain.smoothed(beliefs)
            return np.asarray(np.mean([smoothed[moment] for moment in moments], axis=0))
        return np.asarray(np.mean([chain.known(beliefs, moment, until) for moment in moments], axis=0))

    def _reach(self, examples: Examples) -> str:
        """What it sees, in words."""
        if self.sensor_lag is None:
            return "of the whole trial"
        look = self.sensor_lag - min(examples.offsets)
        return f"up to {look} samples beyond the label's" if look else "up to the label's own sample"

    @property
    def _name(self) -> str:
        return "step_filter" if self.confounds else "blind_step_filter"
