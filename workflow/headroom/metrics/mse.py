"""Mean squared error."""

from typing import ClassVar, Literal

import numpy as np

from headroom.core.settings import settings


@settings
class Mse:
    """Sum of squared errors over the number of predicted values, in the signal's unit squared."""

    unit: ClassVar[Literal["", "signal", "signal^2"]] = "signal^2"
    higher_is_better: ClassVar[bool] = False
    clean: ClassVar[bool] = False
    per_target: ClassVar[bool] = True
    about: ClassVar[Literal["value", "category"]] = "value"

    def statistics(self, point: np.ndarray, truth: np.ndarray) -> np.ndarray:
        """Squared error and a count: (..., 2)."""
        return self.counted((point - truth) ** 2, truth)

    def expected(self, variance: np.ndarray, truth: np.ndarray) -> np.ndarray | None:
        """The same with the expected squared error in the first place."""
        return self.counted(variance, truth)

    def value(self, sums: np.ndarray) -> np.ndarray:
        """Mean squared error (...) from sums (..., target, 2); NaN where nothing was predicted."""
        total, count = sums[..., 0].sum(axis=-1), sums[..., 1].sum(axis=-1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(count > 0, total / count, np.nan)

    @staticmethod
    def counted(error: np.ndarray, truth: np.ndarray) -> np.ndarray:
        """An error of each predicted value with a one beside it: (..., 2)."""
        pair = np.empty((2, *truth.shape))  # statistic first: each is written in one stroke
        pair[0], pair[1] = error, 1.0
        return np.moveaxis(pair, 0, -1)
