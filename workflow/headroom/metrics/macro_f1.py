"""Macro F1: the mean over classes of the harmonic mean of precision and recall."""

import numpy as np

from headroom.core.settings import settings
from headroom.metrics._categories import Confusion, matrix, share


@settings
class MacroF1(Confusion):
    """2 TP / (2 TP + FP + FN) of each class, averaged; undefined where a class is absent, 0 for one that is never decoded."""

    def value(self, sums: np.ndarray) -> np.ndarray:
        """Macro F1 (...) from sums (..., 1, class x class); NaN where a class is absent."""
        counts = matrix(sums)
        present, decoded = counts.sum(axis=-1), counts.sum(axis=-2)
        each = share(2 * np.diagonal(counts, axis1=-2, axis2=-1), present + decoded)
        return np.where(present > 0, each, np.nan).mean(axis=-1)
