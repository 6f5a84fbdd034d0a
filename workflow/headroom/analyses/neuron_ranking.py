"""Error analysis by channel: all of them at once, ranked, for every model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from headroom.analyses._neurons import GROUP, LABELS, leading, single, with_types
from headroom.analyses._rows import ordered
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "model", "role", "order", "target", "group", "rank", "mean"]


@settings
class NeuronRanking:
    """Two panels per system."""

    sources: ClassVar[tuple[str, ...]] = ("summary", "wiring")
    caption: ClassVar[str] = (
        "R2 of every channel at the shortest horizon. Left: a row for each model, a column for each channel, channels ranked by their mean "
        "over the models: columns that are dark throughout are hard for all. Right: the same ranking, best channel first, as lines of the "
        "best models; crosses mark inhibitory neurons at the mean over the models, where the recording tells types apart. Values below the "
        "colour bar's lower end are shown as its end."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """Scores of channels with their rank (0 is the best) by the mean over models that are neither trivial nor a ceiling."""
        rows = with_types(single(sources["summary"], "r2"), sources["wiring"])
        rows = rows[rows["mean"].notna() & (rows["role"] != "ceiling")]
        if rows.empty:
            return rows.reindex(columns=COLUMNS)
        able = rows[rows["role"] != "trivial"]
        able = able if len(able) else rows
        score = able.groupby(["panel", "target"])["mean"].mean().rename("typical").reset_index()
        score["rank"] = score.groupby("panel")["typical"].rank(ascending=False, method="first").astype(int) - 1
        found = rows.merge(score, on=["panel", "target"])
        return ordered(found, sources["summary"])[COLUMNS].reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Map and lines."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said("No R2 of single channels in this study.")
        panels = list(table["panel"].unique())
        figure, axes = layout.grid(len(panels), 2, height=1.6 + 0.16 * table["model"].nunique())
        for row, name in zip(axes, panels, strict=True):
            part = table[table["panel"] == name]
            _draw_map(figure, row[0], part)
            _draw_lines(row[1], part)
        layout.legend(figure)
        return figure


def _draw_map(figure: Any, axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout

    best = part.groupby("model")["mean"].mean().sort_values(ascending=False, kind="stable")
    matrix = part.pivot_table(index="model", columns="rank", values="mean").reindex(best.index)
    low = max(-0.2, float(part["mean"].quantile(0.02)))
    high = max(float(part["mean"].max()), low + 1e-6)
    image = axes.imshow(matrix, aspect="auto", cmap="cividis", vmin=low, vmax=high, interpolation="nearest")
    axes.set_yticks(range(len(best)), list(best.index), fontsize=7)
    axes.set_xlabel("channels, best first")
    figure.colorbar(image, ax=axes, fraction=0.05, extend="min").set_label("R2")
    layout.title(axes, str(part["panel"].iloc[0]), f"noise {part['noise'].iloc[0]}", share=0.7)


def _draw_lines(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _style as style

    shown = part[part["role"] != "trivial"]
    shown = leading(shown if len(shown) else part, "r2")
    for rows in style.by_model(shown):
        rows = rows.sort_values("rank")
        marks = style.marks(rows) | {"marker": "" if rows["rank"].nunique() > 1 else "o"}
        axes.plot(rows["rank"] + 1, rows["mean"], **marks)
    inhibiting = shown[shown["group"] == LABELS[False]].groupby("rank")["mean"].mean()
    axes.plot(inhibiting.index + 1, inhibiting, "x", color=style.INK, linestyle="none", label=LABELS[False] if len(inhibiting) else "_")
    known = "" if (part["group"] == GROUP).all() else f", {part.loc[part['group'] == LABELS[False], 'target'].nunique()} inhibitory"
    layout.title(axes, f"n = {part['target'].nunique()} channels{known}")
    axes.locator_params(axis="x", integer=True)
    axes.set_xlabel("rank of the channel")
    axes.set_ylabel("R2")
