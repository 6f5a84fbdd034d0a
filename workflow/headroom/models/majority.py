"""The majority class: what is decoded without looking."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from headroom.core.examples import Examples, Kind, Target
from headroom.core.protocols import Role, Workspace
from headroom.core.scaling import batches
from headroom.core.settings import settings
from headroom.models._constant import Constant


@settings
class Majority:
    """The share of each class among the training examples, whatever the window shows."""

    role: ClassVar[Role] = "trivial"
    seeded: ClassVar[bool] = False
    answers: ClassVar[tuple[Kind, ...]] = ("category",)

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[Constant, list[dict[str, float]]]:
        """Shares (offset, class) of the training examples."""
        total = sum(train.targets(batch).sum(axis=0, dtype=float) for batch in batches(train))
        return Constant("majority", np.asarray(total) / len(train), np.array(train.offsets)), []

    def restore(self, state: Mapping[str, np.ndarray]) -> Constant:
        """The shares that were saved."""
        return Constant("majority", state["mean"], state["offsets"])
