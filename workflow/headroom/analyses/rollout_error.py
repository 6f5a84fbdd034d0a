"""Free-running forecasts: the error of predictions that are fed back, against the horizon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from headroom.analyses._rows import levels, middle, ordered, own_noise, with_runs
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "horizon", "model", "role", "order", "unit", "mean", "low", "high", "seeds", "runs"]


@settings
class RolloutError:
    """One panel per system, at one noise level."""

    sources: ClassVar[tuple[str, ...]] = ("summary", "comparisons")
    caption: ClassVar[str] = (
        "Mean squared error of free-running forecasts: each model's one-step prediction is fed back as its input. Bars: 95 % "
        "intervals over test runs and seeds. Black: what the ceilings allow for a direct forecast at the same horizon, which no "
        "roll-out from the same observations can undercut where the ceiling is a bound."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """The mean squared error at every scored step of the roll-outs, with the ceilings of direct forecasts beside it."""
        import pandas

        rolled = middle(own_noise(sources["summary"], "mse", rollout=True))
        direct = own_noise(sources["summary"], "mse")
        direct = direct[direct["role"] == "ceiling"].merge(rolled[["panel", "noise"]].drop_duplicates(), on=["panel", "noise"])
        both = with_runs(pandas.concat([rolled, direct]), sources["comparisons"])
        return ordered(both, sources["summary"])[COLUMNS].reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Lines over a logarithmic axis of the error."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales
        from headroom.analyses import _style as style

        shown = table[table["mean"] > 0]
        if shown.empty:
            return layout.said("No roll-outs in this study.")
        panels = list(shown["panel"].unique())
        figure, axes = layout.panes(len(panels), height=3.2)
        for one, name in zip(axes, panels, strict=True):
            part = shown[shown["panel"] == name]
            for line in style.by_model(part.sort_values("horizon")):
                bars = scales.whiskers(line["mean"], line["low"].clip(lower=1e-3 * line["mean"]), line["high"])
                one.errorbar(line["horizon"], line["mean"], yerr=bars, **style.marks(line))
            one.set_yscale("log")
            scales.decimal(one.yaxis)
            layout.title(one, name, f"noise {', '.join(levels(part['noise']))}", scales.counted(part))
            one.set_xlabel("horizon [s]")
            one.set_ylabel(scales.measured("mean squared error", part["unit"].iloc[0]))
        layout.legend(figure)
        return figure
