"""Mean absolute error in z units: every target divided by its own SD on the test data."""

import numpy as np

from headroom.core.settings import settings
from headroom.metrics.mse_z import MseZ


@settings
class MaeZ(MseZ):
    """Mean over targets of the mean absolute error in SDs."""

    def statistics(self, point: np.ndarray, truth: np.ndarray) -> np.ndarray:
        """Absolute error, truth, squared truth and a count: (..., 4)."""
        return self._moments(np.abs(point - truth), truth)

    def expected(self, variance: np.ndarray, truth: np.ndarray) -> np.ndarray | None:
        """None: an expected squared error does not fix the absolute one."""
        return None

    def value(self, sums: np.ndarray) -> np.ndarray:
        """(...) from sums (..., target, 4); NaN where a target is constant."""
        error, scatter = self.squares(sums)
        count = sums[..., 3]
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(scatter > 0, (error / count) / np.sqrt(scatter / count), np.nan).mean(axis=-1)
