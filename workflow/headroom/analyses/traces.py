"""True against predicted traces, channel by channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from headroom.analyses._rows import NO_SIGNAL, excerpts
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "horizon", "trial", "model", "role", "order", "channel", "unit", "time", "truth", "clean", "prediction"]
SAMPLES = 120
CHANNELS = 5
ACROSS = 3


@settings
class Traces:
    """A column per system, a row per channel."""

    sources: ClassVar[tuple[str, ...]] = ("predictions", "summary")
    caption: ClassVar[str] = (
        f"The first test trial (n = 1, first seed), at most {SAMPLES} samples of it and {CHANNELS} channels: what was observed "
        "(grey dots), the same without measurement noise where that is known (black), and the forecasts of the best linear "
        "predictor and the best models at the shortest horizon; thin and dashed those of the floor and of ceilings that forecast. A "
        "ceiling that only bounds the error, such as twins, has no line."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """The stretch of predictions to draw."""
        rows = excerpts(sources, anchors=True)
        first = rows.groupby("panel")["channel"].transform(lambda names: names.isin(names.unique()[:CHANNELS])).astype(bool)
        place = rows.groupby(["panel", "model", "channel"], observed=True)["time"].rank(method="first")
        return rows.loc[first & (place <= SAMPLES), COLUMNS].reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Small multiples over time."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales

        if table.empty:
            return layout.said(NO_SIGNAL)
        panels = list(table["panel"].unique())
        rows = max(table[table["panel"] == name]["channel"].nunique() for name in panels)
        columns = min(ACROSS, len(panels))
        figure, axes = layout.grid(rows * -(-len(panels) // columns), columns, height=1.15 if rows > 1 else 2.6)
        for number, name in enumerate(panels):
            part = table[table["panel"] == name]
            channels = list(part["channel"].unique())
            block = axes[number // columns * rows :, number % columns][:rows]
            for one, channel in zip(block, channels, strict=False):
                _draw_channel(one, part[part["channel"] == channel])
                one.set_title(channel, fontsize=8, loc="left", pad=2)
                one.tick_params(labelbottom=channel == channels[-1])
            where = f"noise {part['noise'].iloc[0]}, trial {part['trial'].iloc[0] + 1} in order, {part['horizon'].iloc[0]:.3g} s ahead"
            block[0].set_title(f"{name}\n{where}\n{channels[0]}", fontsize=8, loc="left", pad=2)
            block[len(channels) - 1].set_xlabel("time [s]")
            block[len(channels) // 2].set_ylabel(scales.measured("signal", part["unit"].iloc[0]))
            layout.hide(block[len(channels) :])
        layout.hide(axes[-rows:, (len(panels) - 1) % columns + 1 :].flat)
        layout.legend(figure)
        return figure


def _draw_channel(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _style as style

    one = part[part["model"] == part["model"].iloc[0]]
    axes.plot(one["time"], one["truth"], ".", color=style.GREYS[1], markersize=3.5, label="observed")
    if one["clean"].notna().any():
        axes.plot(one["time"], one["clean"], color=style.INK, linewidth=1, label="without noise")
    for rows in style.by_model(part):
        marks = style.marks(rows) | {"marker": ""}
        thin = rows["role"].iloc[0] in ("trivial", "ceiling")
        axes.plot(rows["time"], rows["prediction"], **marks | {"linewidth": 0.7 if thin else 1.1})
    axes.margins(x=0.01)
