"""ROC curves: each class against the rest, over every threshold of its probability (Fawcett 2006)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from headroom.analyses._decoded import of_chosen, sums
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "model", "role", "order", "channel", "false", "true", "auc", "examples", "seeds"]


@settings
class Roc:
    """A row of axes per system, one for each class."""

    sources: ClassVar[tuple[str, ...]] = ("tallies", "summary")
    caption: ClassVar[str] = (
        "Receiver operating characteristics of the best linear decoder and the best models, each class against the rest: the share of "
        "the class that is found (true positive rate) against the share of the others that is taken for it (false positive rate), over "
        "every threshold of its probability. Beside each curve the area under it; the diagonal is chance, .5. Examples of all test runs "
        "or blocks and of all seeds together."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """The points of every curve."""
        import pandas

        rows = of_chosen(sources, "auc")
        if rows.empty:
            return pandas.DataFrame(columns=COLUMNS)
        parts = [_curve(part) for _, part in rows.groupby(["panel", "model", "target"], sort=False, observed=True)]
        return pandas.concat(parts, ignore_index=True)[COLUMNS]

    def draw(self, table: DataFrame) -> Figure:
        """Curves with their areas."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales
        from headroom.analyses import _style as style

        if table.empty:
            return layout.said("No ROC curves in this study: it decodes no labels, or is not scored by auc.")
        panels = [part for _, part in table.groupby("panel", sort=False)]
        figure, axes = layout.grouped([part["channel"].nunique() for part in panels], height=2.5, across=3)
        shown = ((part, name) for part in panels for name in part["channel"].unique())
        for one, (part, name) in zip(axes, shown, strict=True):
            rows = part[part["channel"] == name]
            one.plot([0, 1], [0, 1], color=style.GREYS[1], linewidth=0.8, linestyle=":")
            for place, own in enumerate(style.by_model(rows)):
                marks = style.marks(own) | {"marker": ""}
                one.plot(own["false"], own["true"], **marks)
                one.text(0.97, 0.05 + 0.09 * place, f"{own['auc'].iloc[0]:.3f}", color=marks["color"], ha="right", fontsize=8)
            one.set_aspect("equal")
            layout.title(
                one,
                str(part["panel"].iloc[0]),
                f"class {name}",
                f"noise {part['noise'].iloc[0]}",
                f"n = {rows['examples'].iloc[0]:.0f} examples",
                scales.seeds(rows),
            )
            one.set_xlabel("false positive rate")
            one.set_ylabel("true positive rate")
        layout.legend(figure)
        return figure


def _curve(rows: DataFrame) -> DataFrame:
    """From histograms of the class's score: of the others, then of its own."""
    import pandas

    others, own = sums(rows).reshape(2, -1)
    seeds = max(1, rows["seed"].nunique())
    with np.errstate(invalid="ignore", divide="ignore"):
        false, true = (np.append(0, np.cumsum(counts[::-1]) / counts.sum()) for counts in (others, own))
    moved = np.append(True, (np.diff(false) != 0) | (np.diff(true) != 0))
    same = {name: rows[name].iloc[0] for name in ("panel", "noise", "model", "role", "order")} | {"channel": str(rows["target"].iloc[0])}
    area = float(np.trapezoid(true, false))
    table = pandas.DataFrame({"false": false[moved], "true": true[moved]})
    return table.assign(**same, auc=area, examples=(others.sum() + own.sum()) / seeds, seeds=seeds)
