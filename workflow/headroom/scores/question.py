"""What an interval is asked for: scores of some cells of a panel, or by how much they are better than others."""

from dataclasses import dataclass, replace

import numpy as np

from headroom.scores.panel import Panel


@dataclass(frozen=True)
class Question:
    """Which cells are asked about: `cells`, or by how much they are better than `against`."""

    panel: Panel
    cells: np.ndarray  # (pair,)
    against: np.ndarray | None = None  # (pair,)
    first: int = 0
    """First column asked for; -1: the pooled one alone."""

    def pick(self, values: np.ndarray) -> np.ndarray:
        """What values (..., cell, column) say of each pair (..., pair, column); a positive difference is the better one."""
        own = values[..., self.cells, self.first :]
        return own if self.against is None else self.panel.sign * (own - values[..., self.against, self.first :])

    def only(self, rows: np.ndarray) -> "Question":
        """The question about some of its pairs."""
        return replace(self, cells=self.cells[rows], against=None if self.against is None else self.against[rows])

    def by_seed(self) -> list[np.ndarray]:
        """Of each pair (seed, column); a rival with another number of seeds stands with its mean."""
        own = [self.panel.points[i][:, self.first :] for i in self.cells]
        if self.against is None:
            return own
        rivals = [self.panel.points[i][:, self.first :] for i in self.against]
        return [self.panel.sign * (a - (b if len(a) == len(b) else b.mean(axis=0))) for a, b in zip(own, rivals, strict=True)]

    def seed_variance(self) -> tuple[np.ndarray, np.ndarray]:
        """Variance of the mean over seeds (pair, column), zero where there is one, and the number of seeds (pair, 1)."""
        each = self.by_seed()
        variance = [item.var(axis=0, ddof=1) / len(item) if len(item) > 1 else np.zeros(item.shape[1]) for item in each]
        return np.stack(variance), np.array([[len(item)] for item in each])

    def scale(self) -> np.ndarray:
        """The size of the numbers that are compared (pair, column)."""
        size = np.abs(self.panel.means)
        rival = 0.0 if self.against is None else size[self.against, self.first :]
        return size[self.cells, self.first :] + rival
