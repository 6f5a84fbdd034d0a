"""Persistence: tomorrow is as today. The window's last sample is the forecast at every horizon."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from headroom.core.examples import Examples, Kind, Target
from headroom.core.prediction import Prediction
from headroom.core.protocols import Role, Workspace
from headroom.core.scaling import require_same_channels
from headroom.core.settings import settings


@settings
class Persistence:
    """The last sample of the window, unchanged."""

    role: ClassVar[Role] = "trivial"
    seeded: ClassVar[bool] = False
    answers: ClassVar[tuple[Kind, ...]] = ("ahead",)

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple["LastSample", list[dict[str, float]]]:
        """Nothing is fitted; raises HeadroomError where targets are not the inputs themselves."""
        require_same_channels("persistence", train)
        return LastSample(), []

    def restore(self, state: Mapping[str, np.ndarray]) -> "LastSample":
        """There is nothing to restore."""
        return LastSample()


@dataclass(frozen=True)
class LastSample:
    """Repeats the last sample that it sees."""

    def predict(self, examples: Examples) -> Prediction:
        """The last sample at every offset."""
        trial, last = examples.trial, examples.last
        sample = examples.inputs.values[trial, last]  # (example, channel)
        return Prediction(np.repeat(sample[:, None], len(examples.offsets), axis=1))

    def state(self) -> dict[str, np.ndarray]:
        """Empty: nothing was fitted."""
        return {}
