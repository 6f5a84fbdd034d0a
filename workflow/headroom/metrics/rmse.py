"""Root mean squared error."""

from typing import ClassVar, Literal

import numpy as np

from headroom.core.settings import settings
from headroom.metrics.mse import Mse


@settings
class Rmse(Mse):
    """Square root of the pooled mean squared error, in the signal's unit."""

    unit: ClassVar[Literal["", "signal", "signal^2"]] = "signal"

    def value(self, sums: np.ndarray) -> np.ndarray:
        """Root mean squared error (...) from sums (..., target, 2); NaN where nothing was predicted."""
        return np.sqrt(super().value(sums))
