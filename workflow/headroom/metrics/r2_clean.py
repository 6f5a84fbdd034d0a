"""R2 against the noise-free target: what remains when the measurement noise of the test data is not held against a model."""

from typing import ClassVar

import numpy as np

from headroom.core.settings import settings
from headroom.metrics.r2 import R2


@settings
class R2Clean(R2):
    """As R2, with the noise-free signal as the truth."""

    clean: ClassVar[bool] = True

    def expected(self, variance: np.ndarray, truth: np.ndarray) -> np.ndarray | None:
        """None: a squared error expected of the noisy target says nothing of the error against the clean one."""
        return None
