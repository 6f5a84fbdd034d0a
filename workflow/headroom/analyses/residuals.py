"""Error analysis by size: the distribution of the residuals beside the noise that nobody can predict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses._rows import NO_SIGNAL, excerpts
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "model", "role", "order", "unit", "left", "right", "density", "sd", "noise_sd", "samples"]
BINS = 41


@settings
class Residuals:
    """A panel per system."""

    sources: ClassVar[tuple[str, ...]] = ("predictions", "summary")
    caption: ClassVar[str] = (
        "Distribution of observed minus predicted, all channels, first test trial, first seed, shortest horizon. Black, where "
        "it is known: the normal density with the standard deviation (SD) of the measurement noise in that stretch, the "
        "narrowest that unbiased residuals can be."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """A histogram per model, all of a panel over the same bins."""
        import pandas

        rows = excerpts(sources)
        parts = [_histogram(part) for _, part in rows.assign(residual=rows["truth"] - rows["prediction"]).groupby("panel", sort=False)]
        return pandas.concat(parts, ignore_index=True) if parts else pandas.DataFrame(columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """Steps, with the normal density of the noise beside them."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales

        if table.empty:
            return layout.said(NO_SIGNAL)
        panels = list(table["panel"].unique())
        figure, axes = layout.panes(len(panels), height=2.8)
        for one, name in zip(axes, panels, strict=True):
            part = table[table["panel"] == name]
            _draw_steps(one, part)
            known = "" if part["noise_sd"].notna().any() else "; noise SD unknown"
            layout.title(one, name, f"noise {part['noise'].iloc[0]}", f"n = {part['samples'].iloc[0]} residuals{known}")
            one.set_xlabel(scales.measured("residual", part["unit"].iloc[0]))
        axes[0].set_ylabel("density")
        layout.legend(figure)
        return figure


def _histogram(part: DataFrame) -> DataFrame:
    import pandas

    reach = part["residual"].abs().quantile(0.995) or 1.0
    edges = np.linspace(-reach, reach, BINS + 1)
    tables = []
    for (model, role, order), rows in part.groupby(["model", "role", "order"], sort=False):
        density = np.histogram(rows["residual"], edges)[0] / (len(rows) * np.diff(edges))
        same = {"panel": rows["panel"].iloc[0], "noise": rows["noise"].iloc[0], "unit": rows["unit"].iloc[0], "model": model, "role": role}
        noise_sd = (rows["truth"] - rows["clean"]).std()
        same |= {"order": order, "sd": rows["residual"].std(), "noise_sd": noise_sd, "samples": len(rows)}
        tables.append(pandas.DataFrame({"left": edges[:-1], "right": edges[1:], "density": density}).assign(**same))
    return pandas.concat(tables)[COLUMNS]


def _draw_steps(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _style as style

    for rows in style.by_model(part):
        marks = {name: value for name, value in style.marks(rows).items() if name in ("color", "linestyle", "label")}
        axes.stairs(rows["density"], [*rows["left"], rows["right"].iloc[-1]], linewidth=1.4, **marks)
    noise_sd = part["noise_sd"].iloc[0]
    if noise_sd > 0:
        grid = np.linspace(part["left"].min(), part["right"].max(), 300)
        density = np.exp(-0.5 * (grid / noise_sd) ** 2) / (noise_sd * np.sqrt(2 * np.pi))
        axes.plot(grid, density, color=style.INK, linewidth=1, linestyle="--", label="normal with the noise SD")
