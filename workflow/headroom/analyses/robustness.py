"""Robustness: what decoders lose on other systems and splits than the one where all were compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses._rows import nearest, ordered, own_noise, with_runs
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

SOUND = "by_"
COLUMNS = [
    "sensor",
    "task",
    "noise",
    "place",
    "reference",
    "model",
    "role",
    "order",
    "metric",
    "mean",
    "low",
    "high",
    "there",
    "seeds",
    "runs",
]


@settings
class Robustness:
    """A panel for each other place."""

    sources: ClassVar[tuple[str, ...]] = ("summary", "comparisons")
    caption: ClassVar[str] = (
        "Every model trained and tested on a changed system, or under another sound split (filled, 95 % intervals), beside its score "
        "where most models were compared (open), at the same noise level and task, and under the same split if it was scored so: each "
        "title says which. Test data of two places may differ: the distance between two marks is no paired difference. Ceilings fall "
        "with what the change itself destroys."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """A row for each model that was scored in the reference place and in another."""
        import pandas

        rows = with_runs(nearest(own_noise(sources["summary"])), sources["comparisons"])
        rows = rows[rows["split"].astype(str).str.startswith(SOUND)]
        parts = [_beside(part) for _, part in rows.groupby(["sensor", "task", "noise"], sort=False)]
        table = pandas.concat(parts) if parts else pandas.DataFrame(columns=COLUMNS)
        return ordered(table, sources["summary"]).reindex(columns=COLUMNS).reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """A row for each model, the best in the reference place on top."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said("No model of this study was scored in two places under sound splits (named by_...) at one noise level.")
        panels = [part for _, part in table.groupby(["sensor", "task", "noise", "place"], sort=False)]
        figure, axes = layout.panes(len(panels), height=1.2 + 0.19 * table["model"].nunique(), across=2)
        for one, part in zip(axes, panels, strict=True):
            _draw_place(one, part)
        layout.legend(figure)
        return figure


def _beside(rows: DataFrame) -> DataFrame:
    """The rows of every other place with what the model scores where most were compared, under the same split if that can be had."""
    import pandas

    rows = rows.assign(place=rows["system"].astype(str) + ", " + rows["split"].astype(str))
    first = rows.groupby("place", sort=False)["model"].nunique().idxmax()
    system = str(rows.loc[rows["place"] == first, "system"].iloc[0])
    parts = [rows[:0].assign(reference="", there=0.0)]
    for place, changed in rows[rows["place"] != first].groupby("place", sort=False):
        twin = f"{system}, {changed['split'].iloc[0]}"
        reference = twin if twin != place and (rows["place"] == twin).any() else first
        own = rows[rows["place"] == reference].set_index("model")["mean"]
        changed = changed[changed["model"].isin(own.index)]
        parts.append(changed.assign(reference=reference, there=own.reindex(changed["model"]).to_numpy()))
    return pandas.concat(parts)


def _draw_place(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _scales as scales
    from headroom.analyses import _style as style

    ranked = part.sort_values("there", ascending=False, kind="stable")
    height = np.arange(len(ranked))
    axes.hlines(height, ranked["there"], ranked["mean"], color=style.GREYS[1], linewidth=1.2)
    axes.plot(ranked["there"], height, "o", color=style.INK, markerfacecolor="white", label="place of most models")
    bars = scales.whiskers(ranked["mean"], ranked["low"], ranked["high"])
    axes.errorbar(ranked["mean"], height, xerr=bars, fmt="o", color=style.PALETTE[0], label="changed")
    axes.set_yticks(height, ranked["model"], fontsize=7.5)
    axes.set_ylim(len(ranked) - 0.5, -0.5)
    axes.set_xlabel(scales.named(part["metric"].iloc[0], ""))
    place, reference = (str(part[name].iloc[0]) for name in ("place", "reference"))
    about = str(part["task"].iloc[0]), f"noise {part['noise'].iloc[0]}", scales.counted(part)
    layout.title(axes, place, f"beside {reference}", *about, share=0.7)
