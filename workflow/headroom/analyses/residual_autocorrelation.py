"""Error analysis over time: what is left in the residuals that a better model could predict (Box and Jenkins 1970)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from headroom.analyses._rows import excerpts
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "model", "role", "order", "lag", "correlation", "band", "samples", "channels"]
LAGS = 40


@settings
class ResidualAutocorrelation:
    """A panel per system."""

    sources: ClassVar[tuple[str, ...]] = ("predictions", "summary")
    caption: ClassVar[str] = (
        "Autocorrelation of the residuals, mean over channels, first test trial, first seed, shortest horizon. Grey band: where "
        "95 % of the values lie if the residuals are white and independent between channels, 1.96 / sqrt(samples x channels). "
        "Outside it, something predictable is left."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """The correlation at every lag [s]."""
        import pandas

        rows = excerpts(sources)
        parts = [_correlations(part) for _, part in rows.groupby(["panel", "model"], sort=False)]
        return pandas.concat(parts, ignore_index=True) if parts else pandas.DataFrame(columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """Lines over lags, with the band."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _style as style

        if table.empty:
            return layout.said("No residuals of a signal, or too few of them, for an autocorrelation in this study.")
        panels = list(table["panel"].unique())
        figure, axes = layout.panes(len(panels), height=2.8)
        for one, name in zip(axes, panels, strict=True):
            part = table[table["panel"] == name]
            band = part["band"].max()
            one.axhspan(-band, band, color="#DDDDDD", linewidth=0, label="95 % if white")
            one.axhline(0, color=style.INK, linewidth=0.6)
            for rows in style.by_model(part):
                one.plot(rows["lag"], rows["correlation"], **style.marks(rows) | {"markersize": 3})
            layout.title(
                one, name, f"noise {part['noise'].iloc[0]}", f"n = {part['samples'].iloc[0]} samples x {part['channels'].iloc[0]} channels"
            )
            one.set_xlabel("lag [s]")
        axes[0].set_ylabel("autocorrelation")
        layout.legend(figure)
        return figure


def _correlations(rows: DataFrame) -> DataFrame:
    import pandas

    residual = rows.assign(residual=rows["truth"] - rows["prediction"]).pivot_table(index="time", columns="channel", values="residual")
    values = residual.to_numpy() - residual.to_numpy().mean(axis=0)  # (time, channel)
    samples, channels = values.shape
    lags = np.arange(1, min(LAGS, samples // 4) + 1)
    power = np.maximum((values**2).sum(axis=0), np.finfo(float).tiny)
    found = np.array([((values[lag:] * values[:-lag]).sum(axis=0) / power).mean() for lag in lags])
    step = np.median(np.diff(residual.index)) if samples > 1 else np.nan
    same = {name: rows[name].iloc[0] for name in ("panel", "noise", "model", "role", "order")}
    table = pandas.DataFrame({"lag": lags * step, "correlation": found})
    return table.assign(**same, band=1.96 / np.sqrt(samples * channels), samples=samples, channels=channels)[COLUMNS]
