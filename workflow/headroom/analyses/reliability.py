"""Reliability curves: how often a class is there where its probability was said to be so large (Murphy and Winkler 1977)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from headroom.analyses._decoded import of_chosen, sums
from headroom.analyses._rows import own_noise
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "model", "role", "order", "said", "true", "count", "error", "brier", "seeds"]


@settings
class Reliability:
    """A panel per system."""

    sources: ClassVar[tuple[str, ...]] = ("tallies", "summary")
    caption: ClassVar[str] = (
        "Calibration of the best linear decoder and the best models: the share of examples of a class against the probability that the "
        "decoder gave it, all classes together, in bins of that probability; bins of fewer than 20 are left out, and a larger dot holds "
        "more. On the diagonal a decoder means what it says; below it, it is too sure. Beside the names: the calibration error (mean "
        "distance from the diagonal) and the Brier score (0 is best, 2 worst), both over all test examples."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """The points of every curve."""
        import pandas

        rows = of_chosen(sources, "calibration_error")
        if rows.empty:
            return pandas.DataFrame(columns=COLUMNS)
        brier = own_noise(sources["summary"], "brier").set_index(["panel", "noise", "model"])["mean"]
        parts = [_points(part, brier) for _, part in rows.groupby(["panel", "model"], sort=False, observed=True)]
        return pandas.concat(parts, ignore_index=True)[COLUMNS]

    def draw(self, table: DataFrame) -> Figure:
        """Curves over the diagonal."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales
        from headroom.analyses import _style as style

        if table.empty:
            return layout.said("No reliability curves in this study: it decodes no labels, or is not scored by calibration_error.")
        panels = [part for _, part in table.groupby("panel", sort=False)]
        figure, axes = layout.panes(len(panels), height=3.0, across=3)
        for one, part in zip(axes, panels, strict=True):
            one.plot([0, 1], [0, 1], color=style.GREYS[1], linewidth=0.8, linestyle=":")
            for place, rows in enumerate(style.by_model(part)):
                marks = style.marks(rows)
                kept = rows[rows["count"] >= 20]
                one.plot(kept["said"], kept["true"], **marks | {"marker": ""})
                one.scatter(kept["said"], kept["true"], s=4 + 60 * kept["count"] / rows["count"].sum(), color=marks["color"], zorder=3)
                words = f"error {rows['error'].iloc[0]:.3f}, Brier {rows['brier'].iloc[0]:.3f}"
                one.text(0.02, 0.94 - 0.07 * place, words, color=marks["color"], fontsize=7.5)
            one.set_xlim(0, 1)
            one.set_ylim(0, 1)
            layout.title(one, str(part["panel"].iloc[0]), f"noise {part['noise'].iloc[0]}", scales.seeds(part))
            one.set_xlabel("probability that was said")
            one.set_ylabel("share that came true")
        layout.legend(figure)
        return figure


def _points(rows: DataFrame, brier: DataFrame) -> DataFrame:
    """Means in bins, classes and seeds added up; the error as the metric defines it, class by class."""
    import pandas

    each = np.stack([sums(part).reshape(3, -1) for _, part in rows.groupby("target", observed=True)])  # (class, 3, bin)
    error = (np.abs(each[:, 1] - each[:, 2]).sum(axis=1) / each[:, 0].sum(axis=1)).mean()
    count, said, true = each.sum(axis=0)
    some, seeds = count > 0, max(1, rows["seed"].nunique())
    same = {name: rows[name].iloc[0] for name in ("panel", "noise", "model", "role", "order")}
    table = pandas.DataFrame({"said": said[some] / count[some], "true": true[some] / count[some], "count": count[some] / seeds})
    return table.assign(**same, error=error, brier=float(brier.get((same["panel"], same["noise"], same["model"]), np.nan)), seeds=seeds)
