"""Calibration error: how far probabilities lie from how often they come true, class by class in bins (Nixon et al. 2019, "static")."""

from typing import ClassVar, Literal

import numpy as np

from headroom.core.settings import settings
from headroom.metrics._categories import share

BINS = 15
"""Bins of equal width between 0 and 1."""


@settings
class CalibrationError:
    """Mean over examples of |mean probability - share of the class| in a bin; pooled, the mean over classes. 0 is calibrated.

    Few examples in a bin make it larger than it is.
    """

    unit: ClassVar[Literal["", "signal", "signal^2"]] = ""
    higher_is_better: ClassVar[bool] = False
    clean: ClassVar[bool] = False
    per_target: ClassVar[bool] = True
    about: ClassVar[Literal["value", "category"]] = "category"

    def statistics(self, point: np.ndarray, truth: np.ndarray) -> np.ndarray:
        """Count, probability and truth at (bin of the probability), flat: (..., class, 3 x bin); NaN where one is not finite."""
        place = np.clip(np.nan_to_num(point) * BINS, 0, BINS - 1).astype(int)
        here = place[..., None] == np.arange(BINS)
        found = np.stack([here, here * point[..., None], here * truth[..., None]], axis=-2)
        found[~np.isfinite(point).all(axis=-1)] = np.nan
        return found.reshape(*point.shape, 3 * BINS)

    def expected(self, variance: np.ndarray, truth: np.ndarray) -> np.ndarray | None:
        """None: a squared error does not fix it."""
        return None

    def value(self, sums: np.ndarray) -> np.ndarray:
        """The error (...) from sums (..., class, 3 x bin), the mean over the classes given; NaN where nothing was decoded."""
        count, said, true = np.moveaxis(sums.reshape(*sums.shape[:-1], 3, BINS), -2, 0)
        return share(np.abs(said - true).sum(axis=-1), count.sum(axis=-1)).mean(axis=-1)
