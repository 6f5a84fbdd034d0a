"""Weighted F1: the harmonic mean of precision and recall of each class, averaged by how common each class is."""

import numpy as np

from headroom.core.settings import settings
from headroom.metrics._categories import Confusion, by_class


@settings
class WeightedF1(Confusion):
    """Common classes count more: a decoder that neglects a rare class loses little. `macro_f1` counts all classes the same."""

    def value(self, sums: np.ndarray) -> np.ndarray:
        """Weighted F1 (...) from sums (..., 1, class x class); NaN where nothing was decoded."""
        each = by_class(sums)
        return each.weighted(each.f1)
