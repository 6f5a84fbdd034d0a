"""How much a score owes to its split: every model under the published split and under a sound one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses import _paired as paired
from headroom.analyses._rows import LOSSES, primary
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["system", "task", "noise", "horizon", "model", "role", "metric", "sound_split", "split"]
COUNTS = ["sound", "other", "difference", "low", "high", "paired", "runs", "seeds"]
SOUND = "by_"
"""What the names of splits start with that keep whole trials, blocks, runs or sessions apart."""


@settings
class SplitInflation:
    """A panel per system and noise level."""

    sources: ClassVar[tuple[str, ...]] = ("scores", "summary")
    caption: ClassVar[str] = (
        "The same models under a sound split (filled) and under another one (open), joined by a line, at the shortest horizon. The number "
        "beside a model is the gain by the other split, with its 95 % t interval over test runs and seeds: what a score owes to its "
        "split. The test runs of two splits are not the same ones, so the interval is unpaired unless they happen to be."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """A row per model of every place that has a sound split and another."""
        import pandas

        metric = primary(sources["summary"])
        rows = paired.tested(sources["scores"], metric)
        rows = rows[rows["role"] != "ceiling"]
        rows = rows[rows["horizon"].isna() | (rows["horizon"] == rows.groupby("system")["horizon"].transform("min"))]
        found: list[dict[str, Any]] = []
        place = ["system", "sensor", "task", "noise", "horizon", "model"]
        for (system, _, task, noise, horizon, model), part in rows.groupby(place, dropna=False):
            splits = {str(split): paired.by_run(own) for split, own in part.groupby("split")}
            sound = next((name for name in sorted(splits, reverse=True) if name.startswith(SOUND)), None)
            for name in sorted(name for name in splits if not name.startswith(SOUND)) if sound else ():
                numbers = paired.difference(splits[name], splits[str(sound)])
                about = {"system": system, "task": task, "noise": noise, "horizon": horizon, "model": model, "role": part["role"].iloc[0]}
                about |= {"metric": metric, "sound_split": sound, "split": name}
                levels = {"sound": splits[str(sound)].to_numpy().mean(), "other": splits[name].to_numpy().mean()}
                found.append(about | levels | numbers)
        return pandas.DataFrame(found, columns=[*COLUMNS, *COUNTS])

    def draw(self, table: DataFrame) -> Figure:
        """A row per model, the best under the sound split on top."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said("This study has no model under both a sound split (one named by_...) and another one.")
        places = list(table[["system", "task", "noise", "split"]].drop_duplicates().itertuples(index=False))
        figure, axes = layout.panes(len(places), height=1.2 + 0.28 * table["model"].nunique(), across=2)
        for one, place in zip(axes, places, strict=True):
            same = np.logical_and.reduce([table[name] == value for name, value in zip(place._fields, place, strict=True)])
            _draw_pairs(one, table[same])
        layout.legend(figure)
        return figure


def _draw_pairs(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _scales as scales
    from headroom.analyses import _style as style

    metric, first = part["metric"].iloc[0], part.iloc[0]
    part = part.sort_values("sound", ascending=metric in LOSSES, kind="stable")
    height = np.arange(len(part))
    axes.hlines(height, part["sound"], part["other"], color=style.GREYS[1], linewidth=1.5)
    axes.plot(part["sound"], height, "o", color=style.PALETTE[0], label=f"{first['sound_split']} (sound)")
    axes.plot(part["other"], height, "o", color=style.PALETTE[1], markerfacecolor="white", label=str(first["split"]))
    right = part[["sound", "other"]].max(axis=1)
    for place, (row, edge) in enumerate(zip(part.itertuples(), right, strict=True)):
        words = f"{row.difference:+.3f}" + (f" [{row.low:.3f}, {row.high:.3f}]" if np.isfinite(row.low) else "")
        axes.annotate(words, (edge, place), (6, 0), textcoords="offset points", va="center", fontsize=7)
    low, high = min(part["sound"].min(), part["other"].min()), right.max()
    axes.set_xlim(low - 0.05 * (high - low) - 1e-6, high + 0.75 * (high - low) + 1e-6)
    axes.set_yticks(height, part["model"])
    axes.set_ylim(len(part) - 0.5, -0.5)
    axes.locator_params(axis="x", nbins=5)
    axes.set_xlabel(scales.named(metric, ""))
    layout.title(axes, str(first["system"]), str(first["task"]), f"noise {first['noise']}", scales.counted(part), share=0.7)
