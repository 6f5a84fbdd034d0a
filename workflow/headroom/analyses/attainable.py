"""What can be attained: every model between the best linear one and the best predictor from observation that anyone has found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses._inferred import inferred, r2, shared
from headroom.analyses._rows import LOSSES, levels, nearest, ordered, own_noise
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = [
    "panel",
    "noise",
    "model",
    "role",
    "order",
    "metric",
    "mean",
    "linear",
    "linear_name",
    "reference",
    "reference_name",
    "recordings",
]
SHARES = ["ceiling", "ceiling_name", "share", "skill", "seeds"]
NARROW = 0.002
"""Below this distance between reference and best linear model a share would be a ratio of errors."""


@settings
class Attainable:
    """Two panels a place: scores between their anchors, and the share that each model attains."""

    sources: ClassVar[tuple[str, ...]] = ("summary", "predictions")
    caption: ClassVar[str] = (
        "How much of what can be attained is attained. The attainable reference is the best that anyone has found from the same "
        "observation: the best of the filters and the models of a place, a lower bound on the optimum. Share: (score - best linear) / "
        "(reference - best linear); 0 is the best linear model, 1 the reference, both picked by these same scores. The primary ceiling "
        "stands beside it; where it sees the exact state no observation attains it. Places without such a filter or reference are left "
        "out where others have one. Where a reference knows some recordings alone, all are scored on these, models by their first seed."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """A row for each model that is no ceiling, at the shortest horizon."""
        import pandas

        rows = _on_the_same(nearest(own_noise(sources["summary"])), sources)
        rows = rows[rows["mean"].notna() & (rows["role"].ne("ceiling") | rows["model"].isin(_from_observation(sources["predictions"])))]
        places = [part for _, part in rows.groupby(["panel", "noise"], sort=False)]
        referenced = [part for part in places if part["role"].eq("ceiling").any()]
        parts = [part for part in map(_shares, referenced or places) if len(part)]
        table = pandas.concat(parts) if parts else pandas.DataFrame(columns=COLUMNS + SHARES)
        return ordered(table, sources["summary"]).reindex(columns=COLUMNS + SHARES).reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Bars of shares, a panel for each place and noise level."""
        from headroom.analyses import _layout as layout

        shown = table[table["share"].notna()]
        if shown.empty:
            return layout.said("No place of this study has a linear model and a better predictor from observation.")
        parts = [part[part["noise"] == noise] for _, part in shown.groupby("panel", sort=False) for noise in levels(part["noise"])]
        figure, axes = layout.panes(len(parts), 1.2 + 0.2 * shown["model"].nunique(), 2)
        for one, part in zip(axes, parts, strict=True):
            _draw(one, part)
        return figure


def _from_observation(predictions: DataFrame) -> set[str]:
    """Ceilings that predict without seeing the exact state."""
    shown = predictions[predictions["role"].astype(str) == "ceiling"]
    if "sees" in shown:
        shown = shown[shown["sees"].astype(str) == "observation"]
    return set(shown["model"].astype(str))


def _on_the_same(rows: DataFrame, sources: Mapping[str, DataFrame]) -> DataFrame:
    """The rows, with R2 of inferred parameters on as many recordings as a place's reference knows, where these are not all."""
    if "part" not in sources["predictions"]:
        return rows.assign(recordings=np.nan)
    place, known = ["panel", "noise"], inferred(sources)
    common = shared(known)
    count = common.groupby(place)["trial"].nunique()
    fewer = count[count < known.groupby(place)["trial"].nunique().reindex(count.index)]
    again = r2(common).groupby([*place, "model"])["r2"].mean()
    keys = rows[[*place, "model"]]
    recordings = fewer.reindex(rows.set_index(place).index).to_numpy()
    mean = again.reindex(keys.set_index(list(keys)).index).to_numpy()
    mended = ~np.isnan(recordings) & rows["metric"].eq("r2_mean").to_numpy()
    return rows.assign(mean=np.where(mended, mean, rows["mean"]), recordings=np.where(mended, recordings, np.nan))


def _shares(part: DataFrame) -> DataFrame:
    """The models of one place with what they are measured against; none without a linear model."""
    better = part.sort_values("mean", ascending=part["metric"].isin(LOSSES).any(), kind="stable")
    linear, reference = better[better["role"] == "linear"], better.iloc[0]
    if linear.empty:
        return part.head(0)
    best, gap = linear.iloc[0], reference["mean"] - linear["mean"].iloc[0]
    mine = part[part["role"] != "ceiling"].drop(columns="linear").assign(linear=best["mean"], linear_name=best["model"])
    share = (mine["mean"] - best["mean"]) / gap if abs(gap) > NARROW else float("nan")
    return mine.assign(reference=reference["mean"], reference_name=reference["model"], share=share)


def _draw(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _style as style

    ranked, first = part.sort_values("share", kind="stable"), part.iloc[0]
    least = max(-1.0, float(ranked["share"].min()))
    for height, row in enumerate(ranked.itertuples()):
        axes.plot([0, max(least, row.share)], [height, height], color=style.GREYS[1], linewidth=1.2)
        axes.plot([max(least, row.share)], [height], **style.look(row.role, row.order) | {"linestyle": "none"})
        if row.share < least:
            axes.annotate(f"{row.share:.1f}", (least, height), xytext=(6, 0), textcoords="offset points", va="center", fontsize=7)
    names = [f"{row.model}  {row.mean:.3f}" for row in ranked.itertuples()]
    axes.set_yticks(range(len(ranked)), names, fontsize=7.5)
    axes.axvline(0, color=style.GREYS[0], linewidth=0.8)
    axes.axvline(1, color=style.INK, linewidth=0.8, linestyle="--")
    axes.set_xlabel("share of what can be attained")
    anchors = [f"{name}: {first[f'{name}_name']} {first[name]:.3f}" for name in ("linear", "reference", "ceiling") if _known(first[name])]
    same = [f"{first['recordings']:.0f} recordings"] if _known(first["recordings"]) else []
    layout.title(axes, str(first["panel"]), f"noise {first['noise']}", *same, *anchors, share=0.7)


def _known(value: Any) -> bool:
    return value is not None and bool(np.isfinite(value))
