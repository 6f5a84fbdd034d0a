"""A look-up table: the mean of what follows, in bins of a channel's current value. One table for all channels, no memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge

from headroom.core.examples import Examples, Kind, Scale, Target
from headroom.core.prediction import Prediction
from headroom.core.protocols import Role, Workspace
from headroom.core.scaling import batches, pack, require_offsets, require_same_channels, scale_of, unpack
from headroom.core.settings import settings


@settings
class VoltageTable:
    """What the current value alone says: a model of one number that many a network fails to beat."""

    role: ClassVar[Role] = "baseline"
    seeded: ClassVar[bool] = False
    answers: ClassVar[tuple[Kind, ...]] = ("ahead",)
    bins: Annotated[int, Ge(2)] = 400
    """Bins of equal width between the smallest and the largest training value, each channel standardised."""

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple["Table", list[dict[str, float]]]:
        """Means over the training examples; raises HeadroomError where targets are not the inputs themselves."""
        require_same_channels("voltage_table", train)
        scale = scale_of(train)
        now = [_last(train, batch, scale) for batch in batches(train)]
        edges = np.linspace(min(part.min() for part in now), max(part.max() for part in now), self.bins + 1)
        total, count = np.zeros((self.bins, len(train.offsets))), np.zeros(self.bins)
        for part, batch in zip(now, batches(train), strict=True):
            ahead = (train.targets(batch) - scale.track_mean) / scale.track_sd  # (example, offset, channel)
            places = _bins(part, edges).ravel()
            count += np.bincount(places, minlength=self.bins)
            for offset in range(total.shape[1]):
                total[:, offset] += np.bincount(places, ahead[:, offset].ravel(), self.bins)
        return Table(edges, _filled(total, count), scale, np.array(train.offsets)), []

    def restore(self, state: Mapping[str, np.ndarray]) -> "Table":
        """The table that was saved."""
        return Table(state["edges"], state["means"], unpack(state), state["offsets"])


@dataclass(frozen=True)
class Table:
    """Means of what follows, by bin of the current value, in standardised units."""

    edges: np.ndarray  # (bin + 1,)
    means: np.ndarray  # (bin, offset)
    scale: Scale
    offsets: np.ndarray  # (offset,)

    def predict(self, examples: Examples) -> Prediction:
        """(example, offset, channel) in physical units; beyond the table's ends its outermost bins answer."""
        require_offsets("voltage_table", examples, self.offsets)
        parts = [self.means[_bins(_last(examples, batch, self.scale), self.edges)].swapaxes(1, 2) for batch in batches(examples)]
        empty = np.empty((0, len(self.offsets), len(self.scale.track_mean)))
        return Prediction(np.concatenate([empty, *parts]) * self.scale.track_sd + self.scale.track_mean)

    def state(self) -> dict[str, np.ndarray]:
        """Table, scale and offsets."""
        return {"edges": self.edges, "means": self.means, "offsets": self.offsets, **pack(self.scale)}


def _last(examples: Examples, batch: slice, scale: Scale) -> np.ndarray:
    """The windows' last samples (example, channel), standardised."""
    return (examples.inputs.values[examples.trial[batch], examples.last[batch]] - scale.mean) / scale.sd


def _bins(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)


def _filled(total: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Means (bin, offset); an empty bin lies on the line between its neighbours."""
    known = np.flatnonzero(count)
    means = total[known] / count[known, None]
    return np.stack([np.interp(np.arange(len(count)), known, column) for column in means.T], axis=1)
