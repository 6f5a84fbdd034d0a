"""Calibration of posteriors: ranks of the truth, coverage of intervals, and coverage of random regions, which can pass where ranks fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses import _posterior_checks as checks
from headroom.analyses._inferred import NO_POSTERIOR, inferred, matrix, one_level
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "model", "role", "order", "part", "target", "x", "y", "p", "even_ranks", "apart", "distance", "recordings"]
POINTS = np.linspace(0, 1, 51)
PARTS = {"ranks": "share of ranks below x, less x", "coverage": "coverage, less expected", "regions": "coverage of regions, less expected"}
"""Parts of the table, and what their axes say."""


@settings
class Calibration:
    """A row of three panels for each posterior."""

    sources: ClassVar[tuple[str, ...]] = ("predictions", "summary")
    caption: ClassVar[str] = (
        "Calibration of every posterior on the test recordings, first seed. Left: simulation-based calibration, ranks of the truth among "
        "draws, less even ones; a line that leaves the grey band (Kolmogorov's, 95 % for one parameter) is biased or too narrow or wide. "
        f"Middle: how often central intervals hold the truth, less how often they should; within {checks.COVERAGE:g} passes where at least "
        "1000 recordings are tested. Right: TARP, the same for regions about random points in all parameters together; it can pass where "
        "ranks fail, since errors of opposite sign in two parameters cancel. A posterior that is as wide as the prior passes all three: "
        "calibration says nothing of how much was learnt."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """Curves of each posterior at one noise level per panel, the numbers beside."""
        import pandas

        rows = one_level(inferred(sources, posteriors=True))
        parts = [_curves(part) for _, part in rows.groupby(["panel", "noise", "role", "model"], sort=False)]
        return pandas.concat(parts, ignore_index=True)[COLUMNS] if parts else pandas.DataFrame(columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """Lines about 0."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said(NO_POSTERIOR)
        posteriors = [part for _, part in table.groupby(["panel", "model"], sort=False)]
        figure, axes = layout.grid(len(posteriors), len(PARTS), height=2.2, sharex="col")
        for row, part in zip(axes, posteriors, strict=True):
            _draw(row, part)
        for one, words in zip(axes[-1], ("rank of the truth", "expected coverage", "expected coverage"), strict=True):
            one.set_xlabel(words)
        layout.legend(figure)
        return figure


def _curves(part: DataFrame) -> DataFrame:
    import pandas

    ranks, distances = matrix(part, "rank"), part.drop_duplicates("trial")["distance"].to_numpy()
    found = checks.checked(ranks.to_numpy(), distances)
    first = {name: part[name].iloc[0] for name in ("panel", "noise", "model", "role", "order")}
    first |= {"even_ranks": found.even_ranks, "apart": found.apart, "distance": found.distance, "recordings": len(ranks)}
    rows = [pandas.DataFrame(curve) for curve in _points(ranks, distances, found)]
    return pandas.concat(rows, ignore_index=True).assign(**first)


def _points(ranks: DataFrame, distances: np.ndarray, found: checks.Checked) -> Iterator[dict[str, Any]]:
    for place, target in enumerate(ranks):
        same = {"target": target, "p": found.p[place]}
        yield {"part": "ranks", "x": POINTS, "y": _below(ranks[target].to_numpy()) - POINTS} | same
        yield {"part": "coverage", "x": checks.LEVELS, "y": found.covered[place] - np.array(checks.LEVELS)} | same
    yield {"part": "regions", "x": POINTS, "y": _below(distances) - POINTS, "target": "all", "p": np.nan}


def _below(shares: np.ndarray) -> np.ndarray:
    """How large a part of the shares is below each of the POINTS."""
    return np.searchsorted(np.sort(shares), POINTS, side="right") / len(shares)


def _draw(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _style as style

    first = part.iloc[0]
    targets = [target for target in part["target"].unique() if target != "all"]
    limits = (checks.BAND / np.sqrt(first["recordings"]), checks.COVERAGE, checks.DISTANCE)
    for one, (name, words), limit in zip(axes, PARTS.items(), limits, strict=True):
        for target, rows in part[part["part"] == name].groupby("target", sort=False):
            look = {"color": style.INK} if target == "all" else style.look("model", targets.index(target)) | {"marker": ""}
            one.plot(rows["x"], rows["y"], **look | {"label": None if target == "all" else target, "linewidth": 1.1})
        one.axhspan(-limit, limit, color=style.GREYS[1], alpha=0.25, linewidth=0)
        one.axhline(0, color=style.INK, linewidth=0.7)
        one.set_ylabel(words, fontsize=7.5)
    verdicts = (f"ranks {_passes(first['even_ranks'])}", f"largest {first['apart']:.3f}", f"largest {first['distance']:.3f}")
    layout.title(axes[0], str(first["model"]), verdicts[0], f"noise {first['noise']}", f"n = {int(first['recordings'])}")
    for one, words in zip(axes[1:], verdicts[1:], strict=True):
        layout.title(one, words)


def _passes(yes: bool) -> str:
    return "pass" if yes else "fail"
