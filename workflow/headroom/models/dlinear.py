"""DLinear (Zeng et al. 2023, "Are transformers effective for time series forecasting?"), solved in closed form.

A moving average splits the window into trend and remainder; one linear layer for each, shared by all channels, and their sum is
the forecast. The authors train by gradient descent on the squared error, which is convex in the weights: the closed form here is
the optimum that their training approaches. Both parts are linear in the window, so without the penalty they add nothing to a
single linear layer; the split only says which weights are kept small.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt, MinLen

from headroom.core.examples import Examples, Kind, Target
from headroom.core.protocols import Role, Workspace
from headroom.core.scaling import require_same_channels
from headroom.core.settings import settings
from headroom.models._linear import Rows, fit_linear
from headroom.models._linear_fit import LinearFit, restore_linear


@settings
class Dlinear:
    """Linear in a moving average of the window and in what is left, the same weights for every channel."""

    role: ClassVar[Role] = "linear"
    seeded: ClassVar[bool] = False
    answers: ClassVar[tuple[Kind, ...]] = ("ahead",)
    kernel: Annotated[int, Ge(1)] = 25
    """Width of the moving average [samples], as published; an odd number, an even one is centred half a sample late."""
    penalties: Annotated[tuple[Annotated[float, Gt(0)], ...], MinLen(1)] = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)
    """Ridge penalties to try, for standardised data."""
    folds: Annotated[int, Ge(2)] = 5
    """Contiguous folds of the training examples that choose where there is no validation."""

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[LinearFit, Rows]:
        """In closed form, one row for each penalty; raises HeadroomError where targets are not the inputs themselves."""
        require_same_channels("dlinear", train)
        return fit_linear(TrendAndRemainder(self.kernel), train, valid, self.penalties, self.folds)

    def restore(self, state: Mapping[str, np.ndarray]) -> LinearFit:
        """The fit that was saved."""
        return restore_linear(TrendAndRemainder(self.kernel), state)


@dataclass(frozen=True)
class TrendAndRemainder:
    """One group of rows: a row is one channel of a window, its features are trend and remainder at every lag."""

    kernel: int
    name: str = "dlinear"

    def features(self, windows: np.ndarray) -> np.ndarray:
        """(1, example x channel, 2 x length): trend, then remainder."""
        length = windows.shape[1]
        rows = windows.transpose(0, 2, 1).reshape(-1, length)
        trend = rows @ _moving_average(length, self.kernel)
        return np.concatenate([trend, rows - trend], axis=1)[None]

    def responses(self, windows: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """(1, example x channel, offset)."""
        return targets.transpose(0, 2, 1).reshape(1, -1, targets.shape[1])

    def predictions(self, windows: np.ndarray, responses: np.ndarray) -> np.ndarray:
        """(example, offset, channel)."""
        return responses.reshape(len(windows), windows.shape[2], -1).transpose(0, 2, 1)


def _moving_average(length: int, kernel: int) -> np.ndarray:
    """(length, length), to be multiplied from the right; beyond its ends the window goes on at its end values."""
    matrix = np.zeros((length, length))
    for shift in range(kernel):
        source = np.clip(np.arange(length) + shift - kernel // 2, 0, length - 1)
        np.add.at(matrix, (source, np.arange(length)), 1 / kernel)
    return matrix
