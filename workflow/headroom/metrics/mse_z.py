"""Mean squared error in z units: every target divided by its own SD on the test data."""

from typing import ClassVar

import numpy as np

from headroom.core.settings import settings
from headroom.metrics.r2 import R2


@settings
class MseZ(R2):
    """Mean over targets of SSE / SST: what a network that trains on standardised channels reports. One target: 1 - R2."""

    higher_is_better: ClassVar[bool] = False

    def value(self, sums: np.ndarray) -> np.ndarray:
        """(...) from sums (..., target, 4); NaN where a target is constant."""
        error, scatter = self.squares(sums)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(scatter > 0, error / scatter, np.nan).mean(axis=-1)
