"""Colours, markers and dashes that colour-blind readers tell apart (Okabe and Ito 2008; from the seventh on Tol 2021; brown by trial)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pandas import DataFrame

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#332288", "#999933", "#882255", "#6B4C1E")
MARKERS = "osD^vPX"  # no divisor in common with the colours: a colour that comes again has another shape, also where no line is drawn
INK = "#000000"
GREYS = ("#767676", "#A0A0A0", "#595959")
DASHES: tuple[Any, ...] = ("--", ":", "-.")
TURNS: tuple[Any, ...] = ("-", (0, (5, 1)), (0, (3, 1, 1, 1)))
LEGEND = ("model", "linear", "baseline", "trivial", "ceiling")


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
