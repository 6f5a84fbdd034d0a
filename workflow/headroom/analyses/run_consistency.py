"""Error analysis by test run: whether one model is better everywhere, or only on average."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses import _paired as paired
from headroom.analyses._rows import LOSSES, levels, ordered, panel, primary
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "model", "role", "order", "metric", "run", "value", "best", "runs"]


@settings
class RunConsistency:
    """A panel per system, at the lowest noise level."""

    sources: ClassVar[tuple[str, ...]] = ("scores", "summary")
    caption: ClassVar[str] = (
        "The score of every test run on its own, mean over seeds, at the shortest horizon and the first noise level; runs are sorted by "
        "their mean over models, hardest first. Lines that never cross mean that one model is better on every run; the legend says on "
        "how many of all runs each is the best of those drawn. Trivial predictors and ceilings are left out."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """Scores by run (0 the hardest), and on how many runs each model is the best."""
        import pandas

        metric = primary(sources["summary"])
        rows = paired.tested(sources["scores"], metric)
        rows = rows.assign(panel=panel(rows)) if len(rows) else rows.assign(panel="")
        able = rows["trial"].notna() & ~rows["role"].isin(["ceiling", "trivial"])
        rows = rows[able & (rows["horizon"].isna() | (rows["horizon"] == rows.groupby("panel")["horizon"].transform("min")))]
        rows = rows[rows["noise"] == rows.groupby("panel")["noise"].transform(lambda noise: levels(noise)[0])]
        parts = [_ranked(part, metric) for _, part in rows.groupby("panel", sort=False)]
        table = pandas.concat(parts, ignore_index=True) if parts else pandas.DataFrame(columns=COLUMNS)
        return ordered(table, sources["summary"])[COLUMNS] if len(table) else table

    def draw(self, table: DataFrame) -> Figure:
        """A line for each model over the sorted runs."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales

        if table.empty:
            return layout.said("No scores of single test runs in this study.")
        panels = list(table["panel"].unique())
        figure, axes = layout.panes(len(panels), height=3.2, across=2)
        for one, name in zip(axes, panels, strict=True):
            part = table[table["panel"] == name]
            _draw_lines(one, part)
            layout.title(one, name, f"noise {part['noise'].iloc[0]}", f"n = {part['runs'].iloc[0]} test runs")
            one.set_xlabel("test run, hardest first")
            one.set_ylabel(scales.named(part["metric"].iloc[0], ""))
        return figure


def _ranked(part: DataFrame, metric: str) -> DataFrame:
    sign = -1 if metric in LOSSES else 1
    table = part.pivot_table(index="trial", columns="model", values="value").dropna(axis=0)
    table = table.loc[(sign * table).mean(axis=1).sort_values(kind="stable").index]
    best = (sign * table).idxmax(axis=1).value_counts()
    long = table.reset_index(drop=True).rename_axis("run").reset_index().melt(id_vars="run", var_name="model", value_name="value")
    first = part.iloc[0]
    roles = part.drop_duplicates("model").set_index("model")["role"]
    known = {"panel": first["panel"], "noise": first["noise"], "metric": metric, "runs": len(table)}
    return long.assign(role=long["model"].map(roles), best=long["model"].map(best).fillna(0).astype(int), **known)


def _draw_lines(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _style as style

    for rows in style.by_model(part):
        rows = rows.sort_values("run")
        marks = style.marks(rows)
        axes.plot(rows["run"] + 1, rows["value"], **marks | {"label": f"{marks['label']}: best on {rows['best'].iloc[0]}", "markersize": 3})
    low, high = np.nanmin(part["value"]), np.nanmax(part["value"])
    axes.set_ylim(low - 0.6 * (high - low) - 1e-6, high + 0.05 * (high - low) + 1e-6)
    axes.locator_params(axis="x", integer=True)
    axes.legend(loc="lower center", fontsize=7, ncols=2)
