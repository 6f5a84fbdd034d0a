"""Mean absolute error."""

from typing import ClassVar, Literal

import numpy as np

from headroom.core.settings import settings
from headroom.metrics.mse import Mse


@settings
class Mae(Mse):
    """Sum of absolute errors over the number of predicted values, in the signal's unit."""

    unit: ClassVar[Literal["", "signal", "signal^2"]] = "signal"

    def statistics(self, point: np.ndarray, truth: np.ndarray) -> np.ndarray:
        """Absolute error and a count: (..., 2)."""
        return self.counted(np.abs(point - truth), truth)

    def expected(self, variance: np.ndarray, truth: np.ndarray) -> np.ndarray | None:
        """None: an expected squared error does not fix the absolute one."""
        return None
