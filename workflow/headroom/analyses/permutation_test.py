"""The permutation test: every decoder against the same decisions held to labels that were moved in time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses._decoded import PERMUTED, sums, tallied
from headroom.analyses._rows import middle, nearest, ordered, own_noise, tidy
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "model", "role", "order", "accuracy", "chance", "low", "high", "p", "permutations", "seeds"]


@settings
class PermutationTest:
    """A panel per system."""

    sources: ClassVar[tuple[str, ...]] = ("tallies", "summary")
    caption: ClassVar[str] = (
        "Accuracy of every decoder (mark) beside what its decisions score against labels that were moved in time: each test trial's "
        "labels are rotated as a whole by a random part of it, which keeps how labels and decisions hang together (grey: middle 95 % of "
        "the rotations; tick: their mean). p: the share of rotations, the true order included, that score at least as well; one in the "
        "number of rotations is the least that can be said. The majority class and a decoder trained on shuffled labels stand at the "
        "end."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """A row for each model at one noise level per panel."""
        import pandas

        rows = tallied(sources, "accuracy", PERMUTED)
        if rows.empty:
            return pandas.DataFrame(columns=COLUMNS)
        levels = middle(nearest(own_noise(sources["summary"])))[["panel", "noise"]].drop_duplicates()
        found = tidy(rows).merge(levels, on=["panel", "noise"])
        parts = [_tested(part) for _, part in found.groupby(["panel", "noise", "model"], sort=False)]
        return ordered(pandas.DataFrame(parts), sources["summary"])[COLUMNS] if parts else pandas.DataFrame(columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """A row for each decoder, the best on top."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said("No permutation test in this study: it decodes no labels.")
        panels = [part for _, part in table.groupby("panel", sort=False)]
        figure, axes = layout.panes(len(panels), height=1.0 + 0.19 * table["model"].nunique(), across=2)
        for one, part in zip(axes, panels, strict=True):
            _draw_rows(one, part)
        return figure


def _tested(rows: DataFrame) -> dict[str, Any]:
    """Accuracies over rotations, mean over seeds."""
    examples, *right = sums(rows)
    scores = np.array(right) / examples
    null = scores[1:]
    low, high = np.quantile(null, (0.025, 0.975))
    same = {name: rows[name].iloc[0] for name in ("panel", "noise", "model", "role")}
    numbers = {"accuracy": scores[0], "chance": null.mean(), "low": low, "high": high, "permutations": len(null)}
    return same | numbers | {"p": (1 + (null >= scores[0]).sum()) / len(scores), "seeds": max(1, rows["seed"].nunique())}


def _draw_rows(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _scales as scales
    from headroom.analyses import _style as style

    ranked = part.assign(trivial=part["role"] == "trivial").sort_values(["trivial", "accuracy"], ascending=[True, False], kind="stable")
    for height, row in enumerate(ranked.itertuples()):
        axes.plot([row.low, row.high], [height, height], color=style.GREYS[1], linewidth=4, solid_capstyle="butt")
        axes.plot([row.chance], [height], "|", color=style.GREYS[2], markersize=7)
        axes.plot([row.accuracy], [height], **style.look(row.role, row.order) | {"linestyle": "none"})
        axes.annotate(f"p = {row.p:.2g}", (1.02, height), xycoords=("axes fraction", "data"), va="center", fontsize=7)
    axes.set_yticks(range(len(ranked)), ranked["model"], fontsize=7.5)
    axes.set_ylim(len(ranked) - 0.5, -0.5)
    axes.set_xlabel("accuracy")
    words = f"{int(part['permutations'].iloc[0])} rotations, {scales.seeds(part)}"
    layout.title(axes, str(part["panel"].iloc[0]), f"noise {part['noise'].iloc[0]}", words, share=0.6)
