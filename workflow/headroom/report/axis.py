"""The frame of a drawn panel: where values and noise levels lie, and the words around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from headroom.report.panels import Panel
from headroom.report.wording import NOTHING, short

WIDTH = 420
LEFT, RIGHT, TOP = 80.0, 414.0, 8.0
LOW, TALL = 86.0, 150.0
"""Height of the frame where many panels share a screen, and where few do."""
BELOW = 54
"""Height of the words under it."""
NUMBERED = 8
"""So many noise levels at most have their numbers below them."""
LOWEST, HIGHEST = -0.5, 1.5
"""Skill is drawn in this range at most; models below it become arrowheads."""
SKILLS = [0.0, 0.25, 0.5, 0.75, 1.0]


@dataclass(frozen=True)
class Words:
    """A text at (x, y); `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "middle"
    style: str = ""


@dataclass(frozen=True)
class Axis:
    """Values from `low` to `high` upwards, noise levels in columns."""

    low: float
    high: float
    ticks: tuple[float, ...]
    levels: int
    tall: bool = False

    left: ClassVar[float] = LEFT
    right: ClassVar[float] = RIGHT
    width: ClassVar[int] = WIDTH

    @classmethod
    def of(cls, panel: Panel, tall: bool = False) -> Axis:
        """The frame that shows all of a panel."""
        shown = [value for series in panel.series for dot in series.dots for value in (dot.value, dot.low, dot.high)]
        shown += [*panel.linear, *(() if panel.by_skill else panel.floor)]
        values = [value for value in shown if value is not None]
        if panel.by_skill:
            low = max(min([-0.08, *(value - 0.05 for value in values)]), LOWEST)
            return cls(low, min(max([1.12, *(value + 0.05 for value in values)]), HIGHEST), tuple(SKILLS), len(panel.levels), tall)
        values = values or [0.0, 1.0]
        margin = 0.08 * (max(values) - min(values)) or 0.1 * abs(values[0]) or 0.1
        low, high = min(values) - margin, max(values) + margin
        return cls(low, high, _round_numbers(low, high), len(panel.levels), tall)

    @property
    def bottom(self) -> float:
        """Lower end of the frame."""
        return TOP + (TALL if self.tall else LOW)

    @property
    def total(self) -> float:
        """Height with the words below."""
        return self.bottom + BELOW

    @property
    def step(self) -> float:
        """Width of a column."""
        return (RIGHT - LEFT) / self.levels

    @property
    def centres(self) -> list[float]:
        """The middle of each column."""
        return [round(LEFT + (level + 0.5) * self.step, 1) for level in range(self.levels)]

    def height(self, value: float) -> float:
        """Where a value lies; the edge where it lies beyond."""
        inside = min(max(value, self.low), self.high)
        return round(self.bottom - (inside - self.low) / (self.high - self.low) * (self.bottom - TOP), 1)

    def words(self, panel: Panel) -> tuple[Words, ...]:
        """The words at the axes and the numbers below them."""
        shown = [tick for tick in self.ticks if not panel.by_skill or tick in (0, 0.5, 1)]
        ends = {0.0: "floor 0", 0.5: ".5", 1.0: f"{panel.kind} 1"} if panel.by_skill else {}
        found = [Words(LEFT - 5, self.height(tick) + 4, ends.get(tick, f"{tick:g}"), "end") for tick in shown]
        every = -(-self.levels // NUMBERED)
        found += [Words(x, self.bottom + 16, panel.levels[level]) for level, x in enumerate(self.centres) if level % every == 0]
        found.append(Words(LEFT - 5, self.bottom + 16, "noise", "end"))
        return (*found, *(self._numbers(panel) if self.levels <= NUMBERED else ()))

    def _numbers(self, panel: Panel) -> list[Words]:
        """The best model and the linear predictor, in numbers, below each noise level."""
        best = [panel.best(level) for level in range(self.levels)]
        rows = [("best", [short(item[1].value) if item else NOTHING for item in best], "strong")]
        rows.append(("linear", [short(value) for value in panel.linear], "soft"))
        found = []
        for number, (name, values, style) in enumerate(rows):
            y = self.bottom + 33 + 16 * number
            found += [Words(LEFT - 5, y, name, "end", style)]
            found += [Words(x, y, value, "middle", style) for x, value in zip(self.centres, values, strict=True)]
        return found


def _round_numbers(low: float, high: float) -> tuple[float, ...]:
    """Two to five round numbers between low and high."""
    steps = (size * 10.0**exponent for exponent in range(-12, 13) for size in (1, 2, 5))
    step = next((step for step in steps if (high - low) / step <= 4), high - low)
    first = -int(-low // step)
    return tuple(float(f"{number * step:.9g}") for number in range(first, first + 6) if number * step <= high)
