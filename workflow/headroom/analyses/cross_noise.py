"""Trained at one noise level, tested at another: what a model loses away from home."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from headroom.analyses._rows import levels, nearest, ordered, primary, tidy
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "trained_noise", "model", "role", "order", "metric", "mean", "low", "high"]
ACROSS = 4


@settings
class CrossNoise:
    """A matrix per model and system."""

    sources: ClassVar[tuple[str, ...]] = ("summary",)
    caption: ClassVar[str] = (
        "Models trained at one noise level (rows) and tested at another (columns), one step ahead: the score in each cell, on "
        "one colour scale for all matrices. The diagonal is the level that the model was trained on. Intervals are in the table "
        "behind the figure."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """The primary metric of every pair of levels that was tested."""
        summary = sources["summary"]
        rows = tidy(summary)
        wanted = (
            (rows["target"] == "all") & (rows["task"] != "rollout") & (rows["metric"] == primary(summary)) & (rows["role"] != "ceiling")
        )
        pooled = nearest(rows[wanted])
        travelled = pooled.groupby(["panel", "model"])["trained_noise"].transform("nunique") > 1
        tested = (pooled["noise"] != pooled["trained_noise"]).groupby([pooled["panel"], pooled["model"]]).transform("any")
        return ordered(pooled[travelled & tested & (pooled["role"] != "trivial")], summary)[COLUMNS].reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Heat maps with their numbers."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _style as style

        if table.empty:
            return layout.said("No model of this study was tested at a noise level that it was not trained on.")
        groups = [style.by_model(panel) for _, panel in table.groupby("panel", sort=False)]
        figure, axes = layout.grouped([len(group) for group in groups], height=2.0, across=ACROSS)
        low, high = max(table["mean"].min(), 0.0), table["mean"].max()
        for one, part in zip(axes, (part for group in groups for part in group), strict=True):
            image = _draw_matrix(one, part, min(low, high - 1e-6), high)
            layout.title(one, str(part["panel"].iloc[0]), str(part["model"].iloc[0]))
        bar = figure.colorbar(image, ax=axes, shrink=0.5, extend="min" if table["mean"].min() < low else "neither")
        bar.set_label(table["metric"].iloc[0].replace("r2", "R2"))
        figure.supxlabel("tested at noise", fontsize=9)
        figure.supylabel("trained at noise", fontsize=9)
        return figure


def _draw_matrix(axes: Any, part: DataFrame, low: float, high: float) -> Any:
    tested, trained = levels(part["noise"]), levels(part["trained_noise"])
    matrix = (
        part.pivot_table(index="trained_noise", columns="noise", values="mean", observed=True).reindex(trained, columns=tested).to_numpy()
    )
    image = axes.imshow(matrix, cmap="cividis", vmin=low, vmax=high, aspect="auto")
    for (row, column), value in ((place, matrix[place]) for place in _drawn_cells(matrix)):
        bright = value > low + 0.6 * (high - low)
        axes.text(column, row, f"{value:.3f}", ha="center", va="center", fontsize=6.5, color="black" if bright else "white")
    axes.set_xticks(range(len(tested)), tested)
    axes.set_yticks(range(len(trained)), trained)
    axes.spines[:].set_visible(False)
    return image


def _drawn_cells(matrix: Any) -> list[tuple[int, ...]]:
    import numpy as np

    return [tuple(place) for place in np.argwhere(np.isfinite(matrix))]
