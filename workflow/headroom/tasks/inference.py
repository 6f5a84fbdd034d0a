"""Inference: the parameters behind a whole recording."""

from typing import ClassVar

import numpy as np

from headroom.core.combinations import combined
from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Kind, Target
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.core.signal import Signal
from headroom.core.units import joined

UNITS = {"A_e": "mV", "A_i": "mV", "b_e": "1/s", "b_i": "1/s", "v_0": "mV", "e_0": "1/s", "r": "1/mV"}
"""Of the parameters of a cortical column; others have none, or their recording says nothing of it."""


@settings
class Inference:
    """One example a trial: all its samples, and the parameters that it was made with, in their units."""

    kind_of_target: ClassVar[Kind] = "window"
    rollout: ClassVar[int] = 0

    targets: tuple[str, ...] = ()
    """Parameters, or logarithms of products and ratios of two, such as `log(A_i a_4)` and `log(a_1/a_3)`; empty: every parameter."""

    @property
    def name(self) -> str:
        """The name in the tables: of combinations another one, which scores of their own go with."""
        return "infer_combinations" if self.targets else "infer"

    def target(self, recording: Recording, observed: Signal) -> Target:
        """The parameters; raises HeadroomError where no parameter differs between the trials."""
        names = self.targets or recording.parameter_names
        if not names:
            raise HeadroomError("tasks: inference needs parameters that differ between trials, and the recording has none; use erp")
        return Target("window", names, joined([UNITS.get(name, "1") for name in names]))

    def examples(self, recording: Recording, observed: Signal) -> Examples:
        """Whole trials; the track has one sample a trial, which the offset reaches back to. Raises HeadroomError for unknown targets."""
        target = self.target(recording, observed)
        values = combined(target.names, recording.parameters, recording.parameter_names)[:, None]  # (trial, 1, target)
        track = Signal(np.asarray(values, float), observed.dt, target.names, target.unit)
        trial = np.arange(observed.trials)
        return Examples(observed, track, trial, np.zeros_like(trial), observed.samples, (1 - observed.samples,))
