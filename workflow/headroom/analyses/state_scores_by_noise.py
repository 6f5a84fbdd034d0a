"""How well each state is reconstructed against the noise of what is observed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from headroom.analyses._rows import levels, with_runs
from headroom.analyses._states import HIDDEN, KEYS, NOTHING, best, scored
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

MOST = 3
"""Models of a role in a panel."""


@settings
class StateScoresByNoise:
    """A column for each place, a row for each state."""

    sources: ClassVar[tuple[str, ...]] = ("summary", "comparisons", "predictions")
    caption: ClassVar[str] = (
        "Correlation of each reconstructed state with the true one, with its sign, against the level of the measurement noise. Models "
        f"are trained and tested at the same level; at most {MOST} of a kind, the best on hidden states over all levels. Black: "
        "ceilings, references that see the same observation. Bars: 95 % intervals over test runs and seeds."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """One row for each state, model and level: of models and places with several levels, where there are some."""
        every = scored(sources)
        climbed = every.groupby(["panel", "model"])["noise"].transform("nunique") > 1
        rows = best(every[climbed] if climbed.any() else every, MOST)
        return with_runs(rows, sources["comparisons"])[[*KEYS, "runs"]].reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Lines over the noise levels."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales

        shown = table[table["mean"].notna()]
        if shown.empty:
            return layout.said(NOTHING)
        panels = [part for _, part in shown.groupby("panel", sort=False)]
        rows = max(part["target"].nunique() for part in panels)
        figure, axes = layout.grid(rows, len(panels), height=1.45)
        for column, part in zip(axes.T, panels, strict=True):
            states = [state for _, state in part.groupby("target", sort=False)]
            for one, state in zip(column, states, strict=False):
                _draw_state(one, state)
            layout.title(column[0], str(part["panel"].iloc[0]), scales.counted(part))
            column[len(states) - 1].set_xlabel("noise level")
            layout.hide(column[len(states) :])
        layout.legend(figure)
        return figure


def _draw_state(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _scales as scales
    from headroom.analyses import _style as style

    place = {level: number for number, level in enumerate(levels(part["noise"]))}
    models = style.by_model(part)
    for number, rows in enumerate(models):
        rows = rows.iloc[rows["noise"].map(place).argsort()]
        at = rows["noise"].map(place) + 0.25 * ((number + 0.5) / len(models) - 0.5)
        bars = scales.whiskers(rows["mean"], rows["low"], rows["high"])
        axes.errorbar(at, rows["mean"], yerr=bars, **style.marks(rows) | {"linewidth": 0.8})
    axes.set_xticks(list(place.values()), list(place))
    axes.set_xlim(-0.5, len(place) - 0.5)
    first = part.iloc[0]
    axes.set_ylabel(f"{scales.named(first['metric'], '')} of {first['target']}{', hidden' if first['shown'] == HIDDEN else ''}", fontsize=7)
