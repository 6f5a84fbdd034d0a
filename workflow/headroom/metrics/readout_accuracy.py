"""Accuracy of binary read-outs: is it this class or not, decided by whether its probability is above one half."""

import numpy as np

from headroom.core.settings import settings
from headroom.metrics._categories import share
from headroom.metrics._readouts import Readout


@settings
class ReadoutAccuracy(Readout):
    """A value for each class; pooled, the mean over classes. A rare class is easily right by never being decoded."""

    def value(self, sums: np.ndarray) -> np.ndarray:
        """Accuracy (...) from sums (..., class, 4), the mean over the classes given; NaN where nothing was decoded."""
        return share(sums[..., 0] + sums[..., 3], sums.sum(axis=-1)).mean(axis=-1)
