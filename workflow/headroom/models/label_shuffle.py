"""The label-shuffle baseline: a linear decoder trained on labels in random order, which shows what skill no signal gives."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt

from headroom.core.examples import Examples, Kind, Target
from headroom.core.protocols import Role, Workspace
from headroom.core.settings import settings
from headroom.models._class_rows import rows
from headroom.models._components import lagged
from headroom.models._multinomial import regressed
from headroom.models.logistic import Logistic, LogisticFit


@settings
class LabelShuffle:
    """Logistic regression whose training examples have dealt their labels anew among themselves; the seed is the dealing."""

    role: ClassVar[Role] = "trivial"
    seeded: ClassVar[bool] = True
    answers: ClassVar[tuple[Kind, ...]] = ("category",)

    lags: Annotated[int, Ge(1)] = 8
    """Newest samples of the window that are read."""
    components: Annotated[int, Ge(1)] = 40
    """Principal components of the channels, where there are more channels than that."""
    penalty: Annotated[float, Gt(0)] = 0.1
    """Ridge penalty on the slopes, for standardised data."""

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[LogisticFit, list[dict[str, float]]]:
        """The fit; nothing is chosen on validation."""
        inputs = lagged(train, self.lags, self.components)
        features, truth = rows(inputs, train)
        dealt = np.random.default_rng(workspace.seed).permutation(len(truth))
        ((_, weights),) = regressed(features, truth[dealt], [self.penalty])
        return LogisticFit(inputs, weights, np.array(train.offsets)), []

    def restore(self, state: Mapping[str, np.ndarray]) -> LogisticFit:
        """The fit that was saved."""
        return Logistic().restore(state)
