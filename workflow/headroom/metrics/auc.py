"""AUC: how likely a random example of a class scores above a random one of the others (Hanley & McNeil 1982), one against the rest."""

from typing import ClassVar, Literal

import numpy as np

from headroom.core.settings import settings
from headroom.metrics._categories import share

BINS = 64
FURTHEST = 8.0  # log-odds beyond which probabilities count as equal: 0.9997


@settings
class Auc:
    """Macro average over classes, from histograms of the log-odds in 64 bins: scores in one bin count as ties."""

    unit: ClassVar[Literal["", "signal", "signal^2"]] = ""
    higher_is_better: ClassVar[bool] = True
    clean: ClassVar[bool] = False
    per_target: ClassVar[bool] = False
    about: ClassVar[Literal["value", "category"]] = "category"

    def statistics(self, point: np.ndarray, truth: np.ndarray) -> np.ndarray:
        """A one at (class, is it true, bin of its score), flat: (..., 1, class x 2 x bin)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            odds = np.log(point) - np.log1p(-point)
        place = np.clip((odds / FURTHEST + 1) / 2 * BINS, 0, BINS - 1)
        finite = np.isfinite(point).all(axis=-1)
        counts = np.zeros((*point.shape, 2, BINS), np.float32)
        index = np.where(np.isfinite(place), place, 0).astype(int)
        where = np.indices(point.shape)
        counts[(*where, (truth > 0).astype(int), index)] = 1.0
        counts[~finite] = np.nan
        return counts.reshape(*point.shape[:-1], 1, -1)

    def expected(self, variance: np.ndarray, truth: np.ndarray) -> np.ndarray | None:
        """None: a squared error does not fix an order."""
        return None

    def value(self, sums: np.ndarray) -> np.ndarray:
        """Mean AUC (...) from sums (..., 1, class x 2 x bin); NaN where a class is absent or alone."""
        counts = sums.reshape(*sums.shape[:-2], -1, 2, BINS)
        others, own = counts[..., 0, :], counts[..., 1, :]
        below = np.cumsum(others, axis=-1) - others / 2
        won = (own * below).sum(axis=-1)
        return share(won, own.sum(axis=-1) * others.sum(axis=-1)).mean(axis=-1)
