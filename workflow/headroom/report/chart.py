"""A panel as a drawing: lines, marks and words in the units of its view box, for an inline SVG that follows the reader's colours."""

from __future__ import annotations

from dataclasses import dataclass

from headroom.report.axis import Axis, Words
from headroom.report.panels import Dot, Panel, Series
from headroom.report.wording import short

SHAPES = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0Z",
    "M-3.6-3.6h7.2v7.2h-7.2Z",
    "M0-5.2 5.2 0 0 5.2-5.2 0Z",
    "M0-5 4.8 3.6-4.8 3.6Z",
    "M0 5-4.8-3.6 4.8-3.6Z",
    "M-1.7-5h3.4v3.3h3.3v3.4h-3.3v3.3h-3.4v-3.3h-3.3v-3.4h3.3Z",
    "M-4.6-3.2-3.2-4.6 0-1.4 3.2-4.6 4.6-3.2 1.4 0 4.6 3.2 3.2 4.6 0 1.4-3.2 4.6-4.6 3.2-1.4 0Z",
)
ARROW = "M0 4-5-4 5-4Z"


@dataclass(frozen=True)
class Mark:
    """A model at a noise level, its shape about (x, y), whiskers from `top` to `bottom`."""

    x: float
    y: float
    top: float
    bottom: float
    shape: str
    colour: int
    says: str


@dataclass(frozen=True)
class Line:
    """A horizontal line of a style: floor, bound, reference, linear, grid."""

    left: float
    right: float
    y: float
    style: str


@dataclass(frozen=True)
class Chart:
    """All that is drawn, and the same in words for those who cannot see it."""

    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    words: tuple[Words, ...]
    label: str
    width: float
    height: float


def chart(panel: Panel, tall: bool = False) -> Chart:
    """The drawing of a panel: one column for each noise level."""
    axis = Axis.of(panel, tall)
    marks = [
        _mark(panel, series, dot, axis, axis.centres[dot.level] + _aside(number, len(panel.series), 0.6 * axis.step))
        for number, series in enumerate(panel.series)
        for dot in series.dots
    ]
    return Chart((*_across(panel, axis), *_anchors(panel, axis)), tuple(marks), axis.words(panel), spoken(panel), axis.width, axis.total)


def _across(panel: Panel, axis: Axis) -> list[Line]:
    lines = [Line(axis.left, axis.right, axis.height(tick), "grid") for tick in axis.ticks]
    if panel.by_skill:
        lines += [Line(axis.left, axis.right, axis.height(0), "floor"), Line(axis.left, axis.right, axis.height(1), panel.kind)]
    return lines


def _anchors(panel: Panel, axis: Axis) -> list[Line]:
    """A tick for the linear predictor, and for the floor where it is not 0, in every column."""
    reach = min(0.42 * axis.step, 40)
    shown = {"linear": panel.linear} if panel.by_skill else {"floor": panel.floor, "linear": panel.linear}
    return [
        Line(centre - reach, centre + reach, axis.height(value), style)
        for style, values in shown.items()
        for centre, value in zip(axis.centres, values, strict=True)
        if value is not None and value >= axis.low
    ]


def _mark(panel: Panel, series: Series, dot: Dot, axis: Axis, x: float) -> Mark:
    top, bottom = (axis.height(dot.value if limit is None else limit) for limit in (dot.high, dot.low))
    shape = ARROW if dot.value < axis.low else SHAPES[series.look % len(SHAPES)]
    says = f"{series.name}, noise {panel.levels[dot.level]}: {short(dot.value)}"
    return Mark(round(x, 1), axis.height(dot.value), top, bottom, shape, series.colour, says)


def _aside(number: int, models: int, room: float) -> float:
    """Where a model stands beside the middle of a noise level."""
    return min(room, 16.0 * models) * ((number + 0.5) / models - 0.5)


def spoken(panel: Panel) -> str:
    """What the drawing shows, for those who do not see it."""
    said = []
    for level, name in enumerate(panel.levels):
        values = [(series.name, dot.value) for series in panel.series for dot in series.dots if dot.level == level]
        beside = {"best linear": panel.linear} | ({} if panel.by_skill else {"floor": panel.floor})
        values += [(words, value) for words, found in beside.items() if (value := found[level]) is not None]
        said.append(f"noise {name}: " + ", ".join(f"{words} {short(value)}" for words, value in values))
    return f"{panel.quantity} on {panel.name}, {panel.scale}. " + "; ".join(said) + "."
