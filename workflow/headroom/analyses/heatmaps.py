"""Truth, prediction and their difference as heat maps on one colour scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from headroom.analyses._rows import NO_SIGNAL, excerpts
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "horizon", "trial", "model", "role", "channel", "unit", "time", "truth", "prediction"]
PARTS = ("truth", "prediction", "difference")


@settings
class Heatmaps:
    """A row per system: its best model."""

    sources: ClassVar[tuple[str, ...]] = ("predictions", "summary")
    caption: ClassVar[str] = (
        "The first test trial (n = 1, first seed): observed, predicted by the best model at the shortest horizon, and observed "
        "minus predicted. Each channel's observed mean in that stretch is taken off. All three share one colour scale, so that "
        "the size of the difference can be judged."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """The excerpt of the best model of every system."""
        rows = excerpts(sources, learned=1)
        return rows.loc[~((rows["role"] == "linear") & _another(rows)), COLUMNS].reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Three maps a row with one colour bar."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said(NO_SIGNAL)
        panels = list(table["panel"].unique())
        figure, axes = layout.grid(len(panels), 3, height=1.9, sharey="row")
        for row, name in zip(axes, panels, strict=True):
            _draw_row(figure, row, table[table["panel"] == name])
        for one in axes[-1]:
            one.set_xlabel("time [s]")
        return figure


def _another(rows: DataFrame) -> Any:
    """Whether a row's panel shows a predictor that is not linear."""
    return (rows["role"] != "linear").groupby(rows["panel"]).transform("any")


def _draw_row(figure: Figure, axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _scales as scales

    channels = list(part["channel"].unique())
    mean = part.groupby("channel")["truth"].transform("mean")
    shown = part.assign(truth=part["truth"] - mean, prediction=part["prediction"] - mean, difference=part["truth"] - part["prediction"])
    reach = max(shown[name].abs().max() for name in PARTS)
    model, noise = part["model"].iloc[0], part["noise"].iloc[0]
    titles = ((str(part["panel"].iloc[0]), f"noise {noise}: observed"), (f"predicted by {model}",), ("observed - predicted",))
    for one, name, title in zip(axes, PARTS, titles, strict=True):
        matrix = shown.pivot_table(index="channel", columns="time", values=name, sort=False).reindex(channels)
        time = matrix.columns.to_numpy()
        edges = (time.min(), time.max(), len(channels) - 0.5, -0.5)
        image = one.imshow(matrix, aspect="auto", extent=edges, cmap="RdBu_r", vmin=-reach, vmax=reach, interpolation="nearest")
        layout.title(one, *title)
        step = -(-len(channels) // 12)
        one.set_yticks(range(0, len(channels), step), channels[::step])
    figure.colorbar(image, ax=axes, fraction=0.03).set_label(scales.measured("signal - mean", part["unit"].iloc[0]))
