"""The mean of the training targets, whatever the window shows."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from headroom.core.examples import Examples, Target
from headroom.core.protocols import Role, Workspace
from headroom.core.scaling import batches
from headroom.core.settings import settings
from headroom.models._constant import Constant


@settings
class TrainMean:
    """One constant for each target and offset."""

    role: ClassVar[Role] = "trivial"
    seeded: ClassVar[bool] = False

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[Constant, list[dict[str, float]]]:
        """The mean over the training examples."""
        total = sum(train.targets(batch).sum(axis=0, dtype=float) for batch in batches(train))
        return Constant("train_mean", np.asarray(total) / len(train), np.array(train.offsets)), []

    def restore(self, state: Mapping[str, np.ndarray]) -> Constant:
        """The constants that were saved."""
        return Constant("train_mean", state["mean"], state["offsets"])
