"""A published number among the seeds of the same protocol: one run of many, and not always a typical one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses._states import shown
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

KEYS = ["system", "sensor", "model", "split", "metric", "target"]
COLUMNS = [*KEYS, "published", "shown", "seed", "value", "below", "seeds"]
FEW = 5
"""Below so many seeds a percentile says nothing."""
ACROSS = 3


@settings
class PublishedDistribution:
    """A panel for each sensor and model, a strip of seeds for each claim."""

    sources: ClassVar[tuple[str, ...]] = ("verdicts", "scores", "predictions")
    caption: ClassVar[str] = (
        "Every published value (red diamond) among the seeds of the same protocol run again here (grey dots; bar: median), and the share "
        "of the seeds below it. A state that the sensor does not show is called hidden. Where hidden outputs take no part in the loss "
        "their score is that of a random read-out: seeds then spread over most of the scale, and no single run says what can be "
        f"reconstructed. Panels with fewer than {FEW} seeds give no share."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """One row for each claim and seed, with the share of the seeds below the claim."""
        claims = sources["verdicts"].drop(columns="noise", errors="ignore")
        claims = claims.reindex(columns=list(dict.fromkeys([*claims, "sensor"])))
        if claims.empty:
            return claims.reindex(columns=COLUMNS)
        scores = sources["scores"]
        own = (scores["noise"].astype(object) == scores["trained_noise"].astype(object)) | scores["noise"].isna()
        pooled = scores[scores["trial"].isna() & own & scores["seed"].notna() & (scores["task"] != "rollout")]
        first = pooled["horizon"].isna() | (pooled["horizon"] == pooled.groupby("system", observed=True)["horizon"].transform("min"))
        values = pooled.loc[first, [*KEYS, "noise", "seed", "value"]].astype(dict.fromkeys(KEYS, object))
        sensors = values.groupby("system", observed=True)["sensor"].first()
        named = claims["sensor"].notna()
        claims = claims.assign(sensor=claims["sensor"].astype(object).where(named, claims["system"].map(sensors).astype(object)))
        rows = claims.merge(values, on=KEYS, how="inner")
        rows = rows[rows["noise"].isna() | (rows["noise"] == rows.groupby(KEYS)["noise"].transform("first"))]
        less = (rows["value"] < rows["published"]) + 0.5 * (rows["value"] == rows["published"])
        by = [rows[name] for name in KEYS]
        share, seeds = less.groupby(by).transform("mean"), rows["value"].groupby(by).transform("count")
        rows = rows.assign(below=share.where(seeds >= FEW), seeds=seeds, shown=shown(rows, sources["predictions"]))
        return rows.reindex(columns=COLUMNS).reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Strips of dots with the published value among them."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales

        if table.empty:
            return layout.said("No published number of this study has seeds to stand among.")
        parts = [part for _, part in table.groupby(["system", "sensor", "model", "split", "metric"], sort=False)]
        rows = max(part["target"].nunique() for part in parts)
        figure, axes = layout.panes(len(parts), height=0.9 + 0.36 * rows, across=min(ACROSS, len(parts)))
        for one, part in zip(axes, parts, strict=True):
            first = part.iloc[0]
            _draw_strips(one, part)
            layout.title(
                one, f"{first['model']} on {first['system']}", f"sensor {first['sensor']}", str(first["split"]), scales.counted(part)
            )
            one.set_xlabel(scales.named(first["metric"], ""))
        layout.legend(figure)
        return figure


def _draw_strips(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _style as style

    named = []
    for height, (target, rows) in enumerate(part.groupby("target", sort=False)):
        first, spread = rows.iloc[0], np.linspace(-0.22, 0.22, len(rows))
        axes.plot(rows["value"], height + spread, "o", color=style.GREYS[1], markersize=3, label="run again here, by seed")
        axes.plot(rows["value"].median(), height, "|", color=style.GREYS[2], markersize=13, markeredgewidth=2, label="median of the seeds")
        axes.plot(first["published"], height, "D", color=style.PALETTE[1], markersize=5.5, label="published")
        share = f"\n{first['below']:.0%} below" if first["below"] == first["below"] else ""
        named.append(f"{target}{', hidden' if first['shown'] == 'hidden' else ''}{share}")
    axes.set_yticks(range(len(named)), named, fontsize=7.5)
    axes.set_ylim(len(named) - 0.5, -0.5)
    axes.margins(x=0.06)
