"""Error analysis by channel: which ones are hard, and for whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from headroom.analyses._rows import chosen, matching, nearest, ordered, tidy, with_runs
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "model", "role", "order", "metric", "unit", "target", "mean", "low", "high", "seeds", "runs"]
METRICS = {"mse": "mean squared error", "r2": "R2"}
MOST = 16


@settings
class ChannelErrors:
    """A row per system, the mean squared error left and R2 right."""

    sources: ClassVar[tuple[str, ...]] = ("summary", "comparisons")
    caption: ClassVar[str] = (
        f"Mean squared error and R2 of each channel (the first {MOST}) at the shortest horizon: the best linear predictor and "
        "the best models. Bars, where known: 95 % intervals over test runs and seeds."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """The scores of single channels."""
        summary = tidy(sources["summary"])
        wanted = (summary["target"] != "all") & (summary["task"] != "rollout") & summary["metric"].isin(list(METRICS))
        rows = matching(summary[wanted & (summary["noise"] == summary["trained_noise"])], chosen(sources["summary"]))
        return ordered(with_runs(nearest(rows), sources["comparisons"]), sources["summary"])[COLUMNS].reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Dots side by side at each channel."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales

        shown = table[table["mean"].notna()]
        if shown.empty:
            return layout.said("No scores of single channels in this study.")
        panels, metrics = list(shown["panel"].unique()), [name for name in METRICS if (shown["metric"] == name).any()]
        figure, axes = layout.grid(len(panels), len(metrics), height=2.3)
        for row, name in zip(axes, panels, strict=True):
            for one, metric in zip(row, metrics, strict=True):
                part = shown[(shown["panel"] == name) & (shown["metric"] == metric)]
                _draw_channels(one, part)
                layout.title(one, name, *([f"noise {part['noise'].iloc[0]}", scales.counted(part)] if len(part) else []))
                one.set_ylabel(METRICS[metric] if metric == "r2" or part.empty else scales.measured(METRICS[metric], part["unit"].iloc[0]))
        layout.legend(figure)
        return figure


def _draw_channels(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _scales as scales
    from headroom.analyses import _style as style

    place = {name: number for number, name in enumerate(part["target"].unique()[:MOST])}
    axes.set_xticks(list(place.values()), list(place), rotation=30 if len(place) > 3 else 0, ha="right" if len(place) > 3 else "center")
    models = style.by_model(part[part["target"].isin(list(place))])
    for number, rows in enumerate(models):
        shift = 0.5 * ((number + 0.5) / len(models) - 0.5)
        bars = scales.whiskers(rows["mean"], rows["low"], rows["high"])
        axes.errorbar(rows["target"].map(place) + shift, rows["mean"], yerr=bars, **style.marks(rows) | {"linestyle": "none"})
