"""A panel: the sums of one metric for every cell that is scored on the same units, so that any two can be compared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from headroom.core.protocols import Metric
from headroom.scores.condition import Condition

POOLED = "all"
CHUNK = 2_000_000
"""Numbers that one step of a resampling holds at once."""


@dataclass(frozen=True)
class Cell:
    """A model trained in one condition and tested at one noise level and offset; a ceiling likewise."""

    condition: Condition
    tested: str | None
    offset: int
    model: str
    role: str
    gives: str | None
    seeds: tuple[int | None, ...]

    @property
    def noise(self) -> str | None:
        """Noise level of the test data."""
        return self.condition.noise if self.tested is None else self.tested

    @property
    def horizon(self) -> float | None:
        """Seconds ahead; None unless it is a forecast."""
        if not self.condition.ahead:
            return None
        return float(f"{self.offset * self.condition.dt:.10g}")


@dataclass(frozen=True)
class Panel:
    """Cells of one study, system, sensor, split and task, scored by one metric on identical examples."""

    task: str
    metric: str
    measure: Metric
    targets: tuple[str, ...]
    units: tuple[int, ...]
    """Trials, or blocks in temporal order."""
    cells: tuple[Cell, ...]
    sums: tuple[np.ndarray, ...]  # of each cell (seed, unit, target, statistic)

    @property
    def columns(self) -> tuple[str, ...]:
        """The targets that have a value, the pooled one last."""
        return (*self.targets, POOLED) if self.measure.per_target else (POOLED,)

    @property
    def unit(self) -> str:
        """Physical unit of the values; empty where they have none."""
        signal = self.cells[0].condition.unit
        return {"": "", "signal": signal, "signal^2": f"{signal}^2" if signal else ""}[self.measure.unit]

    @property
    def sign(self) -> int:
        """+1 where a higher value is better, else -1."""
        return 1 if self.measure.higher_is_better else -1

    def batches(self, limit: int = 1) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Cells of equal seed number: their indices (cell,) and sums (cell, seed, unit, target, statistic), by memory."""
        number = np.array([len(cell.seeds) for cell in self.cells])
        for seeds in np.unique(number):
            index = np.flatnonzero(number == seeds)
            size = max(1, CHUNK // (limit * self.sums[index[0]][:, 0].size))
            for first in range(0, len(index), size):
                chunk = index[first : first + size]
                yield chunk, np.stack([self.sums[i] for i in chunk])

    def evaluate(self, sums: np.ndarray) -> np.ndarray:
        """Values (..., column) of sums (..., target, statistic)."""
        with np.errstate(over="ignore", invalid="ignore"):
            pooled = self.measure.value(sums)[..., None]
            return np.concatenate((self.measure.value(sums[..., None, :]), pooled), axis=-1) if self.measure.per_target else pooled

    @cached_property
    def points(self) -> tuple[np.ndarray, ...]:
        """Pooled values of each cell (seed, column)."""
        return tuple(self.evaluate(sums.sum(axis=1)) for sums in self.sums)

    @cached_property
    def means(self) -> np.ndarray:
        """Means over seeds of the pooled values (cell, column)."""
        return np.stack([points.mean(axis=0) for points in self.points])

    def resampled(self, weights: np.ndarray, seed_weights: Mapping[int, np.ndarray]) -> np.ndarray:
        """Values (draw, cell, column) with each unit counted `weights` (draw, unit) times, averaged over seeds.

        Seeds are weighted by seed_weights[number] (draw, seed), which sum to one; equally where the number is not there.
        """
        values = np.empty((len(weights), len(self.cells), len(self.columns)))
        for index, stack in self.batches(len(weights)):
            seeds = stack.shape[1]
            inner = np.moveaxis(stack, (2, 4), (0, 1))  # (unit, statistic, cell, seed, target)
            drawn = (weights @ inner.reshape(len(inner), -1)).reshape(-1, *inner.shape[1:])
            each = self.evaluate(np.moveaxis(drawn, 1, -1))  # (draw, cell, seed, column)
            share = seed_weights.get(seeds, np.full((1, seeds), 1 / seeds))
            values[:, index] = np.einsum("dcst,ds->dct", each, np.broadcast_to(share, (len(weights), seeds)))
        return values

    def describe(self) -> dict[str, list[str | float | None]]:
        """The canonical columns that every table has, one value per cell."""
        rows = [
            {
                "study": cell.condition.study,
                "system": cell.condition.system,
                "sensor": cell.condition.sensor,
                "noise": cell.noise,
                "trained_noise": cell.condition.noise,
                "task": self.task,
                "horizon": cell.horizon,
                "split": cell.condition.split,
                "model": cell.model,
                "role": cell.role,
                "metric": self.metric,
                "unit": self.unit,
            }
            for cell in self.cells
        ]
        return {name: [row[name] for row in rows] for name in rows[0]}

    @cached_property
    def influence(self) -> np.ndarray:
        """Jackknife pseudo-values (unit, cell, column): what each unit says of the pooled value; for a mean, the unit's own."""
        count = len(self.units)
        without = self.resampled(np.ones((count, count)) - np.eye(count), {})
        return count * self.means - (count - 1) * without
