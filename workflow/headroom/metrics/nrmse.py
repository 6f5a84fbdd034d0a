"""Root mean squared error in SDs of the truth."""

from typing import ClassVar

import numpy as np

from headroom.core.settings import settings
from headroom.metrics.r2 import R2


@settings
class Nrmse(R2):
    """sqrt(SSE / SST) of each target: 1 is its mean as prediction. Of several targets the root of their mean square."""

    higher_is_better: ClassVar[bool] = False

    def value(self, sums: np.ndarray) -> np.ndarray:
        """NRMSE (...) from sums (..., target, 4); NaN where one of the targets is constant."""
        error, scatter = self.squares(sums)
        return np.sqrt((1 - self._explained(error, scatter)).mean(axis=-1))
