"""Ridge regression from sums (Hoerl & Kennard 1970): the data are read once, whatever the number of lags and penalties tried."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np


@dataclass(frozen=True)
class Moments:
    """Sums over rows of features x and responses y, for each group of rows that has weights of its own."""

    rows: float
    x: np.ndarray  # (group, feature)
    y: np.ndarray  # (group, response)
    xx: np.ndarray  # (group, feature, feature)
    xy: np.ndarray  # (group, feature, response)
    yy: np.ndarray  # (group, response)

    @classmethod
    def of(cls, x: np.ndarray, y: np.ndarray) -> "Moments":
        """The sums over x (group, row, feature) and y (group, row, response)."""
        turned = x.transpose(0, 2, 1)
        return cls(x.shape[1], x.sum(axis=1), y.sum(axis=1), turned @ x, turned @ y, (y**2).sum(axis=1))

    def __add__(self, other: "Moments") -> "Moments":
        return Moments(*(getattr(self, part.name) + getattr(other, part.name) for part in fields(self)))

    def __sub__(self, other: "Moments") -> "Moments":
        return Moments(*(getattr(self, part.name) - getattr(other, part.name) for part in fields(self)))

    def leading(self, features: int) -> "Moments":
        """The sums of the first `features` features."""
        first = slice(features)
        return Moments(self.rows, self.x[:, first], self.y, self.xx[:, first, first], self.xy[:, first], self.yy)


class Weights(NamedTuple):
    """y is about x @ slopes + intercept."""

    slopes: np.ndarray  # (group, feature, response)
    intercept: np.ndarray  # (group, 1, response)


def path(moments: Moments, penalties: Sequence[float]) -> Iterator[Weights]:
    """The minimum of mean |y - x W - b|^2 + penalty |W|^2 for each penalty, from one eigendecomposition."""
    x, y = moments.x / moments.rows, moments.y / moments.rows
    covariance = moments.xx / moments.rows - x[:, :, None] * x[:, None]
    cross = moments.xy / moments.rows - x[:, :, None] * y[:, None]
    eigenvalues, vectors = np.linalg.eigh(covariance)
    rotated = vectors.transpose(0, 2, 1) @ cross
    for penalty in penalties:
        slopes = vectors @ (rotated / (np.maximum(eigenvalues, 0) + penalty)[:, :, None])
        yield Weights(slopes, y[:, None] - x[:, None] @ slopes)


def mean_squared_error(moments: Moments, weights: Weights) -> float:
    """Mean of (y - x W - b)^2 over rows, groups and responses, from the sums alone."""
    slopes, intercept = weights
    fitted = (slopes * (moments.xx @ slopes)).sum() + moments.rows * (intercept**2).sum()
    shift = 2 * (intercept * (moments.x[:, None] @ slopes)).sum()
    agreement = (slopes * moments.xy).sum() + (intercept * moments.y[:, None]).sum()
    return float((moments.yy.sum() - 2 * agreement + fitted + shift) / (moments.rows * moments.y.size))
