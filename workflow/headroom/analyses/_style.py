"""How every figure looks: sizes, axes, and colours that colour-blind readers tell apart (Okabe and Ito 2008; the last two Tol 2021)."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#332288", "#999933")
MARKERS = "osD^vPXp"
INK = "#000000"
GREYS = ("#767676", "#A0A0A0", "#595959")
DASHES: tuple[Any, ...] = ("--", ":", "-.")
TURNS: tuple[Any, ...] = ("-", (0, (5, 1)), (0, (3, 1, 1, 1)))
LEGEND = ("model", "linear", "baseline", "trivial", "ceiling")
WIDTH = 10.0
"""Width of every figure [inch]."""
CHARACTERS = 116
"""Characters of a title that fit into that width."""
MARGIN = 0.22
"""Left free at the top of every figure, where a preset's notice may be written [inch]."""
SETTINGS: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.labelsize": 9,
    "legend.fontsize": 8.5,
    "legend.frameon": False,
    "lines.linewidth": 1.4,
    "lines.markersize": 4.5,
    "text.parse_math": False,  # a dollar sign in a name is no formula
}


def grid(rows: int, columns: int, height: float = 2.6, width: float = WIDTH, **shared: Any) -> tuple[Figure, np.ndarray]:
    """A figure of rows x columns axes, each `height` inches high, and the axes in an array of that shape.

    It sets matplotlib's style for the process, so that a figure looks the same whatever a person's matplotlibrc says.
    """
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.rcdefaults()
    matplotlib.rcParams.update(SETTINGS)
    total = height * rows + 0.9
    figure = Figure(figsize=(width, total))
    figure.set_layout_engine("constrained", rect=(0, 0, 1, 1 - MARGIN / total))
    axes = figure.subplots(rows, columns, squeeze=False, **shared)
    for one in axes.flat:
        one.tick_params(labelsize=8, length=3)
        one.spines[["top", "right"]].set_visible(False)
    return figure, axes


