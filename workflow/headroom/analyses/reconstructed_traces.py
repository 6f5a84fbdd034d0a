"""True states and reconstructed ones over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses._rows import reconstructed
from headroom.analyses._states import NOTHING
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "trial", "part", "model", "role", "order", "channel", "unit", "time", "truth", "prediction"]
SAMPLES = 160
STATES = 8
ACROSS = 3


@settings
class ReconstructedTraces:
    """A column for each place, a row for each state."""

    sources: ClassVar[tuple[str, ...]] = ("predictions", "summary")
    caption: ClassVar[str] = (
        f"The first test trial (n = 1, first seed), at most {SAMPLES} samples of it and {STATES} states: the true state (thick grey), "
        "what the sensor shows of it (grey dots; a state without dots is hidden), and the reconstructions by the best linear model, the "
        "best models and the best two ceilings."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """The stretch to draw; what was seen stands there once."""
        rows = reconstructed(sources)
        if rows.empty:
            return rows.reindex(columns=COLUMNS)
        rows = rows[rows["role"] != "trivial"]
        target = rows["part"] == "target"
        states = rows[target].groupby("panel")["channel"].agg(lambda names: set(names.unique()[:STATES]))
        known = [channel in states.get(panel, set()) for panel, channel in zip(rows["panel"], rows["channel"], strict=True)]
        once = rows["model"] == rows.groupby("panel")["model"].transform("first")
        place = rows.groupby(["panel", "part", "model", "channel"])["time"].rank(method="first")
        return rows.loc[np.array(known) & (target | once) & (place <= SAMPLES), COLUMNS].reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Small multiples over time."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said(NOTHING)
        parts = [part for _, part in table.groupby("panel", sort=False)]
        rows, columns = max(part["channel"].nunique() for part in parts), min(ACROSS, len(parts))
        figure, axes = layout.grid(rows * -(-len(parts) // columns), columns, height=1.15)
        for number, part in enumerate(parts):
            block = axes[number // columns * rows :, number % columns][:rows]
            _draw_column(block, part)
        layout.hide(axes[-rows:, (len(parts) - 1) % columns + 1 :].flat)
        layout.legend(figure)
        return figure


def _draw_column(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout

    channels = list(part.loc[part["part"] == "target", "channel"].unique())
    for one, channel in zip(axes, channels, strict=False):
        rows = part[part["channel"] == channel]
        _draw_state(one, rows)
        named = f"{channel} [{rows['unit'].iloc[0]}]"
        where = _where(part) if channel == channels[0] else ""
        one.set_title(where + named, fontsize=8, loc="left", pad=2)
        one.tick_params(labelbottom=channel == channels[-1])
    axes[len(channels) - 1].set_xlabel("time [s]")
    layout.hide(axes[len(channels) :])


def _where(part: DataFrame) -> str:
    """Two lines above a column: `trial` counts those of the recording from 1."""
    return f"{part['panel'].iloc[0]}\nnoise {part['noise'].iloc[0]}, trial {part['trial'].iloc[0] + 1}\n"


def _draw_state(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _style as style

    seen, answers = part[part["part"] == "input"], part[part["part"] == "target"]
    axes.plot(seen["time"], seen["truth"], ".", color=style.GREYS[1], markersize=3, label="observed")
    true = answers[answers["model"] == answers["model"].iloc[0]]
    axes.plot(true["time"], true["truth"], color=style.GREYS[1], linewidth=2.6, alpha=0.6, label="true")
    for rows in style.by_model(answers):
        axes.plot(rows["time"], rows["prediction"], **style.marks(rows) | {"marker": "", "linewidth": 0.9})
    axes.margins(x=0.01)
