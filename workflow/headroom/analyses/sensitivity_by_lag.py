"""Interpretability: how far back a model looks, as the mean absolute derivative of its prediction by each input."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from headroom.analyses._rows import explained
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "model", "role", "order", "lag", "value", "low", "high", "targets"]
LEAST = 1e-4
"""Sensitivities below this share of the greatest are off the axis."""


@settings
class SensitivityByLag:
    """A panel per system."""

    sources: ClassVar[tuple[str, ...]] = ("sensitivities", "summary")
    caption: ClassVar[str] = (
        "How much the forecast at the shortest horizon depends on inputs of each age (0: the newest sample): |d prediction / d "
        "input|, mean over test examples, summed over input channels; line: mean over targets, band: least and greatest target. "
        "First seed. A linear predictor has the same sensitivity everywhere; a network's is local, and says what it uses, not "
        "what causes what."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """The sensitivity by lag [s], with its range over targets."""
        if sources["sensitivities"].empty:
            return sources["sensitivities"].reindex(columns=COLUMNS)
        rows = explained(sources)
        names = ["panel", "noise", "model", "role", "order", "lag"]
        each = rows.groupby([*names, "target"], sort=False)["value"].sum().reset_index()
        spread = each.groupby(names, sort=False)["value"].agg(value="mean", low="min", high="max", targets="count")
        return spread.reset_index()[COLUMNS]

    def draw(self, table: DataFrame) -> Figure:
        """Lines with bands over a logarithmic axis."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales
        from headroom.analyses import _style as style

        shown = table[table["value"] > 0]
        if shown.empty:
            return layout.said("No model of this study can say what its predictions rest on.")
        panels = list(shown["panel"].unique())
        figure, axes = layout.panes(len(panels), height=2.8)
        for one, name in zip(axes, panels, strict=True):
            part = shown[shown["panel"] == name].sort_values("lag")
            for rows in style.by_model(part):
                marks = style.marks(rows)
                one.plot(rows["lag"], rows["value"], **marks | {"markersize": 3})
                one.fill_between(
                    rows["lag"], rows["low"].clip(lower=1e-3 * rows["value"]), rows["high"], color=marks["color"], alpha=0.15, linewidth=0
                )
            one.set_yscale("log")
            one.set_ylim(part["high"].max() * LEAST, part["high"].max() * 2)
            scales.decimal(one.yaxis)
            layout.title(one, name, f"noise {part['noise'].iloc[0]}", f"n = {part['targets'].iloc[0]} targets")
            one.set_xlabel("age of the input [s]")
        axes[0].set_ylabel("sensitivity [output / input]")
        layout.legend(figure)
        return figure
