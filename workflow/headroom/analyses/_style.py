"""How every figure looks: sizes, axes, and colours that colour-blind readers tell apart (Okabe and Ito 2008)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

Draw = TypeVar("Draw", bound=Callable[..., Any])

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
MARKERS = "osD^vPX"
TRUTH = "#000000"
GREYS = ("#767676", "#A0A0A0", "#595959")
DASHES: tuple[Any, ...] = ("--", ":", "-.")
WIDTH = 10.0
"""Width of every figure [inch]."""
SETTINGS = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.labelsize": 9,
    "legend.fontsize": 8.5,
    "legend.frameon": False,
    "lines.linewidth": 1.4,
    "lines.markersize": 4.5,
    "figure.facecolor": "white",
    "svg.hashsalt": "headroom",
}


def styled(draw: Draw) -> Draw:
    """A draw method whose figure has this style, whatever matplotlibrc says; an empty table becomes a figure that says so."""

    @wraps(draw)
    def inner(self: Any, table: DataFrame) -> Figure:
        import matplotlib

        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            matplotlib.rcParams.update(SETTINGS)
            return draw(self, table) if len(table) else said(self.missing)

    return inner  # type: ignore[return-value]


def said(text: str) -> Figure:
    """A figure that only says what is missing."""
    figure, axes = grid(1, 1, height=1.2)
    axes[0, 0].set_axis_off()
    axes[0, 0].text(0.5, 0.5, text, ha="center", va="center", wrap=True, fontsize=10)
    return figure


def grid(rows: int, columns: int, height: float = 2.6, **shared: Any) -> tuple[Figure, np.ndarray]:
    """A figure of rows x columns axes, each `height` inches high, and the axes as an array of that shape."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height * rows + 0.9), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False, **shared)
    for one in axes.flat:
        one.tick_params(labelsize=8, length=3)
        one.spines[["top", "right"]].set_visible(False)
    return figure, axes


def look(role: str, order: int) -> dict[str, Any]:
    """Colour, marker and dashes of a model: the same in every figure of a study.

    Trivial predictors are grey and ceilings black, both dashed; all others take the palette in turn, then again with other dashes.
    """
    if role == "ceiling":
        return {"color": TRUTH, "marker": "*", "linestyle": DASHES[order % 3]}
    if role == "trivial":
        return {"color": GREYS[order % 3], "marker": "x", "linestyle": DASHES[order % 3]}
    turn = order // len(PALETTE)
    return {
        "color": PALETTE[order % len(PALETTE)],
        "marker": MARKERS[order % len(MARKERS)],
        "linestyle": ("-", (0, (5, 1)), (0, (3, 1, 1, 1)))[turn % 3],
    }


def legend(figure: Figure, columns: int = 6) -> None:
    """One legend under all axes: each label once, in order of first appearance."""
    found: dict[str, Any] = {}
    for one in figure.axes:
        for handle, label in zip(*one.get_legend_handles_labels(), strict=True):
            found.setdefault(label, handle)
    if found:
        figure.legend(list(found.values()), list(found), loc="outside lower center", ncols=min(columns, len(found)))


def hide_unused(axes: Iterable[Axes]) -> None:
    """Leave out the axes that nothing was drawn into."""
    for one in axes:
        one.set_visible(False)


def plain(text: object) -> str:
    """The text as it is: a dollar sign in a name is no formula, a leading underscore hides no label."""
    escaped = str(text).replace("$", r"\$")
    return f"\u200a{escaped}" if escaped.startswith("_") else escaped


def measured(quantity: str, unit: object) -> str:
    """An axis label with its unit; signals without one say so."""
    return f"{quantity} [{plain(unit)}]" if isinstance(unit, str) and unit else f"{quantity} [no unit]"


def whiskers(value: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Distances (2, value) for error bars; where an interval is unknown, none is drawn."""
    value = np.asarray(value, dtype=float)
    below, above = value - np.asarray(low, dtype=float), np.asarray(high, dtype=float) - value
    return np.nan_to_num(np.clip(np.stack([below, above]), 0.0, None))


def counted(table: DataFrame) -> str:
    """How many runs and seeds a panel rests on, in words."""
    runs, seeds = table["runs"].max(), table["seeds"].max()
    parts = [f"{int(n)} {word}{'s' if n != 1 else ''}" for n, word in ((runs, "test run"), (seeds, "seed")) if n == n and n]
    return "n = " + ", ".join(parts) if parts else "n unknown"
