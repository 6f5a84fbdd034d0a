"""Figures of one width and style: grids of axes, titles that fit, one legend below."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 10.0
"""Width of every figure [inch]."""
CHARACTERS = 116
"""Characters of a title that fit into that width."""
MARGIN = 0.22
"""Left free at the top of every figure, where a preset's notice may be written [inch]."""
LINE = 0.19
"""Height of a line of a legend [inch]."""
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


def said(text: str) -> Figure:
    """A figure that only says what is missing."""
    figure, axes = grid(1, 1, height=0.6)
    axes[0, 0].set_axis_off()
    axes[0, 0].text(0.5, 0.5, text, ha="center", va="center", wrap=True, fontsize=10)
    return figure


def starts_row(axes: Axes) -> bool:
    """Whether the axes are the first of their row."""
    place = axes.get_subplotspec()
    return place is None or place.is_first_col()


def title(axes: Axes, *parts: str, share: float = 1.0) -> None:
    """The parts above the axes, as many on a line as the axes' column has room for; `share` is what labels beside the axes leave."""
    place = axes.get_subplotspec()
    room = int(share * CHARACTERS) // (place.get_gridspec().ncols if place else 1)
    lines: list[str] = []
    for part in (piece for several in parts for piece in several.split(", ")):
        joined = f"{lines[-1]}, {part}" if lines else part
        lines = [*lines[:-1], joined] if len(joined) <= room else [*lines, *textwrap.wrap(part, room)]
    axes.set_title("\n".join(lines))


def hide(axes: Iterable[Axes]) -> None:
    """Leave out axes that nothing is drawn into."""
    for one in axes:
        one.set_visible(False)


def legend(figure: Figure) -> None:
    """One legend under all axes: each label once, in order of first appearance."""
    found: dict[str, Any] = {}
    for one in figure.axes:
        for handle, label in zip(*one.get_legend_handles_labels(), strict=True):
            found.setdefault(label, handle)
    if found:
        columns = _columns([len(label) for label in found])
        _grow(figure, LINE * (-(-len(found) // columns) - 2))
        figure.legend(list(found.values()), list(found), loc="outside lower center", ncols=columns)


def _grow(figure: Figure, inches: float) -> None:
    """Room below for a legend of more than two lines, which would be taken from the axes."""
    total = float(figure.get_figheight() + max(0.0, inches))
    figure.set_figheight(total)
    figure.set_layout_engine("constrained", rect=(0, 0, 1, 1 - MARGIN / total))


def _columns(lengths: list[int]) -> int:
    """The most columns whose longest labels fit side by side; a legend is filled column by column."""
    for columns in range(min(7, len(lengths)), 1, -1):
        rows = -(-len(lengths) // columns)
        widths = [max(lengths[first : first + rows]) + 10 for first in range(0, len(lengths), rows)]
        if sum(widths) <= 0.9 * CHARACTERS:
            return len(widths)
    return 1
