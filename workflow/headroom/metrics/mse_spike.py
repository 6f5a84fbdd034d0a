"""Mean squared error of the samples that follow a spike."""

from typing import ClassVar

import numpy as np

from headroom.core.protocols import Among
from headroom.core.settings import settings
from headroom.metrics.mse import Mse


@settings
class MseSpike(Mse):
    """The same over targets whose neuron spiked since the sample before, that is at the first sample after each reset.

    No bound exists for these alone: a forecast that is always the reset makes no error on them, and many elsewhere. What an oracle
    expects given the past is an average over whether a spike comes, and says nothing of either case.
    """

    among: ClassVar[Among] = "events"

    def expected(self, variance: np.ndarray, truth: np.ndarray) -> np.ndarray | None:
        """None: an expected squared error is not split by what then happens."""
        return None
