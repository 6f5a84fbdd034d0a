"""How well each parameter is inferred against the noise, with what could be: structural limits and the best that anyone attained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from headroom.analyses._inferred import NOTHING, inferred, r2, scored, shared
from headroom.analyses._rows import LOSSES, PLACE, levels, with_runs
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

MOST = 4
"""Models in a panel, the best by their mean over parameters and levels."""
ATTAINED = "attained"
KEYS = ["panel", *PLACE, "noise", "model", "role", "order", "metric", "target", "mean", "low", "high", "seeds", "runs"]
COLUMNS = [*KEYS, ATTAINED, "by", "recordings"]
ACROSS = 4


@settings
class ParameterScoresByNoise:
    """A panel for each parameter."""

    sources: ClassVar[tuple[str, ...]] = ("summary", "comparisons", "predictions")
    caption: ClassVar[str] = (
        "R2 of each parameter against the noise level. Thick grey: the attainable reference, the best that was realised by any model or by "
        "posterior means from the same observation, all on the recordings that were sampled, and picked by these very scores. "
        "Black stars: ceilings; a structural limit is a bound, a linearised (Laplace) one is neither a bound nor attained. Coloured: the "
        f"best linear model and at most {MOST} others. Bars: 95 % intervals over recordings and seeds. "
        "Places at one noise level only are left out where others have a ladder."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """One row for each parameter, model and level, with the attainable score there and who attained it."""
        rows = scored(sources)
        if rows.empty:
            return rows.reindex(columns=COLUMNS)
        rows = _kept(_attained(rows, inferred(sources)))
        return with_runs(rows, sources["comparisons"]).reindex(columns=COLUMNS).reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Lines over the noise levels."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales

        shown = table[table["mean"].notna()]
        if shown.empty:
            return layout.said(NOTHING)
        ladder = shown.groupby("panel")["noise"].transform("nunique") > 1
        shown = shown[ladder] if ladder.any() else shown
        several = shown["panel"].nunique() > 1
        groups = [[part for _, part in rows.groupby("target", sort=False)] for _, rows in shown.groupby("panel", sort=False)]
        figure, axes = layout.grouped([len(group) for group in groups], height=2.1, across=ACROSS)
        for one, part in zip(axes, (part for group in groups for part in group), strict=True):
            _draw(one, part)
            place = [str(part["panel"].iloc[0])] if several else []
            layout.title(one, *place, str(part["target"].iloc[0]), scales.counted(part))
        layout.legend(figure)
        return figure


def _attained(rows: DataFrame, predicted: DataFrame) -> DataFrame:
    """The rows with the best R2 of their place, level and parameter that a model or posterior means realised, whose, on how many."""
    able = predicted[(predicted["role"] != "ceiling") | (predicted["draws"] > 0)]
    same = shared(able)
    keys = ["panel", "noise", "channel"]
    best = r2(same).sort_values("r2", ascending=False, kind="stable").groupby(keys, sort=False).head(1)
    best = best.merge(same.groupby(["panel", "noise"])["trial"].nunique().rename("recordings").reset_index(), on=["panel", "noise"])
    best = best.rename(columns={"channel": "target", "r2": ATTAINED, "model": "by"}).drop(columns="role")
    return rows.merge(best, on=["panel", "noise", "target"], how="left")


def _kept(rows: DataFrame) -> DataFrame:
    """Without trivial predictors, with the best linear one and the best others."""
    score = rows.groupby(["panel", "role", "model"])["mean"].mean() * (-1 if rows["metric"].isin(LOSSES).any() else 1)
    rank = score.groupby(level=["panel", "role"]).rank(ascending=False, method="first")
    most = {"linear": 1, "trivial": 0, "ceiling": len(rows)}
    kept = {key for key, place in rank.items() if place <= most.get(key[1], MOST)}
    return rows[[key in kept for key in zip(rows["panel"], rows["role"], rows["model"], strict=True)]]


def _draw(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _scales as scales
    from headroom.analyses import _style as style

    place = {level: number for number, level in enumerate(levels(part["noise"]))}
    best = part.drop_duplicates("noise").sort_values("noise", key=lambda noise: noise.map(place))
    line = {"color": style.GREYS[1], "linewidth": 5, "alpha": 0.5, "marker": "_" if len(best) == 1 else "", "markersize": 24}
    axes.plot(best["noise"].map(place), best[ATTAINED], markeredgewidth=5, label="attainable reference", **line)
    models = style.by_model(part)
    for number, rows in enumerate(models):
        at = rows["noise"].map(place) + 0.25 * ((number + 0.5) / len(models) - 0.5)
        bars = scales.whiskers(rows["mean"], rows["low"], rows["high"])
        axes.errorbar(at, rows["mean"], yerr=bars, **style.marks(rows) | {"linewidth": 0.8, "markersize": 3.5})
    axes.set_xticks(list(place.values()), list(place))
    axes.set_ylim(max(-0.3, part["mean"].min() - 0.05), 1.02)
    axes.set_xlabel("noise level")
    axes.set_ylabel(scales.named(part["metric"].iloc[0], ""), fontsize=7.5)
