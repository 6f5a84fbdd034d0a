"""How good the answers were, where the truth is known, beside the trivial predictor on the same rows."""

from dataclasses import dataclass, field

import numpy as np

from headroom.core.examples import Examples, Scale, Target
from headroom.core.protocols import Metric
from headroom.core.scaling import batches
from headroom.prediction.windows import PARTS

MODEL, FLOOR = "model", "floor"
ALL = "all"


@dataclass
class Tally:
    """Sums of a metric over rows with a truth, by predictor, part and offset."""

    metric: Metric
    scale: Scale
    sums: dict[tuple[str, str, int], np.ndarray] = field(default_factory=dict)
    rows: dict[tuple[str, int], int] = field(default_factory=dict)
    inside: np.ndarray = field(default_factory=lambda: np.zeros(2))
    """Truths inside the draws' 90 % interval, and truths."""

    def add(self, name: str, point: np.ndarray, truth: np.ndarray, part: np.ndarray) -> None:
        """Predictions and truths (example, offset, target) of examples in parts (example,) of the trained data, -1 for none."""
        known = np.isfinite(truth).all(axis=-1)
        groups = {ALL: np.ones(len(part), bool)} | {label: part == place for place, label in enumerate(PARTS) if (part == place).any()}
        for label, chosen in groups.items():
            for offset in range(truth.shape[1]):
                index = chosen & known[:, offset]
                statistics = self.metric.statistics(self._near(point[index, offset]), self._near(truth[index, offset]))
                key = (name, label, offset)
                self.sums[key] = self.sums.get(key, 0.0) + statistics.sum(axis=0)
                if name == MODEL:
                    self.rows[label, offset] = self.rows.get((label, offset), 0) + int(index.sum())

    def add_interval(self, low: np.ndarray, high: np.ndarray, truth: np.ndarray) -> None:
        """Whether truths lie inside; those unknown do not count."""
        known = np.isfinite(truth)
        self.inside += [((truth >= low) & (truth <= high))[known].sum(), known.sum()]

    def value(self, name: str, part: str, offset: int) -> float:
        """The metric, targets pooled; NaN where it is undefined or nothing was tallied."""
        if not self.rows.get((part, offset)) or (name, part, offset) not in self.sums:
            return float("nan")
        return float(self.metric.value(self.sums[name, part, offset]))

    def _near(self, values: np.ndarray) -> np.ndarray:
        """About the scale's means: squares of near values keep their digits. Classes stay zeros and ones."""
        return values if self.metric.about == "category" else values - self.scale.track_mean


@dataclass(frozen=True)
class Trivial:
    """Persistence where targets are the input channels ahead; for a category the training examples' shares of the classes."""

    name: str
    shares: np.ndarray | None = None  # (offset, class)

    def point(self, examples: Examples, offsets: int) -> np.ndarray:
        """(example, offset, target)."""
        if self.shares is not None:
            return np.repeat(self.shares[None], len(examples), axis=0)
        last = examples.inputs.values[examples.trial, examples.last]
        return np.repeat(last[:, None], offsets, axis=1)


def trivial(train: Examples, target: Target) -> Trivial | None:
    """The floor to hold a model against; None where there is no obvious one."""
    if target.kind == "category":
        total = sum(train.targets(batch).sum(axis=0, dtype=float) for batch in batches(train))
        return Trivial("majority", np.asarray(total) / len(train))
    return Trivial("persistence") if target.kind == "ahead" and train.inputs.channels == train.track.channels else None
