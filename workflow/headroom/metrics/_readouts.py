"""What metrics of binary read-outs share: each class against the rest."""

from typing import ClassVar, Literal

import numpy as np

from headroom.core.settings import settings


@settings
class Readout:
    """Counts of true and false decisions for and against each class."""

    unit: ClassVar[Literal["", "signal", "signal^2"]] = ""
    higher_is_better: ClassVar[bool] = True
    clean: ClassVar[bool] = False
    per_target: ClassVar[bool] = True
    about: ClassVar[Literal["value", "category"]] = "category"

    def statistics(self, point: np.ndarray, truth: np.ndarray) -> np.ndarray:
        """True and false decisions for a class, false and true ones against it: (..., class, 4); NaN where a probability is not finite."""
        yes, true = point > 0.5, truth > 0
        counts = np.stack([yes & true, yes & ~true, ~yes & true, ~yes & ~true], axis=-1).astype(float)
        counts[~np.isfinite(point).all(axis=-1)] = np.nan
        return counts

    def expected(self, variance: np.ndarray, truth: np.ndarray) -> np.ndarray | None:
        """None: a squared error does not fix a decision."""
        return None
