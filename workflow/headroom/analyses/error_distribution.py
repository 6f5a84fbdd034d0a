"""Error analysis by size: how the errors are distributed, and how often they are far larger than a normal law allows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses._rows import NO_SIGNAL, excerpts
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "unit", "model", "role", "order", "left", "right", "density", "sd", "skew", "kurtosis", "beyond", "samples"]
BINS = 61
REACH = 8.0
FAR = 3.0
NORMAL_BEYOND = 0.0027
"""Share of a normal law beyond 3 SD."""


@settings
class ErrorDistribution:
    """A panel per system."""

    sources: ClassVar[tuple[str, ...]] = ("predictions", "summary")
    caption: ClassVar[str] = (
        "Errors of the first test trial (observed minus predicted, all channels, first seed, shortest horizon) in SDs of each model's "
        "own errors, on a logarithmic axis beside the normal density (dashed). The legend gives skewness, excess kurtosis (both 0 for a "
        f"normal law) and the share of errors beyond {FAR:g} SD (normal: {100 * NORMAL_BEYOND:.2f} %). Errors beyond {REACH:g} SD are "
        "counted, and drawn in the outermost bins."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """A histogram of standardised errors per model, with its moments."""
        import pandas

        rows = excerpts(sources)
        rows = rows.assign(error=rows["truth"] - rows["prediction"]) if len(rows) else rows
        keys = ["panel", "noise", "unit", "model", "role", "order"]
        parts = [
            _histogram(part["error"].dropna().to_numpy(float)).assign(**dict(zip(keys, name, strict=True)))
            for name, part in rows.groupby(keys, sort=False, dropna=False)
        ]
        return pandas.concat(parts, ignore_index=True)[COLUMNS] if parts else pandas.DataFrame(columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """Steps over SDs."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said(NO_SIGNAL)
        panels = list(table["panel"].unique())
        figure, axes = layout.panes(len(panels), height=3.2, across=2)
        for one, name in zip(axes, panels, strict=True):
            part = table[table["panel"] == name]
            _draw_steps(one, part)
            layout.title(one, name, f"noise {part['noise'].iloc[0]}", f"n = {part['samples'].max()} errors")
            one.set_xlabel("error [SD of the model's errors]")
        axes[0].set_ylabel("density [1/SD]")
        return figure


def moments(errors: np.ndarray) -> dict[str, float]:
    """SD, skewness, excess kurtosis, and the share beyond 3 SD of errors about their mean."""
    away = errors - errors.mean()
    sd = float(np.sqrt((away**2).mean())) or 1.0
    unit = away / sd
    return {"sd": sd, "skew": float((unit**3).mean()), "kurtosis": float((unit**4).mean() - 3), "beyond": float((abs(unit) > FAR).mean())}


def _histogram(errors: np.ndarray) -> DataFrame:
    import pandas

    edges, numbers = np.linspace(-REACH, REACH, BINS + 1), moments(errors)
    inside = np.clip((errors - errors.mean()) / numbers["sd"], -REACH, REACH)
    density = np.histogram(inside, edges)[0] / (len(errors) * np.diff(edges))
    return pandas.DataFrame({"left": edges[:-1], "right": edges[1:], "density": density}).assign(**numbers, samples=len(errors))


def _draw_steps(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _scales as scales
    from headroom.analyses import _style as style

    for rows in style.by_model(part):
        first, marks = rows.iloc[0], style.marks(rows)
        label = f"{first['model']}: {first['skew']:+.2f}, {first['kurtosis']:+.1f}, {100 * first['beyond']:.2f} %"
        density = rows["density"].where(rows["density"] > 0)
        axes.stairs(density, [*rows["left"], rows["right"].iloc[-1]], color=marks["color"], linestyle=marks["linestyle"], label=label)
    grid = np.linspace(-5, 5, 200)
    axes.plot(grid, np.exp(-0.5 * grid**2) / np.sqrt(2 * np.pi), color=style.INK, linewidth=1, linestyle="--", label="normal")
    axes.set_yscale("log")
    least = 1 / (part["samples"].max() * (part["right"] - part["left"]).iloc[0])
    axes.set_ylim(0.5 * least, 40 * part["density"].max())
    scales.decimal(axes.yaxis)
    axes.legend(loc="upper center", fontsize=6.5, title="model: skew, excess kurtosis, beyond 3 SD", title_fontsize=6.5)
