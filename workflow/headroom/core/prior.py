"""What is known of parameters before anything is observed: a box, evenly filled or with a bell in each direction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

SDS_IN_A_RANGE = 4
"""Of the bell, which ends where the range does: two SDs either side."""


@dataclass(frozen=True)
class Prior:
    """Independent parameters in their units."""

    names: tuple[str, ...]
    low: np.ndarray  # (parameter,)
    high: np.ndarray  # (parameter,)
    bell: bool = False
    """Normal about the middle, cut off at the ends; else uniform."""

    @classmethod
    def within(cls, ranges: Mapping[str, tuple[float, float]], names: tuple[str, ...], drawn: str = "uniform") -> "Prior":
        """The prior of these parameters; `drawn` is "uniform" or "normal"."""
        low, high = np.array([ranges[name] for name in names], float).reshape(-1, 2).T
        return cls(names, low, high, drawn == "normal")

    @classmethod
    def of(cls, simulator: Any) -> "Prior":
        """That of a simulator with `names`, `bounds` (parameter, 2) and `drawn`."""
        low, high = np.asarray(simulator.bounds, float).T
        return cls(tuple(simulator.names), low, high, simulator.drawn == "normal")

    @property
    def mean(self) -> np.ndarray:
        """Mean of each parameter (parameter,)."""
        return (self.low + self.high) / 2

    @property
    def variance(self) -> np.ndarray:
        """Variance of each parameter (parameter,)."""
        if not self.bell:
            return (self.high - self.low) ** 2 / 12
        from scipy.stats import truncnorm

        end = SDS_IN_A_RANGE / 2
        return np.asarray(truncnorm(-end, end).var() * self._sd**2)

    def draw(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Parameters (draw, parameter)."""
        return self.quantiles(rng.random((count, len(self.low))))

    def quantiles(self, share: np.ndarray) -> np.ndarray:
        """Values below which these shares (..., parameter) of each parameter lie."""
        from scipy.special import ndtr, ndtri

        if not self.bell:
            return np.asarray(self.low + (self.high - self.low) * share)
        below = ndtr(-SDS_IN_A_RANGE / 2)
        return np.asarray(self.mean + self._sd * ndtri(below + (1 - 2 * below) * share))

    def log_density(self, parameters: np.ndarray) -> np.ndarray:
        """Up to a constant (...,) of parameters (..., parameter); minus infinity outside the box."""
        inside = ((parameters >= self.low) & (parameters <= self.high)).all(axis=-1)
        height = -0.5 * (((parameters - self.mean) / self._sd) ** 2).sum(axis=-1) if self.bell else np.zeros(parameters.shape[:-1])
        return np.where(inside, height, -np.inf)

    def margin(self, name: str) -> "Prior":
        """The prior of one parameter."""
        place = [self.names.index(name)]
        return Prior((name,), self.low[place], self.high[place], self.bell)

    @property
    def _sd(self) -> np.ndarray:
        return (self.high - self.low) / SDS_IN_A_RANGE
