"""Log loss: minus the log of the probability that was given to the true class [nat]."""

from typing import ClassVar, Literal

import numpy as np

from headroom.core.settings import settings
from headroom.metrics._categories import share

LEAST = 1e-12
"""A smaller probability counts as this one."""


@settings
class LogLoss:
    """Mean over examples; it rewards probabilities that are right, not decisions alone."""

    unit: ClassVar[Literal["", "signal", "signal^2"]] = ""
    higher_is_better: ClassVar[bool] = False
    clean: ClassVar[bool] = False
    per_target: ClassVar[bool] = False
    about: ClassVar[Literal["value", "category"]] = "category"

    def statistics(self, point: np.ndarray, truth: np.ndarray) -> np.ndarray:
        """The loss and a count: (..., 1, 2)."""
        return counted(-np.log(np.maximum((point * truth).sum(axis=-1), LEAST)))

    def expected(self, variance: np.ndarray, truth: np.ndarray) -> np.ndarray | None:
        """None: a squared error does not fix it."""
        return None

    def value(self, sums: np.ndarray) -> np.ndarray:
        """Mean loss (...) from sums (..., 1, 2); NaN where nothing was decoded."""
        return share(sums[..., 0, 0], sums[..., 0, 1])


def counted(loss: np.ndarray) -> np.ndarray:
    """A loss of each example with a one beside it: (..., 1, 2)."""
    return np.stack([loss, np.ones_like(loss)], axis=-1)[..., None, :]
