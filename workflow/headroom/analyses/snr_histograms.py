"""How far recordings rise above their noise: the distribution of their signal-to-noise ratios at every level."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses._rows import levels, tidy
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "system", "sensor", "noise", "left", "right", "share", "median", "low", "high", "trials", "channels"]
BINS = 40


@settings
class SnrHistograms:
    """A panel for each system and sensor."""

    sources: ClassVar[tuple[str, ...]] = ("signal_to_noise",)
    caption: ClassVar[str] = (
        "Signal-to-noise ratio of all recordings: variance over time of the noise-free signal over that of the noise, both mean over "
        "channels. The legend has the noise level, the panel's title the medians. A level is one number, but recordings at it differ by as "
        "much as their signals do."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """A histogram for each noise level, all of a panel over the same bins [dB]."""
        import pandas

        rows = sources["signal_to_noise"]
        if rows.empty:
            return pandas.DataFrame(columns=COLUMNS)
        rows = tidy(rows.assign(task="", split=""))
        parts = [_histograms(part) for _, part in rows.groupby("panel", sort=False)]
        return pandas.concat(parts, ignore_index=True)[COLUMNS]

    def draw(self, table: DataFrame) -> Figure:
        """Steps."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said("No signal-to-noise ratio: what is observed has no noise of known size.")
        parts = [part for _, part in table.groupby("panel", sort=False)]
        figure, axes = layout.panes(len(parts), height=2.5, across=2)
        for one, part in zip(axes, parts, strict=True):
            _draw(one, part)
        layout.legend(figure)
        return figure


def _histograms(part: DataFrame) -> DataFrame:
    import pandas

    edges = np.linspace(part["decibel"].min() - 0.5, part["decibel"].max() + 0.5, BINS + 1)
    tables = []
    for level in levels(part["noise"]):
        rows = part[part["noise"] == level].drop_duplicates("trial")
        low, median, high = np.percentile(rows["decibel"], [5, 50, 95])
        same = {name: rows[name].iloc[0] for name in ("panel", "system", "sensor", "noise", "channels")}
        share = np.histogram(rows["decibel"], edges)[0] / len(rows)
        table = pandas.DataFrame({"left": edges[:-1], "right": edges[1:], "share": share})
        tables.append(table.assign(median=median, low=low, high=high, trials=len(rows), **same))
    return pandas.concat(tables)


def _draw(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _style as style

    for number, (level, rows) in enumerate(part.groupby("noise", sort=False)):
        color = style.PALETTE[number % len(style.PALETTE)]
        axes.stairs(rows["share"], [*rows["left"], rows["right"].iloc[-1]], color=color, linewidth=1.3, label=f"noise {level}")
        axes.axvline(rows["median"].iloc[0], color=color, linewidth=0.8, linestyle=":")
    first = part.iloc[0]
    medians = ", ".join(f"{value:.0f}" for value in part.drop_duplicates("noise")["median"])
    channels = f"{int(first['channels'])} channel{'' if first['channels'] == 1 else 's'}"
    layout.title(axes, str(first["panel"]), channels, f"n = {int(first['trials'])} recordings", f"medians {medians} dB")
    axes.set_xlabel("signal over noise [dB]")
    axes.set_ylabel("share of recordings")
