"""R2: the share of the targets' scatter about their test mean that a prediction explains."""

from typing import ClassVar, Literal

import numpy as np

from headroom.core.settings import settings

ROUNDING = 1e-12
"""A scatter below this share of the sum of squares is rounding: the target is constant."""


@settings
class R2:
    """1 - SSE / SST, with SST about each target's own test mean; targets are pooled by summing both."""

    unit: ClassVar[Literal["", "signal", "signal^2"]] = ""
    higher_is_better: ClassVar[bool] = True
    clean: ClassVar[bool] = False
    per_target: ClassVar[bool] = True
    about: ClassVar[Literal["value", "category"]] = "value"

    def statistics(self, point: np.ndarray, truth: np.ndarray) -> np.ndarray:
        """Squared error, truth, squared truth and a count: (..., 4)."""
        return self._moments((point - truth) ** 2, truth)

    def expected(self, variance: np.ndarray, truth: np.ndarray) -> np.ndarray | None:
        """The same with the expected squared error in the first place."""
        return self._moments(variance, truth)

    def value(self, sums: np.ndarray) -> np.ndarray:
        """R2 (...) from sums (..., target, 4); NaN where every target is constant."""
        error, scatter = self.squares(sums)
        return self._explained(error.sum(axis=-1), scatter.sum(axis=-1))

    @staticmethod
    def squares(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """SSE and SST of each target, both (..., target)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            scatter = sums[..., 2] - sums[..., 1] ** 2 / sums[..., 3]
        return sums[..., 0], np.where(scatter > ROUNDING * sums[..., 2], scatter, 0.0)

    @staticmethod
    def _moments(error: np.ndarray, truth: np.ndarray) -> np.ndarray:
        moments = np.empty((4, *truth.shape))  # statistic first: each is written in one stroke
        moments[0], moments[1], moments[2], moments[3] = error, truth, truth**2, 1.0
        return np.moveaxis(moments, 0, -1)

    @staticmethod
    def _explained(error: np.ndarray, scatter: np.ndarray) -> np.ndarray:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(scatter > 0, 1 - error / scatter, np.nan)
