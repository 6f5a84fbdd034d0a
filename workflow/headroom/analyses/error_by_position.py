"""Error analysis by position: whether a model fades over the recording."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from headroom.analyses._rows import NO_SIGNAL, excerpts
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "model", "role", "order", "unit", "time", "error", "low", "high", "samples"]
BINS = 16


@settings
class ErrorByPosition:
    """A panel per system."""

    sources: ClassVar[tuple[str, ...]] = ("predictions", "summary")
    caption: ClassVar[str] = (
        f"Mean squared error over the position in the recording, in up to {BINS} equal stretches of the first test trial, all "
        "channels, first seed, shortest horizon. Bars: 95 % normal intervals of each stretch's mean over its n squared errors "
        "taken as independent; dashed: the measurement noise in the same stretch, where it is known."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """The mean squared error of every stretch, and of the noise alone."""
        import pandas

        rows = excerpts(sources)
        parts = [_stretches(part) for _, part in rows.groupby("panel", sort=False)]
        return pandas.concat(parts, ignore_index=True) if parts else pandas.DataFrame(columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """Lines over time."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales
        from headroom.analyses import _style as style

        if table.empty:
            return layout.said(NO_SIGNAL)
        panels = list(table["panel"].unique())
        figure, axes = layout.panes(len(panels), height=2.8)
        for one, name in zip(axes, panels, strict=True):
            part = table[table["panel"] == name]
            models = style.by_model(part)
            apart = 0.1 * (part["time"].max() - part["time"].min()) / part["time"].nunique()
            for number, rows in enumerate(models):
                time = rows["time"] + apart * (number - (len(models) - 1) / 2)
                one.errorbar(time, rows["error"], yerr=scales.whiskers(rows["error"], rows["low"], rows["high"]), **style.marks(rows))
            one.set_yscale("log")
            scales.decimal(one.yaxis)
            layout.title(one, name, f"noise {part['noise'].iloc[0]}", f"n = {part['samples'].median():.0f} errors per stretch")
            one.set_xlabel("time in the recording [s]")
            unit = part["unit"].iloc[0]
            one.set_ylabel(scales.measured("mean squared error", f"{unit}^2" if unit else ""))
        layout.legend(figure)
        return figure


def _stretches(rows: DataFrame) -> DataFrame:
    import pandas

    squared = rows.assign(squared=(rows["truth"] - rows["prediction"]) ** 2)
    one = rows[rows["model"] == rows["model"].iloc[0]]
    noise = one.assign(squared=(one["truth"] - one["clean"]) ** 2, model="measurement noise", role="ceiling", order=0)
    both = pandas.concat([squared, noise[noise["squared"].notna()]])
    bins = min(BINS, max(1, one["time"].nunique() // 8))
    edges = np.linspace(rows["time"].min(), rows["time"].max(), bins + 1)
    place = np.clip(np.searchsorted(edges, both["time"], side="right") - 1, 0, bins - 1)
    groups = both.assign(time=(edges[:-1] + edges[1:])[place] / 2).groupby(
        ["panel", "noise", "model", "role", "order", "unit", "time"], sort=False
    )
    table = groups["squared"].agg(error="mean", sem="sem", samples="count").reset_index()
    return table.assign(low=table["error"] - 1.96 * table["sem"], high=table["error"] + 1.96 * table["sem"])[COLUMNS]
