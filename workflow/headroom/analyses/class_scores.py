"""Precision, recall, F1 and AUC of each class, with their macro and weighted means named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses._decoded import of_chosen, sums
from headroom.analyses._rows import tidy
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "model", "role", "order", "row", "examples", "precision", "recall", "f1", "auc", "seeds"]
SHOWN = ("precision", "recall", "f1", "auc")
MACRO, WEIGHTED = "macro mean", "weighted mean"


@settings
class ClassScores:
    """A table per model and system."""

    sources: ClassVar[tuple[str, ...]] = ("tallies", "summary")
    caption: ClassVar[str] = (
        "Precision, recall, F1 and area under the ROC curve of each class, of the best linear decoder and the best models, from the "
        "decisions on all test examples, seeds together. Macro mean: every class counts the same. Weighted mean: by how common a class "
        "is; weighted recall is the accuracy. The two are never mixed: where a publication does not say which it gives, neither "
        "comparison is safe."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """A row for each class, and one for each kind of mean."""
        import pandas

        rows = of_chosen(sources, "accuracy")
        if rows.empty:
            return pandas.DataFrame(columns=COLUMNS)
        areas = tidy(sources["summary"]).query("metric == 'auc' and target != 'all'")
        own = areas[areas["noise"] == areas["trained_noise"]]
        parts = [_scores(part, own) for _, part in rows.groupby(["panel", "model"], sort=False, observed=True)]
        return pandas.concat([part for part in parts if len(part)] or [pandas.DataFrame()]).reindex(columns=COLUMNS).reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Coloured cells with their numbers."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _style as style

        if table.empty:
            return layout.said("No counts of classes in this study: it decodes no labels, or is not scored by accuracy and auc.")
        groups = [style.by_model(panel) for _, panel in table.groupby("panel", sort=False)]
        figure, axes = layout.grouped([len(group) for group in groups], height=2.4, across=3)
        for one, part in zip(axes, (part for group in groups for part in group), strict=True):
            image = _draw_cells(one, part)
            layout.title(one, str(part["panel"].iloc[0]), str(part["model"].iloc[0]), f"noise {part['noise'].iloc[0]}")
        figure.colorbar(image, ax=axes, shrink=0.3, aspect=30).set_label("score")
        return figure


def _scores(rows: DataFrame, areas: DataFrame) -> DataFrame:
    """One model's classes by name, in the order of the counts; none where no AUC names them."""
    import pandas

    same = {name: rows[name].iloc[0] for name in ("panel", "noise", "model", "role", "order")}
    auc = areas[np.logical_and.reduce([areas[name] == same[name] for name in ("panel", "noise", "model")])]
    counts = sums(rows)
    counts = counts.reshape(round(np.sqrt(len(counts))), -1)
    if len(auc) != len(counts):
        return pandas.DataFrame(columns=COLUMNS)
    right, present, decoded = np.diagonal(counts), counts.sum(axis=1), counts.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        columns = {
            "precision": np.where(decoded > 0, right / decoded, 0.0),
            "recall": right / present,
            "f1": 2 * right / (present + decoded),
        }
    seeds = max(1, rows["seed"].nunique())
    table = pandas.DataFrame({"row": auc["target"].to_numpy(), "examples": present / seeds} | columns | {"auc": auc["mean"].to_numpy()})
    means = [
        {"row": name, "examples": present.sum() / seeds} | {key: float(np.average(table[key], weights=weights)) for key in SHOWN}
        for name, weights in ((MACRO, np.ones(len(present))), (WEIGHTED, present))
    ]
    return pandas.concat([table, pandas.DataFrame(means)], ignore_index=True).assign(**same, seeds=seeds)


def _draw_cells(axes: Any, part: DataFrame) -> Any:
    from headroom.analyses import _style as style

    values = part[list(SHOWN)].to_numpy(dtype=float)
    image = axes.imshow(values, cmap="cividis", vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(SHOWN)), [name.upper() if len(name) < 4 else name for name in SHOWN], fontsize=7.5, rotation=25, ha="right")
    axes.set_yticks(range(len(part)), [f"{row.row} ({row.examples:.0f})" for row in part.itertuples()], fontsize=7.5)
    axes.spines[:].set_visible(False)
    axes.axhline(len(part) - 2.5, color="white", linewidth=2)
    for row, column in np.ndindex(values.shape):
        colour = style.INK if values[row, column] > 0.6 else "white"
        axes.text(column, row, f"{values[row, column]:.3f}", ha="center", va="center", fontsize=7.5, color=colour)
    return image
