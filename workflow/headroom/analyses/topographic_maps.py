"""Potentials over the head: the source's gain at every sensor, and one recording with and without its noise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses._observed import GAIN, OBSERVED, RESPONSE
from headroom.analyses._rows import levels, tidy
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "part", "channel", "x", "y", "value", "unit", "time", "trial"]
PARTS = (GAIN, RESPONSE, OBSERVED)
MOST = 5
"""Noise levels of a panel."""
CONTOURS = 24


@settings
class TopographicMaps:
    """A row for each system, sensor and noise level."""

    sources: ClassVar[tuple[str, ...]] = ("topography",)
    caption: ClassVar[str] = (
        "Seen from above, nose up; dots are sensors, of which those below the ears lie outside the circle. Left: potential at every sensor "
        "against their average for 1 mV of the source. Middle and right: the first test recording at the moment when its noise-free "
        "potentials are strongest, on one scale. Between sensors colours are linear."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """A row for each sensor, part and noise level."""
        import pandas

        rows = sources["topography"]
        if rows.empty:
            return pandas.DataFrame(columns=COLUMNS)
        rows = tidy(rows.assign(task="", split="")).drop_duplicates(["panel", "noise", "part", "channel"])
        return rows[COLUMNS].reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Three maps a row."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said("No map: nothing that is observed in this study lies over a head.")
        groups = [part[part["noise"] == level] for _, part in table.groupby("panel", sort=False) for level in levels(part["noise"])[:MOST]]
        figure, axes = layout.grid(len(groups), len(PARTS), height=2.6)
        for row, part in zip(axes, groups, strict=True):
            _draw_row(figure, row, part)
        return figure


def _draw_row(figure: Figure, axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _scales as scales

    shown = {name: part[part["part"] == name] for name in PARTS}
    largest = {name: float(rows["value"].abs().max()) or 1.0 for name, rows in shown.items()}
    reach = {GAIN: largest[GAIN], RESPONSE: max(largest[RESPONSE], largest[OBSERVED])}
    for one, (name, rows) in zip(axes, shown.items(), strict=True):
        limit = reach.get(name, reach[RESPONSE])
        image = _draw_map(one, rows, limit)
        figure.colorbar(image, ax=one, fraction=0.05).set_label(scales.measured("potential", rows["unit"].iloc[0]), fontsize=7.5)
        moment = [f"{1000 * rows['time'].iloc[0]:.0f} ms into the recording"] if name != GAIN else []
        layout.title(one, str(part["panel"].iloc[0]), f"noise {part['noise'].iloc[0]}", name, *moment, share=0.8)


def _draw_map(axes: Any, rows: DataFrame, limit: float) -> Any:
    from headroom.analyses import _style as style

    image = axes.tricontourf(rows["x"], rows["y"], rows["value"], levels=np.linspace(-limit, limit, CONTOURS + 1), cmap="RdBu_r")
    angle = np.linspace(0, 2 * np.pi, 100)
    axes.plot(np.cos(angle), np.sin(angle), color=style.INK, linewidth=0.9)
    axes.plot([-0.12, 0, 0.12], [0.99, 1.15, 0.99], color=style.INK, linewidth=0.9)
    axes.plot(rows["x"], rows["y"], ".", color=style.INK, markersize=1.5)
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
    return image
