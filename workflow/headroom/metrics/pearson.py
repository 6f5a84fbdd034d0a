"""Pearson's correlation (Pearson 1895), with its sign: a prediction that runs against the truth scores below zero."""

from typing import ClassVar, Literal

import numpy as np

from headroom.core.settings import settings

ROUNDING = 1e-10
"""A scatter below this share of the sum of squares is rounding: the prediction or the truth is constant."""


@settings
class Pearson:
    """r of each target over all examples; of several targets the mean of their r."""

    unit: ClassVar[Literal["", "signal", "signal^2"]] = ""
    higher_is_better: ClassVar[bool] = True
    clean: ClassVar[bool] = False
    per_target: ClassVar[bool] = True
    about: ClassVar[Literal["value", "category"]] = "value"

    def statistics(self, point: np.ndarray, truth: np.ndarray) -> np.ndarray:
        """Prediction, truth, their squares, their product and a count: (..., 6)."""
        moments = np.empty((6, *truth.shape))  # statistic first: each is written in one stroke
        moments[0], moments[1], moments[2], moments[3] = point, truth, point**2, truth**2
        moments[4], moments[5] = point * truth, 1.0
        return np.moveaxis(moments, 0, -1)

    def expected(self, variance: np.ndarray, truth: np.ndarray) -> np.ndarray | None:
        """None: a squared error does not fix a correlation."""
        return None

    def value(self, sums: np.ndarray) -> np.ndarray:
        """Mean r (...) from sums (..., target, 6); NaN where a prediction or a truth is constant."""
        count = sums[..., 5]
        with np.errstate(invalid="ignore", divide="ignore"):
            shared = sums[..., 4] - sums[..., 0] * sums[..., 1] / count
            scatter = sums[..., 2:4] - sums[..., 0:2] ** 2 / count[..., None]
            varied = (scatter > ROUNDING * sums[..., 2:4]).all(axis=-1)
            return np.where(varied, shared / np.sqrt(scatter.prod(axis=-1)), np.nan).mean(axis=-1)
