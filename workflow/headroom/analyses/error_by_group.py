"""Error analysis by cell type and by number of inputs: which neurons are hard, and whether their wiring says why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses._neurons import LABELS, leading, single, with_types
from headroom.analyses._rows import ordered
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "model", "role", "order", "unit", "target", "group", "in_degree", "mean"]


@settings
class ErrorByGroup:
    """Two panels per system whose recording has a graph."""

    sources: ClassVar[tuple[str, ...]] = ("summary", "wiring")
    caption: ClassVar[str] = (
        "Mean squared error of single neurons at the shortest horizon. Left: mean over the excitatory (filled) and the inhibitory neurons "
        "(open) with 95 % t intervals over neurons. Right, of the best few: against the number of synapses that a neuron receives; "
        "the mean over neurons of equal in-degree, and Spearman's rank correlation with its p value, each neuron a sample. Neurons of "
        "one network are not quite independent, so p is a guide."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """Mean squared errors of neurons with type and in-degree; empty where no recording has a graph."""
        rows = with_types(single(sources["summary"], "mse"), sources["wiring"])
        rows = rows[rows["in_degree"].notna() & rows["mean"].notna()]
        return ordered(rows, sources["summary"]).reindex(columns=COLUMNS).reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Bars by type and lines over the in-degree."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales

        if table.empty:
            return layout.said("No recording of this study knows its neurons' types and connections.")
        panels = list(table["panel"].unique())
        figure, axes = layout.grid(len(panels), 2, height=2.0 + 0.1 * table["model"].nunique())
        for row, name in zip(axes, panels, strict=True):
            part = table[table["panel"] == name]
            _draw_types(row[0], part)
            _draw_degrees(row[1], leading(part, "mse"))
            counts = part.drop_duplicates("target")["group"].value_counts()
            layout.title(
                row[0], name, f"noise {part['noise'].iloc[0]}", f"n = {', '.join(f'{n} {g}' for g, n in counts.items())}", share=0.8
            )
            unit = part["unit"].iloc[0]
            row[0].set_xlabel(scales.measured("mean squared error", unit))
            row[1].set_ylabel(scales.measured("mean squared error", unit))
        layout.legend(figure)
        return figure


def _draw_types(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _style as style

    models = style.by_model(part)
    for place, rows in enumerate(models):
        for shift, label, filled in ((-0.15, LABELS[True], True), (0.15, LABELS[False], False)):
            values = rows.loc[rows["group"] == label, "mean"].to_numpy(float)
            if len(values):
                look = style.marks(rows)
                face = look["color"] if filled else "white"
                axes.errorbar(values.mean(), place + shift, xerr=_reach(values), marker="o", color=look["color"], markerfacecolor=face)
    axes.set_yticks(range(len(models)), [rows["model"].iloc[0] for rows in models], fontsize=7.5)
    axes.invert_yaxis()
    axes.set_xlim(left=0)


def _draw_degrees(axes: Any, part: DataFrame) -> None:
    from scipy.stats import spearmanr

    from headroom.analyses import _style as style

    for rows in style.by_model(part):
        by_degree = rows.groupby("in_degree")["mean"].mean()
        varied = rows["in_degree"].nunique() > 2 and rows["mean"].nunique() > 1
        rank = spearmanr(rows["in_degree"], rows["mean"]) if varied else None
        words = f": rho = {rank.statistic:+.2f}, p = {rank.pvalue:.2g}" if rank else ""
        marks = style.marks(rows)
        axes.plot(by_degree.index, by_degree, **marks | {"label": marks["label"] + words, "markersize": 3})
    axes.set_xlabel("in-degree [synapses]")
    axes.set_ylim(bottom=0)


def _reach(values: np.ndarray) -> float:
    from scipy.stats import t

    return float(t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
