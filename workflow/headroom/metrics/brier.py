"""Brier score: the squared distance of the probabilities from the truth, summed over classes (Brier 1950)."""

import numpy as np

from headroom.core.settings import settings
from headroom.metrics.log_loss import LogLoss, counted


@settings
class Brier(LogLoss):
    """Mean over examples: 0 for certainty that is right, 2 for certainty that is wrong."""

    def statistics(self, point: np.ndarray, truth: np.ndarray) -> np.ndarray:
        """The squared distance and a count: (..., 1, 2)."""
        return counted(((point - truth) ** 2).sum(axis=-1))
