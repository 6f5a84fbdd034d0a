"""Published numbers beside the same protocol run again here, seed by seed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = [
    "system",
    "sensor",
    "noise",
    "model",
    "metric",
    "target",
    "split",
    "published",
    "corrected",
    "verdict",
    "seed",
    "value",
    "unit",
    "linear",
    "ceiling",
]
ACROSS = 2


@settings
class Published:
    """A panel per metric and model, a row per claim."""

    sources: ClassVar[tuple[str, ...]] = ("verdicts", "scores")
    caption: ClassVar[str] = (
        "Published values (red diamonds) beside the same model, data and split run again here (one grey dot per seed; bar: "
        "median). Open diamonds: the value that the publication's other numbers imply. Ticks below: the best linear predictor "
        "(blue) and the ceiling (black) on the same examples."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """One row per claim and seed."""
        claims, scores = sources["verdicts"], sources["scores"]
        if claims.empty:
            return claims.reindex(columns=COLUMNS)
        own = (scores["noise"].astype(object) == scores["trained_noise"].astype(object)) | scores["noise"].isna()
        pooled = scores[scores["trial"].isna() & own & (scores["task"] != "rollout")]
        nearest = pooled[
            (pooled["horizon"] == pooled.groupby("system", observed=True)["horizon"].transform("min")) | pooled["horizon"].isna()
        ]
        known = [name for name in ("sensor", "noise") if name in claims and claims[name].notna().any()]
        keys = ["system", *known, "model", "metric", "target", "split"]
        if "noise" not in known:
            first = nearest["noise"].astype(object).eq(nearest.groupby(keys, observed=True)["noise"].transform("first").astype(object))
            nearest = nearest[first | nearest["noise"].isna()]
        claims, values = (_without_gaps(table, keys) for table in (claims, nearest[[*keys, "seed", "value", "unit"]]))
        return claims.merge(values, on=keys, how="left").reindex(columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """Dots on one axis per metric."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales

        if table.empty:
            return layout.said("This study has no published numbers to compare with.")
        parts = [part for _, part in table.groupby(["metric", "model", "sensor", "noise"], sort=False, dropna=False)]
        rows = max(part.groupby(["system", "target"]).ngroups for part in parts)
        figure, axes = layout.panes(len(parts), height=0.9 + 0.42 * rows, across=ACROSS)
        for one, part in zip(axes, parts, strict=True):
            claims = [claim for _, claim in part.groupby(["system", "target"], sort=False)]
            for height, claim in enumerate(claims):
                _draw_claim(one, height, claim)
            one.set_yticks(range(len(claims)), [claim["target"].iloc[0] for claim in claims])
            one.set_ylim(len(claims) - 0.4, -0.6)
            first, seeds = part.iloc[0], claims[0]["value"].notna().sum()
            sensor = [f"sensor {first['sensor']}"] if table["sensor"].nunique() > 1 else []
            sensor += [f"noise {first['noise']}"] if table["noise"].nunique() > 1 else []
            layout.title(
                one, f"{first['model']} on {first['system']}", *sensor, str(first["split"]), f"n = {seeds} seed{'' if seeds == 1 else 's'}"
            )
            one.set_xlabel(scales.named(first["metric"], first["unit"]))
        layout.legend(figure)
        return figure


def _without_gaps(table: DataFrame, keys: list[str]) -> DataFrame:
    """Keys as text, empty where there is none: what is missing on both sides belongs together."""
    return table.assign(**{key: table[key].astype(object).where(table[key].notna(), "").astype(str) for key in keys})


def _draw_claim(axes: Any, height: int, claim: DataFrame) -> None:
    from headroom.analyses import _style as style

    first, values = claim.iloc[0], claim["value"].dropna().to_numpy()
    spread = np.linspace(-0.12, 0.12, len(values)) if len(values) > 1 else np.zeros(len(values))
    axes.plot(values, height + spread, "o", color=style.GREYS[1], markersize=3.5, label="run again here, by seed")
    if len(values):
        axes.plot(np.median(values), height, "|", color=style.GREYS[2], markersize=11, markeredgewidth=2, label="median of the seeds")
    axes.plot(first["published"], height, "D", color=style.PALETTE[1], markersize=6, label="published")
    for column, marker, colour, label in (
        ("corrected", "D", "none", "implied by the publication's other numbers"),
        ("linear", 2, style.PALETTE[0], "best linear"),
        ("ceiling", 2, style.INK, "ceiling"),
    ):
        if first[column] == first[column] and first[column] is not None:
            edge = style.PALETTE[1] if column == "corrected" else colour
            axes.plot(
                first[column],
                height + (0.0 if column == "corrected" else 0.2),
                marker=marker,
                linestyle="none",
                color=edge,
                markerfacecolor=colour,
                markersize=7,
                label=label,
            )
