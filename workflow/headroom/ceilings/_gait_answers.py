"""From probabilities of a gait's states to those of its labels, which may be late, as far as a decoder's window shows."""

from typing import Protocol, runtime_checkable

import numpy as np

from headroom.ceilings._hidden_chain import Chain
from headroom.core.dataset import Dataset
from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples
from headroom.core.recording import Recording


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


def require_gait(name: str, simulator: object, recording: Recording, dataset: Dataset) -> HiddenGait:
    """The simulator; raises HeadroomError for other systems, other targets, and sensors with another clock."""
    if not isinstance(simulator, HiddenGait):
        raise HeadroomError(f"{name}: {type(simulator).__name__} has no hidden gait; use it for grid_walk")
    if dataset.target.kind != "category" or len(dataset.target.names) != simulator.classes().max() + 1:
        raise HeadroomError(f"{name}: the targets are not the classes of the gait; use it for the task decoding")
    if dataset.test.inputs.values.shape[:2] != recording.states.values.shape[:2]:
        raise HeadroomError(f"{name}: observation and spikes differ in trials or samples; use a sensor that keeps the clock")
    return simulator


def answers(simulator: HiddenGait, chain: Chain, examples: Examples, lag: int | None) -> np.ndarray:
    """Probabilities (example, offset, class) of one trial's examples; `lag` samples beyond a window's end are known, None: all."""
    beliefs, end = chain.filtered(), len(chain.regime) - 1
    until = np.full(len(examples), end) if lag is None else np.minimum(examples.last + lag, end)
    smoothed = chain.smoothed(beliefs) if lag is None else None
    sort = np.eye(simulator.classes().max() + 1)[simulator.classes()]
    found = []
    for offset in examples.offsets:
        moments = [np.clip(examples.last + offset - delay, 0, end) for delay in simulator.delays()]
        states = [chain.known(beliefs, moment, until) if smoothed is None else smoothed[moment] for moment in moments]
        found.append(np.mean(states, axis=0) @ sort)
    return np.stack(found, axis=1)