def panes(count: int, height: float, across: int = 3) -> tuple[Figure, list[Axes]]:
    """A figure of `count` axes in rows of at most `across`."""
    columns = min(across, count)
    figure, axes = grid(-(-count // columns), columns, height)
    hide(axes.flat[count:])
    return figure, list(axes.flat[:count])


def grouped(sizes: list[int], height: float, across: int) -> tuple[Figure, list[Axes]]:
    """Axes for groups of these sizes in rows of at most `across`; every group starts a row."""
    columns = min(across, max(sizes))
    rows = [row for size in sizes for row in [columns] * (size // columns) + [size % columns] * (size % columns > 0)]
    figure, axes = grid(len(rows), columns, height)
    for row, used in zip(axes, rows, strict=True):
        hide(row[used:])
    return figure, [one for row, used in zip(axes, rows, strict=True) for one in row[:used]]


def starts_row(axes: Axes) -> bool:
    """Whether the axes are the first of their row."""
    place = axes.get_subplotspec()
    return place is None or place.is_first_col()


def title(axes: Axes, *parts: str) -> None:
    """The parts above the axes, as many on a line as the axes' share of the figure has room for."""
    place = axes.get_subplotspec()
    room = CHARACTERS // (place.get_gridspec().ncols if place else 1)
    lines: list[str] = []
    for part in parts:
        joined = f"{lines[-1]}, {part}" if lines else part
        lines = [*lines[:-1], joined] if len(joined) <= room else [*lines, *textwrap.wrap(part, room)]
    axes.set_title("\n".join(lines))


def said(text: str) -> Figure:
    """A figure that only says what is missing."""
    figure, axes = grid(1, 1, height=0.6)
    axes[0, 0].set_axis_off()
    axes[0, 0].text(0.5, 0.5, text, ha="center", va="center", wrap=True, fontsize=10)
    return figure


def look(role: str, order: int) -> dict[str, Any]:
    """Colour, marker and dashes of a model: the same in every figure of a study.

    Trivial predictors are grey and ceilings black, both dashed; all others take the palette in turn, then again with other dashes.
    """
    if role == "ceiling":
        return {"color": INK, "marker": "*", "linestyle": DASHES[order % 3]}
    if role == "trivial":
        return {"color": GREYS[order % 3], "marker": "x", "linestyle": DASHES[order % 3]}
    turn = order // len(PALETTE)
    return {"color": PALETTE[order % len(PALETTE)], "marker": MARKERS[order % len(MARKERS)], "linestyle": TURNS[turn % 3]}


def by_model(part: DataFrame) -> list[DataFrame]:
    """The rows of each model, models first and ceilings last: the order of every legend."""
    groups = [rows for _, rows in part.groupby(["role", "order"])]
    return sorted(groups, key=lambda rows: (LEGEND.index(rows["role"].iloc[0]), rows["order"].iloc[0]))


def marks(rows: DataFrame) -> dict[str, Any]:
    """The look and the label of the one model that the rows are of."""
    return look(rows["role"].iloc[0], rows["order"].iloc[0]) | {"label": rows["model"].iloc[0]}


def legend(figure: Figure) -> None:
    """One legend under all axes: each label once, in order of first appearance."""
    found: dict[str, Any] = {}
    for one in figure.axes:
        for handle, label in zip(*one.get_legend_handles_labels(), strict=True):
            found.setdefault(label, handle)
    if found:
        figure.legend(list(found.values()), list(found), loc="outside lower center", ncols=_columns([len(label) for label in found]))


def _columns(lengths: list[int]) -> int:
    """The most columns whose longest labels fit side by side; a legend is filled column by column."""
    for columns in range(min(7, len(lengths)), 1, -1):
        rows = -(-len(lengths) // columns)
        if sum(max(lengths[first : first + rows]) + 8 for first in range(0, len(lengths), rows)) <= 0.92 * CHARACTERS:
            return columns
    return 1


def hide(axes: Iterable[Axes]) -> None:
    """Leave out axes that nothing is drawn into."""
    for one in axes:
        one.set_visible(False)


def measured(quantity: str, unit: object) -> str:
    """An axis label with its unit; a signal without one says so."""
    return f"{quantity} [{unit}]" if isinstance(unit, str) and unit else f"{quantity} [no unit]"


def whiskers(value: Any, low: Any, high: Any) -> np.ndarray:
    """Distances (2, value) for error bars; where an interval is unknown, none is drawn."""
    middle = np.asarray(value, dtype=float)
    reach = np.stack([middle - np.asarray(low, dtype=float), np.asarray(high, dtype=float) - middle])
    return np.nan_to_num(np.clip(reach, 0.0, None))


def counted(table: DataFrame) -> str:
    """How many test runs and seeds a panel rests on, in words."""
    found = [(table[name].max(), word) for name, word in (("runs", "test run or block"), ("seeds", "seed")) if name in table]
    parts = [f"{int(number)} {word if number == 1 else word.replace('run', 'runs') + 's'}" for number, word in found if number > 0]
    parts += ["no interval known"] if "low" in table and table["low"].isna().all() else []
    return f"n = {', '.join(parts)}" if parts else "n unknown"


def decimal(axis: Any, ticks: int = 5) -> None:
    """Plain numbers beside a logarithmic axis."""
    _logarithmic(axis, lambda value: f"{value:g}", ticks)


def towards_one(axis: Any, ticks: int = 5) -> None:
    """Turn an axis of 1 - R2 into a logarithmic one whose numbers are R2, the best at its upper end."""
    axis.axes.set_xscale("log") if axis.axis_name == "x" else axis.axes.set_yscale("log")
    axis.set_inverted(True)
    _logarithmic(axis, lambda value: f"{1 - value:.6g}", ticks)


def _logarithmic(axis: Any, words: Any, ticks: int) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

    decades = np.ptp(np.log10(axis.get_view_interval()))
    spaced = LogLocator(subs=(1.0,) if decades > 2 else (1.0, 2.0, 5.0), numticks=ticks)
    axis.set_major_locator(spaced if decades > 1 else MaxNLocator(ticks - 1, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: words(value)))
    axis.set_minor_locator(NullLocator())
