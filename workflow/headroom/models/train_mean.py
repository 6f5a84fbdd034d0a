"""The mean of the training targets, whatever the window shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from headroom.core.examples import Examples, Target
from headroom.core.prediction import Prediction
from headroom.core.protocols import Role, Workspace
from headroom.core.scaling import batches, require_offsets
from headroom.core.settings import settings


@settings
class TrainMean:
    """One constant for each target and offset."""

    role: ClassVar[Role] = "trivial"
    seeded: ClassVar[bool] = False

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple["Constant", list[dict[str, float]]]:
        """The mean over the training examples."""
        total = sum(train.targets(batch).sum(axis=0) for batch in batches(train))
        return Constant(np.asarray(total) / len(train), np.array(train.offsets)), []

    def restore(self, state: Mapping[str, np.ndarray]) -> "Constant":
        """The constants that were saved."""
        return Constant(state["mean"], state["offsets"])


@dataclass(frozen=True)
class Constant:
    """The same prediction for every window."""

    mean: np.ndarray  # (offset, target), physical units
    offsets: np.ndarray  # (offset,)

    def predict(self, examples: Examples) -> Prediction:
        """The constants, once for each example."""
        require_offsets("train_mean", examples, self.offsets)
        return Prediction(np.repeat(self.mean[None], len(examples), axis=0))

    def state(self) -> dict[str, np.ndarray]:
        """The constants and the offsets that they belong to."""
        return {"mean": self.mean, "offsets": self.offsets}
