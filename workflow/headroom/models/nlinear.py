"""NLinear (Zeng et al. 2023, "Are transformers effective for time series forecasting?"), solved in closed form.

One linear layer, shared by all channels, from the window less its last value to the horizons less the same value. The authors
train it by gradient descent on the squared error, which is convex in the weights: the closed form here is the optimum that their
training approaches, with a ridge penalty chosen on validation in the place of early stopping.
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
class Nlinear:
    """Linear in the window relative to its last value, the same weights for every channel."""

    role: ClassVar[Role] = "linear"
    seeded: ClassVar[bool] = False
    answers: ClassVar[tuple[Kind, ...]] = ("ahead",)
    penalties: Annotated[tuple[Annotated[float, Gt(0)], ...], MinLen(1)] = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)
    """Ridge penalties to try, for standardised data."""
    folds: Annotated[int, Ge(2)] = 5
    """Contiguous folds of the training examples that choose where there is no validation."""

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[LinearFit, Rows]:
        """In closed form, one row for each penalty; raises HeadroomError where targets are not the inputs themselves."""
        require_same_channels("nlinear", train)
        return fit_linear(FromLastValue(), train, valid, self.penalties, self.folds)

    def restore(self, state: Mapping[str, np.ndarray]) -> LinearFit:
        """The fit that was saved."""
        return restore_linear(FromLastValue(), state)


@dataclass(frozen=True)
class FromLastValue:
    """One group of rows: a row is one channel of a window, less the channel's last value."""

    name: str = "nlinear"

    def features(self, windows: np.ndarray) -> np.ndarray:
        """(1, example x channel, length - 1): the last sample is zero by construction and left out."""
        relative = windows[:, :-1] - windows[:, -1:]
        return relative.transpose(0, 2, 1).reshape(1, -1, relative.shape[1])

    def responses(self, windows: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """(1, example x channel, offset)."""
        return (targets - windows[:, -1:]).transpose(0, 2, 1).reshape(1, -1, targets.shape[1])

    def predictions(self, windows: np.ndarray, responses: np.ndarray) -> np.ndarray:
        """(example, offset, channel)."""
        return responses.reshape(len(windows), windows.shape[2], -1).transpose(0, 2, 1) + windows[:, -1:]
