"""Which neurons decoders rest on, by putting one after another out of step, and what these neurons are in truth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from headroom.analyses._rows import middle, ordered, tidy
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "model", "role", "order", "channel", "importance", "rank", "tuning", "walking", "group", "correlation"]
PERMUTATION = "permutation"
UNKNOWN = "neurons"
"""What neurons are called of which nobody knows the tuning."""


@settings
class NeuronImportance:
    """Two panels per model."""

    sources: ClassVar[tuple[str, ...]] = ("explanations", "summary", "tuning")
    caption: ClassVar[str] = (
        "What each decoder loses when one neuron is put out of step: its activity is rotated by half of the session, so that it keeps "
        "its statistics and loses what it says of the label. Left: the rise of the log loss for every neuron, the most important first. "
        "Right: the same against the true tuning of the neuron, the SD of its log rate over the step cycle, where the generator says "
        "it; r is Spearman's. Neurons that fire alike can stand in for one another, so a small loss does not say that a neuron carries "
        "nothing. First seed, up to 512 test examples."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """A row for each neuron of every model that was asked, at one noise level per panel."""
        import pandas

        rows = sources["explanations"]
        rows = rows[rows["what"] == PERMUTATION] if len(rows) else rows
        if rows.empty:
            return pandas.DataFrame(columns=COLUMNS)
        rows = middle(tidy(rows)).rename(columns={"label": "channel", "value": "importance"})
        known = _known(sources["tuning"])
        rows = rows.merge(known, on=["system", "channel"], how="left").fillna({"group": UNKNOWN})
        rows["rank"] = rows.groupby(["panel", "model"])["importance"].rank(ascending=False, method="first").astype(int)
        alike = {key: part["importance"].corr(part["tuning"], method="spearman") for key, part in rows.groupby(["panel", "model"])}
        rows["correlation"] = [alike[key] for key in zip(rows["panel"], rows["model"], strict=True)]
        return ordered(rows, sources["summary"]).sort_values(["panel", "model", "rank"])[COLUMNS].reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Ranking and scatter."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said("No decoder of this study was asked for it: explain: {logistic: [permutation]}.")
        parts = [part for _, part in table.groupby(["panel", "model"], sort=False)]
        figure, axes = layout.grid(len(parts), 2, height=2.3)
        for row, part in zip(axes, parts, strict=True):
            _draw_ranking(row[0], part)
            _draw_tuning(row[1], part)
        layout.legend(figure)
        return figure


def _known(tuning: DataFrame) -> DataFrame:
    """What the recordings say of their neurons, once for each."""
    columns = ["system", "channel", "tuning", "walking", "group"]
    return tuning.reindex(columns=columns).astype({"channel": object, "system": object}).drop_duplicates(["system", "channel"])


def _draw_ranking(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _style as style

    axes.axhline(0, color=style.GREYS[1], linewidth=0.8)
    axes.plot(part["rank"], 1000 * part["importance"], ".", color=style.look(part["role"].iloc[0], part["order"].iloc[0])["color"])
    axes.set_xlabel("neurons, most important first")
    axes.set_ylabel("rise of log loss [mnat]")
    layout.title(axes, str(part["panel"].iloc[0]), str(part["model"].iloc[0]), f"noise {part['noise'].iloc[0]}", f"n = {len(part)} neurons")


def _draw_tuning(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _style as style

    known = part[part["tuning"].notna()]
    if known.empty:
        axes.set_axis_off()
        axes.text(0.5, 0.5, "nobody knows the tuning", ha="center", va="center", fontsize=9)
        return
    for number, (group, rows) in enumerate(known.groupby("group", sort=True)):
        axes.plot(
            rows["tuning"], 1000 * rows["importance"], style.MARKERS[number], color=style.PALETTE[number], alpha=0.6, label=str(group)
        )
    axes.axhline(0, color=style.GREYS[1], linewidth=0.8)
    axes.set_xlabel("tuning: SD of the log rate over the cycle")
    axes.set_ylabel("rise of log loss [mnat]")
    layout.title(axes, f"r = {part['correlation'].iloc[0]:.2f}")
