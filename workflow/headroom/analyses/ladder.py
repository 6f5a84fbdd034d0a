"""The headroom ladder: floor, linear predictors, models and ceilings of every condition on one axis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from headroom.analyses._rows import levels, nearest, ordered, own_noise, with_runs
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "model", "role", "order", "metric", "mean", "low", "high", "ceiling_name", "seeds", "runs"]
RANK = ("trivial", "baseline", "linear", "model", "ceiling")
ACROSS = 3


@settings
class Ladder:
    """Dots with intervals, one panel per system and noise level."""

    sources: ClassVar[tuple[str, ...]] = ("summary", "comparisons")
    caption: ClassVar[str] = (
        "Every predictor between floor and ceiling, at the shortest horizon, in every system and at every noise level. An axis "
        "of R2 is logarithmic in 1 - R2, so that small differences near 1 are seen. Bars, where known: 95 % intervals over runs and seeds, "
        "cut at the axis. A dashed line is the primary ceiling."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """The primary metric of every model and ceiling at every noise level."""
        rows = with_runs(nearest(own_noise(sources["summary"])), sources["comparisons"])
        return ordered(rows, sources["summary"])[COLUMNS].reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """A grid of panels with one row of dots per model."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales

        shown = table[table["mean"].notna()]
        if shown.empty:
            return layout.said("No scores to show in this study.")
        parts = [part[part["noise"] == noise] for _, part in shown.groupby("panel", sort=False) for noise in levels(part["noise"])]
        figure, axes = layout.panes(len(parts), 0.8 + 0.17 * shown["model"].nunique(), ACROSS)
        for one, part in zip(axes, parts, strict=True):
            _draw_panel(one, _drawn_order(part))
            layout.title(one, str(part["panel"].iloc[0]), f"noise {part['noise'].iloc[0]}", scales.counted(part), share=0.7)
        figure.supxlabel(_drawn_label(shown["metric"].iloc[0]), fontsize=9)
        return figure


def _drawn_order(part: DataFrame) -> DataFrame:
    """The rows from the trivial predictors up to the ceilings."""
    return part.assign(rank=part["role"].map(RANK.index)).sort_values(["rank", "order"])


def _drawn_label(metric: str) -> str:
    return "R2 (logarithmic in 1 - R2)" if metric.startswith("r2") else metric


def _draw_panel(axes: Any, ranked: DataFrame) -> None:
    from headroom.analyses import _scales as scales
    from headroom.analyses import _style as style

    values = ranked[["mean", "low", "high"]]
    explained = ranked["metric"].iloc[0].startswith("r2")
    if explained:
        least = 0.5 * (1 - values["mean"]).clip(lower=1e-9).min()
        values = (1 - values).clip(lower=least).rename(columns={"low": "high", "high": "low"})
    for height, row in enumerate(ranked.itertuples()):
        mean, low, high = values.loc[row.Index, ["mean", "low", "high"]]
        axes.errorbar(mean, height, xerr=scales.whiskers([mean], [low], [high]), **style.look(row.role, row.order) | {"linestyle": "none"})
        if row.role == "ceiling" and row.model == row.ceiling_name:
            axes.axvline(mean, color=style.INK, linewidth=0.8, linestyle="--")
    axes.set_yticks(range(len(ranked)), ranked["model"])
    axes.grid(axis="y", color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)
    if explained:
        scales.towards_one(axes.xaxis)
