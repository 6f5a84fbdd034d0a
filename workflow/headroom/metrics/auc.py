"""AUC: how likely a random example of a class scores above a random one of the others (Hanley & McNeil 1982), one against the rest."""

from typing import ClassVar, Literal

import numpy as np

from headroom.core.settings import settings
from headroom.metrics._categories import share

BINS = 200
FURTHEST = 36.0  # log-odds beyond which probabilities count as equal: doubles cannot tell 1 - p from 0 there
FINE = 3.0  # bins of log-odds are evenly wide up to here, .075, and then ever wider


@settings
class Auc:
    """A value for each class; pooled, their mean (macro). From histograms of the log-odds in 200 bins: scores in one bin count as ties.

    Ties pull it towards .5: by up to .003 where the log-odds have an SD of .5 or more, by .015 where it is .15 (500 examples, worst of
    20 draws).
    """

    unit: ClassVar[Literal["", "signal", "signal^2"]] = ""
    higher_is_better: ClassVar[bool] = True
    clean: ClassVar[bool] = False
    per_target: ClassVar[bool] = True
    about: ClassVar[Literal["value", "category"]] = "category"

    def statistics(self, point: np.ndarray, truth: np.ndarray) -> np.ndarray:
        """A one at (is it true, bin of its score), flat: (..., class, 2 x bin); NaN where a probability is not finite."""
        counts = np.zeros((*point.shape, 2, BINS), np.float32)
        counts[(*np.indices(point.shape), (truth > 0).astype(int), _bins(point))] = 1.0
        counts[~np.isfinite(point).all(axis=-1)] = np.nan
        return counts.reshape(*point.shape, -1)

    def expected(self, variance: np.ndarray, truth: np.ndarray) -> np.ndarray | None:
        """None: a squared error does not fix an order."""
        return None

    def value(self, sums: np.ndarray) -> np.ndarray:
        """AUC (...) from sums (..., class, 2 x bin), the mean over the classes given; NaN where one is absent or alone."""
        counts = sums.reshape(*sums.shape[:-1], 2, BINS)
        others, own = counts[..., 0, :], counts[..., 1, :]
        below = np.cumsum(others, axis=-1) - others / 2
        won = (own * below).sum(axis=-1)
        return share(won, own.sum(axis=-1) * others.sum(axis=-1)).mean(axis=-1)


def _bins(point: np.ndarray) -> np.ndarray:
    """The bin of each probability's log-odds; any where it is not finite."""
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = np.clip(np.log(point) - np.log1p(-point), -FURTHEST, FURTHEST)
    place = (np.arcsinh(odds / FINE) / np.arcsinh(FURTHEST / FINE) + 1) / 2 * BINS
    return np.clip(np.where(np.isfinite(place), place, 0), 0, BINS - 1).astype(int)
