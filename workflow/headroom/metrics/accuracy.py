"""Accuracy: the share of examples whose class is decoded rightly."""

import numpy as np

from headroom.core.settings import settings
from headroom.metrics._categories import Confusion, matrix, share


@settings
class Accuracy(Confusion):
    """Right decisions over all decisions; a majority class makes it large without any skill."""

    def value(self, sums: np.ndarray) -> np.ndarray:
        """Accuracy (...) from sums (..., 1, class x class); NaN where nothing was decoded."""
        counts = matrix(sums)
        return share(np.trace(counts, axis1=-2, axis2=-1), counts.sum(axis=(-2, -1)))
