"""How much a condition is tested on, and what intervals that allows: said before a run, and not only in its tables."""

from dataclasses import dataclass

import numpy as np

from headroom.core.examples import Examples
from headroom.scores.intervals import MANY
from headroom.scores.tally import units

FEW = 5
"""Test trials below which an interval is wide: t quantiles grow from 2.8 for five to 12.7 for two."""


@dataclass(frozen=True)
class HeldOut:
    """The test part of a dataset."""

    windows: int
    trials: int
    blocks: int
    """Blocks of a window and its furthest horizon, where a single trial is tested; else 0."""

    @property
    def warning(self) -> str:
        """What its intervals are worth, where that is little; else empty."""
        said = f"{_counted(self.windows, 'test window')} of {_counted(self.trials, 'trial')}"
        if self.trials > 1:
            return f"{said}: intervals are wide" if self.trials < FEW else ""
        said = f"{said}, {_counted(self.blocks, 'block')} of a window and its horizon"
        if self.blocks < MANY:
            return f"{said}: no intervals, which take {MANY} blocks"
        return f"{said}: intervals are wide, or none where neighbouring blocks are alike" if self.blocks < 2 * MANY else ""


def held_out(examples: Examples, longer: float) -> HeldOut:
    """Of the test examples of a recording that is `longer` in truth."""
    unit, blocks = units(examples)
    count = len(np.unique(unit))
    return HeldOut(round(longer * len(examples)), 1 if blocks else count, round(longer * count) if blocks else 0)


def _counted(count: int, one: str) -> str:
    return f"{count} {one}{'s' * (count != 1)}"
