"""R2 and skill against the horizon: how fast each predictor and the ceiling fall."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from headroom.analyses._rows import levels, ordered, own_noise, with_runs
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "horizon", "model", "role", "order", "metric", "mean", "low", "high", "skill", "seeds", "runs"]
MOST = 4


@settings
class ScoreByHorizon:
    """The score above, the skill below; a column per system and noise level."""

    sources: ClassVar[tuple[str, ...]] = ("summary", "comparisons")
    caption: ClassVar[str] = (
        "Score (above) and skill (below) of direct forecasts against the horizon. Black: ceilings; grey: trivial predictors. R2 "
        "is logarithmic in 1 - R2. Skill 0 is the floor of that horizon, 1 its ceiling; it is cut at -1. Bars: 95 % intervals "
        "over test runs and seeds."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """Rows of the systems and levels that are forecast at two or more horizons."""
        rows = with_runs(own_noise(sources["summary"]), sources["comparisons"])
        several = rows.groupby(["panel", "noise"])["horizon"].transform("nunique") > 1
        return ordered(rows[several], sources["summary"])[COLUMNS].reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Two rows of panels with one line per model."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales

        if table.empty:
            return layout.said("Nothing to draw against the horizon: this study has no forecasts at two or more of them.")
        pairs = [(name, noise) for name, part in table.groupby("panel", sort=False) for noise in levels(part["noise"])]
        shown = pairs if len(pairs) <= MOST else pairs[:: -(-len(pairs) // MOST)]
        skilled = table["skill"].notna().any()
        figure, axes = layout.grid(2 if skilled else 1, len(shown), height=2.5, sharex="col")
        for column, (name, noise) in enumerate(shown):
            part = table[(table["panel"] == name) & (table["noise"] == noise)].sort_values("horizon")
            _draw_scores(axes[0, column], part)
            if skilled:
                _draw_skill(axes[1, column], part[part["skill"].notna() & ~part["role"].isin(["trivial", "ceiling"])])
            layout.title(axes[0, column], name, f"noise {noise}", scales.counted(part))
            axes[-1, column].set_xlabel("horizon [s]")
        axes[-1, 0].set_ylabel("skill")
        axes[0, 0].set_ylabel(table["metric"].iloc[0].replace("r2", "R2"))
        figure.align_ylabels(axes)
        layout.legend(figure)
        return figure


def _draw_scores(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _scales as scales
    from headroom.analyses import _style as style

    explained = part["metric"].iloc[0].startswith("r2")
    for rows in style.by_model(part[part["mean"].notna()]):
        value, low, high = (rows[name] for name in ("mean", "low", "high"))
        if explained:
            value, low, high = ((1 - item).clip(lower=1e-9) for item in (value, high, low))
            low = low.clip(lower=0.5 * value)
        axes.errorbar(rows["horizon"], value, yerr=scales.whiskers(value, low, high), **style.marks(rows))
    if explained:
        scales.towards_one(axes.yaxis)


def _draw_skill(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _style as style

    axes.set_ylim(max(-1.0, min(-0.1, part["skill"].min() - 0.1)), 1.1)
    axes.axhline(0, color=style.GREYS[0], linewidth=1, linestyle="--")
    axes.axhline(1, color=style.INK, linewidth=1)
    for rows in style.by_model(part):
        axes.plot(rows["horizon"], rows["skill"], **style.marks(rows))
