"""Ridge regression on the samples about a moment (Hoerl & Kennard 1970); with no context it is linear in that moment's sample alone."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt, MinLen

from headroom.core.centred import reach_of
from headroom.core.examples import Examples, Kind, Target
from headroom.core.protocols import Role, Workspace
from headroom.core.settings import settings
from headroom.core.shape import DataShape
from headroom.models._centred import Centred, restore_centred
from headroom.models._linear import Rows, fit_linear
from headroom.models._linear_fit import LinearFit


@settings
class RidgeLags:
    """Linear in all channels' samples before, at and after the moment asked for; the penalty is chosen on validation."""

    role: ClassVar[Role] = "linear"
    seeded: ClassVar[bool] = False
    answers: ClassVar[tuple[Kind, ...]] = ("same_time",)
    context: Annotated[int, Ge(0)] | None = None
    """Samples either side that are read; 0: pointwise; by default all that the task shows."""
    penalties: Annotated[tuple[Annotated[float, Gt(0)], ...], MinLen(1)] = (1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1)
    """Ridge penalties to try, for standardised data."""
    folds: Annotated[int, Ge(2)] = 5
    """Contiguous folds of the training examples that choose where there is no validation."""

    def fit_work(self, data: DataShape) -> float:
        """Multiply-adds of the sums and of an eigendecomposition."""
        lags = data.length if self.context is None else 2 * self.context + 1
        features = lags * data.channels
        return (data.train + data.valid) * features * (features + data.answers) + 10 * features**3

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[LinearFit, Rows]:
        """In closed form, one row for each penalty; raises HeadroomError where the task shows less than the context."""
        design = Centred("ridge_lags", train.offsets[0], reach_of("ridge_lags", train, self.context))
        return fit_linear(design, train, valid, self.penalties, self.folds)

    def restore(self, state: Mapping[str, np.ndarray]) -> LinearFit:
        """The fit that was saved."""
        return restore_centred("ridge_lags", state)
