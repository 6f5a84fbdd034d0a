"""Interpretability: which channel a model predicts each channel from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from headroom.analyses._rows import explained
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "model", "role", "order", "target", "channel", "share"]
ACROSS = 3
TICKS = 12


@settings
class ChannelMap:
    """A matrix per model and system."""

    sources: ClassVar[tuple[str, ...]] = ("sensitivities", "summary")
    caption: ClassVar[str] = (
        "Which input channel (columns) the forecast of each channel (rows) depends on: the share of the row's sensitivity |d "
        "prediction / d input|, summed over lags, mean over test examples, first seed. Rows add up to 1; one colour scale for "
        "all."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """The share of each input channel in each target's sensitivity."""
        if sources["sensitivities"].empty:
            return sources["sensitivities"].reindex(columns=COLUMNS)
        rows = explained(sources)
        names = ["panel", "noise", "model", "role", "order", "target"]
        total = rows.groupby([*names, "channel"], sort=False)["value"].sum().reset_index()
        return total.assign(share=total["value"] / total.groupby(names)["value"].transform("sum"))[COLUMNS]

    def draw(self, table: DataFrame) -> Figure:
        """Heat maps with one colour bar."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _style as style

        shown = table[table["share"].notna()]
        if shown.empty:
            return layout.said("No model of this study can say what its predictions rest on.")
        groups = [style.by_model(panel) for _, panel in shown.groupby("panel", sort=False)]
        sizes, parts = [len(group) for group in groups], [part for group in groups for part in group]
        figure, axes = layout.grouped(sizes, height=2.4, across=ACROSS)
        for one, part in zip(axes, parts, strict=True):
            channels = list(part["channel"].unique())
            targets = list(part["target"].unique())
            matrix = part.pivot_table(index="target", columns="channel", values="share").reindex(targets, columns=channels)
            image = one.imshow(matrix, cmap="cividis", vmin=0, vmax=1, aspect="auto")
            one.set_xticks(
                range(0, len(channels), -(-len(channels) // TICKS)), channels[:: -(-len(channels) // TICKS)], rotation=40, ha="right"
            )
            one.set_yticks(range(0, len(targets), -(-len(targets) // TICKS)), targets[:: -(-len(targets) // TICKS)])
            one.tick_params(labelsize=7)
            one.set_title("\n".join((part["panel"].iloc[0], f"noise {part['noise'].iloc[0]}", part["model"].iloc[0])), fontsize=8)
        figure.colorbar(image, ax=axes, shrink=0.5).set_label("share of the sensitivity")
        figure.supxlabel("predicted from", fontsize=9)
        figure.supylabel("predicted", fontsize=9)
        return figure
