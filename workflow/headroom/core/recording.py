"""All that the simulator knew."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from headroom.core.signal import Signal


@dataclass(frozen=True)
class Recording:
    """Every state, the stimulus, the parameters of every trial and labels: what sensors then see a part of."""

    states: Signal
    parameters: np.ndarray  # (trial, parameter)
    parameter_names: tuple[str, ...] = ()
    stimulus: Signal | None = None
    labels: Signal | None = None  # one channel per label, categories as whole numbers
    session: np.ndarray | None = None  # (trial,): recording session of each trial
    extras: Mapping[str, np.ndarray] = field(default_factory=dict)  # graph, cell type, phase: named arrays

    def __post_init__(self) -> None:
        if self.parameters.shape != (self.states.trials, len(self.parameter_names)):
            raise ValueError(f"parameters {self.parameters.shape} are not ({self.states.trials}, {len(self.parameter_names)})")
