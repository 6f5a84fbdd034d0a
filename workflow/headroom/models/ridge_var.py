"""Ridge vector autoregression: the past of every channel predicts every target, at each horizon directly (Luetkepohl 2005)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt, MinLen

from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Kind, Target
from headroom.core.protocols import Role, Workspace
from headroom.core.settings import settings
from headroom.core.shape import DataShape
from headroom.models._linear import Rows, fit_linear
from headroom.models._linear_fit import LinearFit, restore_linear


@settings
class RidgeVar:
    """Linear in all channels' lags; lags and penalty are chosen on validation."""

    role: ClassVar[Role] = "linear"
    seeded: ClassVar[bool] = False
    answers: ClassVar[tuple[Kind, ...]] = ("ahead", "window")
    lags: Annotated[tuple[Annotated[int, Ge(1)], ...], MinLen(1)] = (5, 10, 20, 30)
    """Numbers of lags to try [samples]; those longer than the window are passed over."""
    penalties: Annotated[tuple[Annotated[float, Gt(0)], ...], MinLen(1)] = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)
    """Ridge penalties to try, for standardised data."""
    folds: Annotated[int, Ge(2)] = 5
    """Contiguous folds of the training examples that choose where there is no validation."""

    def fit_work(self, data: DataShape) -> float:
        """Multiply-adds of the sums and of an eigendecomposition for each number of lags."""
        features = [lags * data.channels for lags in self.lags if lags <= data.length] or [0]
        return (data.train + data.valid) * max(features) * (max(features) + data.answers) + sum(10 * size**3 for size in features)

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[LinearFit, Rows]:
        """In closed form, one row for each candidate; raises HeadroomError where every number of lags exceeds the window."""
        sizes = {lags: lags * len(train.inputs.channels) for lags in sorted(set(self.lags)) if lags <= train.length}
        if not sizes:
            raise HeadroomError(f"ridge_var: lags {self.lags} are all longer than the window of {train.length} samples; add a shorter one")
        return fit_linear(AllChannels(len(train.offsets)), train, valid, self.penalties, self.folds, sizes)

    def restore(self, state: Mapping[str, np.ndarray]) -> LinearFit:
        """The fit that was saved."""
        return restore_linear(AllChannels(len(state["offsets"])), state)


@dataclass(frozen=True)
class AllChannels:
    """One group of rows: a row is a window, its features are all lags of all channels."""

    offsets: int
    name: str = "ridge_var"

    def features(self, windows: np.ndarray) -> np.ndarray:
        """(1, example, lag x channel), newest lag first."""
        return windows[:, ::-1].reshape(1, len(windows), -1)

    def responses(self, windows: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """(1, example, offset x target)."""
        return targets.reshape(1, len(windows), -1)

    def predictions(self, windows: np.ndarray, responses: np.ndarray) -> np.ndarray:
        """(example, offset, target)."""
        return responses.reshape(len(windows), self.offsets, -1)
