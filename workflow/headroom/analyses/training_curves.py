"""Training: loss on training and validation examples over the optimiser steps, every seed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from headroom.analyses._rows import levels, tidy
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "task", "model", "seed", "epoch", "step", "train_loss", "valid_loss", "learning_rate", "gradient_norm"]
ACROSS = 4


@settings
class TrainingCurves:
    """A panel per model and system, a colour per noise level."""

    sources: ClassVar[tuple[str, ...]] = ("histories",)
    caption: ClassVar[str] = (
        "Mean squared error of the standardised target, or log loss of a label, while training: dashed on training, solid on validation "
        "examples, one line per seed, darker for more noise. Where a published protocol has no validation set, only the "
        "training loss is there. Losses that learn their own weights may fall below 0."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """The history of every fit that has epochs."""
        rows = sources["histories"]
        if "epoch" not in rows or rows["epoch"].notna().sum() == 0:
            return rows.reindex(columns=COLUMNS).head(0)
        return tidy(rows[rows["epoch"].notna()]).reindex(columns=COLUMNS).reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Lines over steps."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales

        if table.empty:
            return layout.said("No model of this study is trained in epochs.")
        parts = [part for _, part in table.groupby(["panel", "task", "model"], sort=False)]
        figure, axes = layout.panes(len(parts), height=2.3, across=ACROSS)
        for one, part in zip(axes, parts, strict=True):
            _draw_losses(one, part, levels(table["noise"]))
            place, task, model = part[["panel", "task", "model"]].iloc[0]
            words = dict.fromkeys([*place.split(", "), *([task] if table["task"].nunique() > 1 else []), model])
            seeds = part["seed"].nunique()
            layout.title(one, *words, f"n = {seeds} seed{'' if seeds == 1 else 's'}")
            if part[["train_loss", "valid_loss"]].min(axis=None) > 0:
                one.set_yscale("log")
                scales.decimal(one.yaxis)
            one.set_xlabel("optimiser step")
        axes[0].set_ylabel("loss")
        layout.legend(figure)
        return figure


def _draw_losses(axes: Any, part: DataFrame, noises: list[str]) -> None:
    from matplotlib import colormaps

    for (noise, _), rows in part.groupby(["noise", "seed"], sort=False, dropna=False):
        colour = colormaps["viridis_r"](0.3 + 0.65 * noises.index(noise) / max(1, len(noises) - 1))
        for column, dashes in (("train_loss", "--"), ("valid_loss", "-")):
            known = rows[rows[column].notna()].sort_values("step")
            label = f"noise {noise}, {'training' if column == 'train_loss' else 'validation'}"
            if len(known):
                axes.plot(known["step"], known[column], color=colour, linestyle=dashes, linewidth=0.9, label=label)
