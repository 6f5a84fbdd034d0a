"""Contiguous blocks of every trial: first train, then validation, then test, with gaps that no window straddles."""

from itertools import pairwise
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Le

from headroom.core.dataset import Dataset
from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Target
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.splits._scale import scaled

Fraction = Annotated[float, Ge(0), Le(1)]


@settings
class ByBlock:
    """Train, validation and test blocks in the order of time; the scale is fitted on the train blocks."""

    shares_trials: ClassVar[bool] = True
    fractions: tuple[Fraction, Fraction, Fraction] = (0.6, 0.2, 0.2)
    """Shares of each trial for train, validation and test; they sum to 1."""
    gap: Annotated[int, Ge(0)] | None = None
    """Samples left out between blocks; by default one window."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        total = sum(self.fractions)
        return [] if abs(total - 1) < 1e-9 else [f"fractions sum to {total:g}; expected 1"]

    def apply(self, examples: Examples, target: Target, recording: Recording) -> Dataset:
        """Windows that lie, targets included, wholly inside one block; raises HeadroomError where a part is empty."""
        bounds = self._bounds(examples)
        parts = [examples.take(_inside(examples, first, stop)) for first, stop in bounds]
        if self.fractions[1] and not len(parts[1]):
            raise HeadroomError("splits: no window lies wholly inside the valid part; lengthen the recording or shorten the window")
        seen = np.zeros(examples.inputs.values.shape[:2], bool)
        seen[:, slice(*bounds[0])] = True
        return scaled(parts, target, seen)

    def _bounds(self, examples: Examples) -> list[tuple[int, int]]:
        samples, gap = examples.inputs.samples, examples.length if self.gap is None else self.gap
        edges = np.rint(np.cumsum((0.0, *self.fractions)) * samples).astype(int)
        return [(int(first) + (gap if first > 0 else 0), int(stop)) for first, stop in pairwise(edges)]


def _inside(examples: Examples, first: int, stop: int) -> np.ndarray:
    return (examples.start >= first) & (examples.last + max(0, *examples.offsets) < stop)
