"""Inferred against true parameters, recording by recording: a high correlation can hide a scale, an offset or a constant answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from headroom.analyses._inferred import NOTHING, inferred, one_level, r2
from headroom.analyses._rows import chosen
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "model", "role", "order", "target", "trial", "truth", "prediction", "r2"]
MOST = 300
"""Recordings in a panel."""
ACROSS = 8


@settings
class InferredParameters:
    """A row for each model, a column for each parameter."""

    sources: ClassVar[tuple[str, ...]] = ("predictions", "summary")
    caption: ClassVar[str] = (
        f"Inferred against true parameters of the test recordings (at most {MOST} shown, first seed), with the identity line. Rows: the "
        "best linear model, the two best models and the references that see the same observation, at one noise level. R2 is of all test "
        "recordings; predictions that shrink to the mean are right where a recording says little."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """A row for each recording and parameter of each chosen model."""
        import pandas

        rows = inferred(sources)
        if rows.empty:
            return pandas.DataFrame(columns=COLUMNS)
        wanted = chosen(sources["summary"], anchors=True)
        keys = ["panel", "noise", "model"]
        rows = rows.merge(wanted.loc[wanted["role"] != "trivial", keys].drop_duplicates(), on=keys)
        rows = one_level(rows[(rows["role"] != "ceiling") | (rows["draws"] > 0)])
        rows = rows.merge(r2(rows)).rename(columns={"channel": "target"})
        order = rows.groupby(keys, sort=False)["trial"].transform(lambda trial: trial.rank(method="dense"))
        return rows[order <= MOST][COLUMNS].reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Dots about the identity."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _style as style

        if table.empty:
            return layout.said(NOTHING)
        groups = table.groupby(["panel", "model"], sort=False)["role"].first().reset_index()
        groups = groups.sort_values("role", key=lambda role: role.map(style.LEGEND.index), kind="stable")
        columns = min(ACROSS, table["target"].nunique())
        figure, axes = layout.grid(len(groups), columns, height=1.35)
        for row, (panel, model) in zip(axes, groups[["panel", "model"]].to_numpy(), strict=True):
            part = table[(table["panel"] == panel) & (table["model"] == model)]
            targets = [one for _, one in part.groupby("target", sort=False)][:columns]
            for one, dots in zip(row, targets, strict=False):
                _draw(one, dots)
            layout.hide(row[len(targets) :])
            row[0].set_ylabel(f"{model}\ninferred", fontsize=7.5)
        for one in axes[-1]:
            one.set_xlabel("true", fontsize=7.5)
        return figure


def _draw(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _style as style

    first = part.iloc[0]
    axes.plot(part["truth"], part["prediction"], ".", color=style.look(first["role"], first["order"])["color"], markersize=2, alpha=0.5)
    ends = (part["truth"].min(), part["truth"].max())
    axes.plot(ends, ends, color=style.INK, linewidth=0.8, linestyle="--")
    axes.tick_params(labelsize=6.5)
    axes.set_title(f"{first['target']}\nR2 {first['r2']:.2f}", fontsize=7.5)
