"""Skill along the noise ladder, the figure to look at first: 0 is the floor, 1 the ceiling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses._rows import levels, nearest, ordered, own_noise
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "model", "role", "order", "skill", "low", "high", "linear", "ceiling_name", "gives", "runs", "seeds"]
ACROSS = 3


@settings
class SkillByNoise:
    """Small multiples by system; the whole scale above, the stretch up to the ceiling magnified below."""

    sources: ClassVar[tuple[str, ...]] = ("summary", "comparisons")
    caption: ClassVar[str] = (
        "Skill against noise at the shortest horizon. 0 is the best trivial predictor (floor), 1 the ceiling: a bound that no "
        "predictor can pass, or a reference that one may. Grey ticks: the best linear predictor. Each system has two halves: the "
        "whole scale above, the stretch up to the ceiling magnified below. Arrowheads at the lower edge: models that lie below "
        "that half's axis. Bars: 95 % intervals of the difference to the "
        "ceiling, paired by test run, in units of the distance from floor to ceiling, which is taken as given. Systems at one "
        "noise level only are left out where others have a ladder."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """Skill of every model with the paired interval of its distance to the ceiling."""
        rows = nearest(own_noise(sources["summary"]))
        keys = ["system", "sensor", "noise", "split", "task", "horizon", "model", "ceiling_name"]
        rivals = own_noise(sources["comparisons"].assign(skill=1.0), metric=rows["metric"].iloc[0] if len(rows) else None)
        rivals = rivals[rivals["against_role"].isin(["bound", "reference"])].rename(
            columns={"against": "ceiling_name", "against_role": "gives"}
        )
        paired = rows.merge(rivals[[*keys, "gives", "difference", "low", "high", "runs"]], on=keys, suffixes=("_own", ""))
        paired = paired[paired["skill"].notna()]
        span = (paired["ceiling"] - paired["floor"]).abs()
        ladder = paired.groupby("panel")["noise"].transform("nunique") > 1
        paired = paired[ladder] if ladder.any() else paired
        table = paired.assign(
            low=paired["skill"] + (paired["low"] - paired["difference"]) / span,
            high=paired["skill"] + (paired["high"] - paired["difference"]) / span,
            linear=(paired["linear"] - paired["floor"]) / (paired["ceiling"] - paired["floor"]),
        )
        return ordered(table, sources["summary"])[COLUMNS].reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Two rows of panels: floor to ceiling, and the last stretch."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales

        if table.empty:
            return layout.said("No skill to show: this study has no ceiling, or floor and ceiling lie too close together.")
        panels = list(table["panel"].unique())
        columns = min(ACROSS, len(panels))
        figure, axes = layout.grid(2 * -(-len(panels) // columns), columns, height=2.1)
        for number, name in enumerate(panels):
            whole, last = axes[number // columns * 2 :, number % columns][:2]
            part = table[table["panel"] == name]
            _draw_panel(whole, part)
            _draw_panel(last, part)
            _draw_limits(whole, last, part)
            _draw_arrowheads(whole, part)
            _draw_arrowheads(last, part)
            layout.title(whole, name, scales.counted(part))
            last.set_xlabel("noise level")
        for one in axes[::2, 0]:
            one.set_ylabel("skill: floor 0, ceiling 1")
        for one in axes[1::2, 0]:
            one.set_ylabel("skill, magnified")
        layout.hide(axes[-2:, (len(panels) - 1) % columns + 1 :].flat)
        figure.align_ylabels(axes)
        layout.legend(figure)
        return figure


def _draw_limits(whole: Any, last: Any, part: DataFrame) -> None:
    """The whole scale, cut at -1 where a model is far below the floor; the stretch of models above half of it with their intervals."""
    rows = part[part["role"] != "trivial"]
    skill, low = rows["skill"], rows["low"].fillna(rows["skill"])
    near = 1 - np.nanmin([low[skill > 0.5].min(), part["linear"].clip(lower=0.5).min(), 0.999])  # no model may be that near
    whole.set_ylim(max(min(-0.1, low.min() - 0.1), -1), max(1.08, skill.max() + 0.05))
    last.set_ylim(1 - 1.15 * near, max(1 + 0.15 * near, skill.max() + 0.1 * near))


def _draw_arrowheads(axes: Any, part: DataFrame) -> None:
    """Arrowheads at the lower edge for models that lie below it."""
    from headroom.analyses import _style as style

    place = {level: number for number, level in enumerate(levels(part["noise"]))}
    bottom = axes.get_ylim()[0]
    for number, rows in enumerate(models := style.by_model(part[part["role"] != "trivial"])):
        below = rows[rows["skill"] < bottom]
        marks = style.marks(rows) | {"marker": 7, "linestyle": "none", "label": None}
        axes.plot(below["noise"].map(place) + _drawn_shift(number, len(models)), [bottom] * len(below), **marks)


def _drawn_shift(number: int, models: int) -> float:
    """Where a model stands beside the tick of a noise level."""
    return 0.5 * ((number + 0.5) / models - 0.5)


def _draw_panel(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _scales as scales
    from headroom.analyses import _style as style

    place = {level: number for number, level in enumerate(levels(part["noise"]))}
    axes.set_xticks(list(place.values()), list(place), rotation=0 if len(place) < 8 else 60)
    axes.set_xlim(-0.5, len(place) - 0.5)
    axes.axhline(0, color=style.GREYS[0], linewidth=1, linestyle="--", label="floor (0)")
    for name, gives in part[["ceiling_name", "gives"]].drop_duplicates().itertuples(index=False):
        axes.axhline(1, color=style.INK, linewidth=1, linestyle="-" if gives == "bound" else ":", label=f"ceiling (1): {name}, {gives}")
    ticks = part.drop_duplicates("noise")
    axes.scatter(ticks["noise"].map(place), ticks["linear"], marker="_", s=500, color=style.GREYS[2], linewidth=2.5, label="best linear")
    models = style.by_model(part[part["role"] != "trivial"])
    for number, rows in enumerate(models):
        bars = scales.whiskers(rows["skill"], rows["low"], rows["high"])
        axes.errorbar(
            rows["noise"].map(place) + _drawn_shift(number, len(models)),
            rows["skill"],
            yerr=bars,
            **style.marks(rows) | {"linestyle": "none"},
        )
