"""Balanced accuracy: the mean over classes of the share of each that is decoded rightly (its recall)."""

import numpy as np

from headroom.core.settings import settings
from headroom.metrics._categories import Confusion, matrix, share


@settings
class BalancedAccuracy(Confusion):
    """Every class counts the same, however rare; undefined where one is absent."""

    def value(self, sums: np.ndarray) -> np.ndarray:
        """Mean recall (...) from sums (..., 1, class x class); NaN where a class is absent."""
        counts = matrix(sums)
        return share(np.diagonal(counts, axis1=-2, axis2=-1), counts.sum(axis=-1)).mean(axis=-1)
