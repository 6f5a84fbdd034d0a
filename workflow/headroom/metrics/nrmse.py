"""Root mean squared error in SDs of the truth."""

import numpy as np

from headroom.core.settings import settings
from headroom.metrics.mse_z import MseZ


@settings
class Nrmse(MseZ):
    """sqrt(SSE / SST) of each target: 1 is its mean as prediction. Of several targets the root of their mean square."""

    def value(self, sums: np.ndarray) -> np.ndarray:
        """NRMSE (...) from sums (..., target, 4); NaN where one of the targets is constant."""
        return np.sqrt(super().value(sums))
