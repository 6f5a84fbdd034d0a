"""How well each state is reconstructed, by sensor and model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from headroom.analyses._rows import middle, with_runs
from headroom.analyses._states import KEYS, NOTHING, best, labels, scored
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

MOST = 6
"""Models of a role in a panel."""
HATCHES = ("", "///", "...", "xxx", "---", "\\\\\\", "ooo", "|||", "+++")
"""Of ceilings, the first plain black."""


@settings
class StateScores:
    """A panel for each place, a group of bars for each state."""

    sources: ClassVar[tuple[str, ...]] = ("summary", "comparisons", "predictions")
    caption: ClassVar[str] = (
        "Correlation of each reconstructed state with the true one, with its sign, at one noise level. States that the sensor does "
        f"not show are called hidden. At most {MOST} models of a kind, the best on hidden states; black or hatched: ceilings, references "
        "that see the same observation. Lines at the bars' ends: 95 % intervals over test runs and seeds. An observed state at 1 says "
        "little: it only has to be copied and freed of noise."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """One row for each state and model, at the middle noise level of each place."""
        rows = best(middle(scored(sources)), MOST)
        return with_runs(rows, sources["comparisons"])[[*KEYS, "runs"]].reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Bars side by side at each state."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales

        shown = table[table["mean"].notna()]
        if shown.empty:
            return layout.said(NOTHING)
        parts = [part for _, part in shown.groupby("panel", sort=False)]
        figure, axes = layout.panes(len(parts), height=2.4, across=1)
        for one, part in zip(axes, parts, strict=True):
            _draw_states(one, part)
            layout.title(one, str(part["panel"].iloc[0]), f"noise {part['noise'].iloc[0]}", scales.counted(part))
            one.set_ylabel(scales.named(part["metric"].iloc[0], ""))
        layout.legend(figure)
        return figure


def _draw_states(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _scales as scales
    from headroom.analyses import _style as style

    named = labels(part)
    place = {target: number for number, target in enumerate(named)}
    models = style.by_model(part)
    width = 0.85 / len(models)
    for number, rows in enumerate(models):
        look = style.marks(rows)
        at = rows["target"].map(place) + width * (number + 0.5) - 0.425
        bars = scales.whiskers(rows["mean"], rows["low"], rows["high"])
        fill = _draw_fill(str(rows["role"].iloc[0]), int(rows["order"].iloc[0]), look["color"])
        axes.bar(at, rows["mean"], width, **fill, linewidth=0.3, label=look["label"])
        axes.errorbar(at, rows["mean"], yerr=bars, linestyle="none", color=style.GREYS[2], elinewidth=0.8)
    axes.axhline(0, color=style.INK, linewidth=0.8)
    axes.set_xticks(range(len(named)), list(named.values()))
    axes.set_ylim(min(0.0, part["mean"].min() - 0.05, part["low"].min() - 0.05), max(1.05, part["mean"].max()))


def _draw_fill(role: str, order: int, colour: str) -> dict[str, str]:
    """What fills a bar: ceilings are told apart by their hatch."""
    from headroom.analyses import _style as style

    if role != "ceiling":
        return {"color": colour, "hatch": "" if order < len(style.PALETTE) else "///", "edgecolor": "white"}
    hatch = HATCHES[order % len(HATCHES)]
    return {"color": colour if not hatch else "white", "hatch": hatch, "edgecolor": style.INK}
