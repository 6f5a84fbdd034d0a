"""F1 of binary read-outs: is it this class or not, decided by whether its probability is above one half; precision and recall of "yes"."""

import numpy as np

from headroom.core.settings import settings
from headroom.metrics._categories import share
from headroom.metrics._readouts import Readout


@settings
class ReadoutF1(Readout):
    """A value for each class; pooled, the mean over classes. 0 for a class that is never decoded, undefined for one that is absent."""

    def value(self, sums: np.ndarray) -> np.ndarray:
        """2 TP / (2 TP + FP + FN) (...) from sums (..., class, 4), the mean over the classes given; NaN where one is absent."""
        hit, false, missed = sums[..., 0], sums[..., 1], sums[..., 2]
        value = share(2 * hit, 2 * hit + false + missed)
        return np.where(hit + missed > 0, value, np.nan).mean(axis=-1)
