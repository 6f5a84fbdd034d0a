"""Macro precision: the mean over classes of the share of decisions for each that are right. (Macro recall is `balanced_accuracy`.)"""

import numpy as np

from headroom.core.settings import settings
from headroom.metrics._categories import Confusion, by_class


@settings
class MacroPrecision(Confusion):
    """Every class counts the same; undefined where a class is absent, 0 for one that is never decoded."""

    def value(self, sums: np.ndarray) -> np.ndarray:
        """Macro precision (...) from sums (..., 1, class x class); NaN where a class is absent."""
        each = by_class(sums)
        return np.where(each.present > 0, each.precision, np.nan).mean(axis=-1)
