"""What metrics of categories share: the confusion counts of one example, and of many."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from headroom.core.settings import settings


@settings
class Confusion:
    """Counts of (true class, decoded class): the decoded one has the largest probability, the first of equals."""

    unit: ClassVar[Literal["", "signal", "signal^2"]] = ""
    higher_is_better: ClassVar[bool] = True
    clean: ClassVar[bool] = False
    per_target: ClassVar[bool] = False
    about: ClassVar[Literal["value", "category"]] = "category"

    def statistics(self, point: np.ndarray, truth: np.ndarray) -> np.ndarray:
        """A one at (true class, decoded class), flat: (..., 1, class x class); NaN where a probability is not finite."""
        classes = point.shape[-1]
        place = truth.argmax(axis=-1) * classes + point.argmax(axis=-1)
        counts = (place[..., None] == np.arange(classes**2)).astype(float)
        counts[~np.isfinite(point).all(axis=-1)] = np.nan
        return counts[..., None, :]

    def expected(self, variance: np.ndarray, truth: np.ndarray) -> np.ndarray | None:
        """None: a squared error does not fix which class is decoded."""
        return None


def matrix(sums: np.ndarray) -> np.ndarray:
    """Counts (..., true class, decoded class) of sums (..., 1, class x class)."""
    classes = round(np.sqrt(sums.shape[-1]))
    return sums[..., 0, :].reshape(*sums.shape[:-2], classes, classes)


def share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """part / whole, NaN where the whole is nothing."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(whole > 0, part / whole, np.nan)


@dataclass(frozen=True)
class ByClass:
    """What confusion counts say of each class: all (..., class)."""

    present: np.ndarray
    """Examples of the class."""
    precision: np.ndarray
    """Share of the decisions for it that are right; 0 where there are none."""
    f1: np.ndarray
    """2 TP / (2 TP + FP + FN); NaN where it is neither present nor decoded."""

    def weighted(self, values: np.ndarray) -> np.ndarray:
        """Mean (...) of the present classes' values, by how many examples each has; NaN where there are none."""
        return share(np.where(self.present > 0, values * self.present, 0.0).sum(axis=-1), self.present.sum(axis=-1))


def by_class(sums: np.ndarray) -> ByClass:
    """Precision and F1 of every class from sums (..., 1, class x class)."""
    counts = matrix(sums)
    right, present, decoded = np.diagonal(counts, axis1=-2, axis2=-1), counts.sum(axis=-1), counts.sum(axis=-2)
    precision = np.where((decoded == 0) & (present > 0), 0.0, share(right, decoded))
    return ByClass(present, precision, share(2 * right, present + decoded))
