"""Weighted precision: the share of decisions for a class that are right, averaged by how common each class is.

Weighted recall is `accuracy`.
"""

import numpy as np

from headroom.core.settings import settings
from headroom.metrics._categories import Confusion, by_class


@settings
class WeightedPrecision(Confusion):
    """Common classes count more; 0 for a class that is never decoded."""

    def value(self, sums: np.ndarray) -> np.ndarray:
        """Weighted precision (...) from sums (..., 1, class x class); NaN where nothing was decoded."""
        each = by_class(sums)
        return each.weighted(each.precision)
