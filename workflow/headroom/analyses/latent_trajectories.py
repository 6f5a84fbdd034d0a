"""Trajectories of true states, reconstructions and codes in a plane."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses._latent_series import mean_period, standardised
from headroom.analyses._latent_sources import CODE, NOTHING, OBSERVED, RECONSTRUCTED, TRUE, Trajectory, trajectories
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "what", "label", "role", "order", "place", "x", "y", "across", "up"]
POINTS = 200
ACROSS = 8
LETTERS = 17
"""Of a line above an axis."""


@settings
class LatentTrajectories:
    """A row for each place, a column for each trajectory."""

    sources: ClassVar[tuple[str, ...]] = ("predictions", "summary", "explanations")
    caption: ClassVar[str] = (
        f"The first test trial (n = 1, first seed), at most {POINTS} points. True states and reconstructions are seen in the plane of the "
        "true states' two leading principal components (standardised), the true ones in grey behind; observations and codes in the plane "
        "of their own. A single channel or unit, which can only trace a curve, is drawn against itself a quarter of its mean period later."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """A row for each point, in order; `across` and `up` say what the axes are."""
        import pandas

        found = trajectories(sources)
        truth = {one.panel: one.values for one in found if one.what == TRUE}
        parts = [_rows(one, number, truth[one.panel]) for one, number in _counted(found)]
        return (pandas.concat(parts, ignore_index=True) if parts else pandas.DataFrame()).reindex(columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """Lines in a plane."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said(NOTHING)
        groups = [part for _, part in table.groupby("panel", sort=False)]
        sizes = [part["place"].nunique() for part in groups]
        across = max(-(-size // -(-size // ACROSS)) for size in sizes)  # rows of about the same length
        figure, axes = layout.grouped(sizes, height=1.9, across=across)
        places = iter(axes)
        for part in groups:
            truth = part[part["what"] == TRUE]
            for number, (_, rows) in enumerate(part.groupby("place")):
                one = next(places)
                _draw_path(one, rows, truth)
                where = f"{part['panel'].iloc[0]}, noise {part['noise'].iloc[0]}\n" if number == 0 else ""
                one.set_title(where + _broken(rows["label"].iloc[0]), fontsize=7, loc="left")
        return figure


def _counted(found: list[Trajectory]) -> Iterator[tuple[Trajectory, int]]:
    """Each trajectory with its number among those of its panel."""
    seen: dict[str, int] = {}
    for one in found:
        seen[one.panel] = seen.get(one.panel, -1) + 1
        yield one, seen[one.panel]


def _rows(one: Trajectory, number: int, truth: np.ndarray) -> DataFrame:
    from pandas import DataFrame

    if one.what in (TRUE, RECONSTRUCTED):
        axes, names = _plane(truth, one.values), ("component 1", "component 2")
    else:
        axes, names = _own_plane(one.values)
    known = {"panel": one.panel, "noise": one.noise, "what": one.what, "label": one.label, "role": one.role, "order": one.order}
    return DataFrame({"x": axes[:POINTS, 0], "y": axes[:POINTS, 1]}).assign(place=number, across=names[0], up=names[1], **known)


def _plane(truth: np.ndarray, values: np.ndarray) -> np.ndarray:
    """values (time, channel) in the plane (time, 2) of the two leading components of truth, in its SDs."""
    sd = truth.std(axis=0)
    sd = np.where(sd > 0, sd, 1.0)
    centred = (truth - truth.mean(axis=0)) / sd
    directions = np.linalg.svd(centred, full_matrices=False)[2][:2]
    return np.pad((values - truth.mean(axis=0)) / sd @ directions.T, ((0, 0), (0, 2 - len(directions))))


def _own_plane(values: np.ndarray) -> tuple[np.ndarray, tuple[str, str]]:
    """The same of values themselves (time, channel); of one channel, itself and itself later."""
    varied = standardised(values)
    if varied.shape[1] > 1:
        return _plane(varied, varied), ("component 1", "component 2")
    if not varied.shape[1]:
        return np.zeros((len(values), 2)), ("constant", "constant")
    later = max(1, min(len(values) - 1, round(mean_period(varied) / 4)))
    return np.column_stack([varied[:-later, 0], varied[later:, 0]]), ("now", "later")


def _broken(name: str) -> str:
    """A name in lines that fit above an axis, parted behind underscores."""
    lines = [""]
    for part in name.replace("_", "_ ").split(" "):
        joint = "" if lines[-1].endswith("_") or not lines[-1] else " "
        lines = [*lines[:-1], lines[-1] + joint + part] if len(lines[-1] + joint + part) <= LETTERS else [*lines, part]
    return "\n".join(line for line in lines if line)


def _draw_path(axes: Any, rows: DataFrame, truth: DataFrame) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _style as style

    first = rows.iloc[0]
    if first["what"] == RECONSTRUCTED:
        axes.plot(truth["x"], truth["y"], color=style.GREYS[1], linewidth=1.2, alpha=0.5)
    plain = {TRUE: style.INK, OBSERVED: style.GREYS[0]}
    colour = plain.get(first["what"]) or style.look(first["role"], int(first["order"]))["color"]
    axes.plot(rows["x"], rows["y"], color=colour, linewidth=0.7, linestyle="--" if first["what"] == CODE else "-")
    axes.set_xlabel(first["across"], fontsize=7)
    axes.set_ylabel(first["up"] if layout.starts_row(axes) else "", fontsize=7)
    axes.tick_params(labelsize=6)
