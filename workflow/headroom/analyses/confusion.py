"""Confusion matrices: which class is taken for which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses._rows import chosen, decoded, matching, ordered
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "model", "role", "order", "true", "decoded", "count", "share", "seeds", "runs"]
COUNTED = ("accuracy", "balanced_accuracy", "macro_f1")
"""Metrics whose sums are the counts."""
ACROSS = 3
WRITTEN = 8
"""Classes up to which every cell says its count."""
TICKS = 12
CROWDED = 20
"""Characters of class names that fit below a matrix side by side."""


@settings
class Confusion:
    """A matrix per model and system."""

    sources: ClassVar[tuple[str, ...]] = ("tallies", "predictions", "summary")
    caption: ClassVar[str] = (
        "True classes (rows) against decoded ones (columns) over all test examples of the best linear decoder and the best models: "
        "the percentage of the row, which is also the colour, and the number of examples, mean over seeds. The decoded class is the one "
        "with the largest probability. Rows add up to 100 %."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """The count and the share of its row of every pair of classes."""
        import pandas

        tallies = sources["tallies"]
        tested = tallies[(tallies["subset"] == "test") & tallies["metric"].isin(COUNTED)] if len(tallies) else tallies
        own = (
            tested[tested["tested"].isna() | (tested["tested"].astype(object) == tested["noise"].astype(object))] if len(tested) else tested
        )
        if own.empty:
            return pandas.DataFrame(columns=COLUMNS)
        one = own[own["metric"] == own["metric"].iloc[0]]
        rows = ordered(matching(one, chosen(sources["summary"])), sources["summary"])
        names = _classes(sources)
        parts = [_counts(part, names[part["panel"].iloc[0]]) for _, part in rows.groupby(["panel", "model"], sort=False)]
        return pandas.concat(parts, ignore_index=True) if parts else pandas.DataFrame(columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """Heat maps with one colour bar."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _style as style

        if table.empty:
            return layout.said("No counts of classes in this study: it decodes no labels, or is not scored by accuracy.")
        groups = [style.by_model(panel) for _, panel in table.groupby("panel", sort=False)]
        figure, axes = layout.grouped([len(group) for group in groups], height=2.8, across=ACROSS)
        for one, part in zip(axes, (part for group in groups for part in group), strict=True):
            image = _draw_matrix(one, part)
            layout.title(one, str(part["panel"].iloc[0]), str(part["model"].iloc[0]), _drawn_numbers(part))
        figure.colorbar(image, ax=axes, shrink=min(1.0, 2.0 / len(groups)), aspect=30).set_label("share of the true class [%]")
        figure.supxlabel("decoded", fontsize=9)
        figure.supylabel("true", fontsize=9)
        return figure


def _classes(sources: Mapping[str, DataFrame]) -> dict[str, list[str]]:
    """The names of each panel's classes, in their order."""
    rows = decoded(sources)
    targets = rows[rows["part"] == "target"]
    return {str(name): list(part["channel"].unique()) for name, part in targets.groupby("panel", sort=False)}


def _counts(rows: DataFrame, names: list[str]) -> DataFrame:
    """One model's matrix as rows: summed over runs, averaged over seeds."""
    import pandas

    seeds = rows["seed"].nunique()  # 0 where the fit depends on none
    counts = rows[[f"s{number}" for number in range(len(names) ** 2)]].sum().to_numpy(dtype=float).reshape(len(names), -1) / max(1, seeds)
    total = counts.sum(axis=1, keepdims=True)
    share = np.divide(counts, total, out=np.full(counts.shape, np.nan), where=total > 0)
    true, seen = (axis.ravel() for axis in np.meshgrid(np.array(names, object), np.array(names, object), indexing="ij"))
    same = {name: rows[name].iloc[0] for name in ("panel", "noise", "model", "role", "order")}
    table = pandas.DataFrame({"true": true, "decoded": seen, "count": counts.ravel(), "share": share.ravel()})
    return table.assign(**same, seeds=seeds, runs=rows["unit"].nunique())[COLUMNS]


def _drawn_numbers(part: DataFrame) -> str:
    runs, seeds = int(part["runs"].iloc[0]), int(part["seeds"].iloc[0])
    where = f"n = {part['count'].sum():.0f} examples in {runs} run{'s' if runs > 1 else ''} or blocks"
    return f"{where}, {seeds} seed{'s' if seeds > 1 else ''}" if seeds else where


def _draw_matrix(axes: Any, part: DataFrame) -> Any:
    names = list(part["true"].unique())
    share, count = (part[name].to_numpy(dtype=float).reshape(len(names), -1) for name in ("share", "count"))
    image = axes.imshow(100 * share, cmap="cividis", vmin=0, vmax=100, aspect="auto")
    step = -(-len(names) // TICKS)
    crowded = sum(len(str(name)) for name in names[::step]) > CROWDED
    axes.set_xticks(range(0, len(names), step), names[::step], rotation=25 if crowded else 0, ha="right" if crowded else "center")
    axes.set_yticks(range(0, len(names), step), names[::step])
    axes.spines[:].set_visible(False)
    for row, column in np.ndindex(share.shape) if len(names) <= WRITTEN else ():
        if np.isfinite(share[row, column]):
            words = f"{100 * share[row, column]:.1f} %\n{count[row, column]:.0f}"
            axes.text(column, row, words, ha="center", va="center", fontsize=7, color="black" if share[row, column] > 0.6 else "white")
    return image
