"""The mean of the targets' own R2: every target counts the same, whatever its variance."""

from typing import ClassVar

import numpy as np

from headroom.core.settings import settings
from headroom.metrics.r2 import R2


@settings
class R2Mean(R2):
    """Mean over targets of 1 - SSE / SST; of one target it would be R2, so it exists for all targets together only."""

    per_target: ClassVar[bool] = False

    def value(self, sums: np.ndarray) -> np.ndarray:
        """Mean R2 (...) from sums (..., target, 4); NaN where one of the targets is constant."""
        return self._explained(*self.squares(sums)).mean(axis=-1)
