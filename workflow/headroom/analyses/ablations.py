"""What each part of a model contributes: the model trained again without it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from headroom.analyses import _paired as paired
from headroom.analyses._rows import LOSSES, panel, primary
from headroom.analyses._variants import variants
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "full", "variant", "metric", "difference", "low", "high", "runs", "seeds", "full_score"]


@settings
class Ablations:
    """A panel per system."""

    sources: ClassVar[tuple[str, ...]] = ("scores", "summary")
    caption: ClassVar[str] = (
        "Every variant of a model, trained again with the same budget, against the model itself: score of the variant minus that of the "
        "full model, so that left of the line the variant is worse. A variant is a model whose name starts with another's: `lstm_residual` "
        "is one of `lstm`. Bars: 95 % t intervals, paired over test runs, with the spread over either one's seeds added. A dot on the line "
        "says that the part in question contributes nothing that can be seen here."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """Differences at the shortest horizon, for every place where both were trained; losses turned so that more is better."""
        import pandas

        metric = primary(sources["summary"])
        rows = paired.tested(sources["scores"], metric)
        rows = rows.assign(panel=panel(rows)) if len(rows) else rows.assign(panel="")
        rows = rows[rows["horizon"].isna() | (rows["horizon"] == rows.groupby("panel")["horizon"].transform("min"))]
        sign = -1 if metric in LOSSES else 1
        found = []
        for (name, noise), part in rows[rows["role"] != "ceiling"].groupby(["panel", "noise"], sort=False):
            scores = {str(model): sign * paired.by_run(own) for model, own in part.groupby("model", sort=True)}
            for variant, full in variants(list(scores)):
                if len(scores[variant]) and len(scores[full]):
                    about = {"panel": name, "noise": noise, "full": full, "variant": variant, "metric": metric}
                    numbers = paired.difference(scores[variant], scores[full])
                    found.append(about | numbers | {"full_score": sign * float(np.mean(scores[full].to_numpy()))})
        return pandas.DataFrame(found, columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """Dots with intervals, a row for each variant."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales
        from headroom.analyses import _style as style

        if table.empty:
            return layout.said("No model of this study is a variant of another: none has a name that starts with another's.")
        panels = list(table["panel"].unique())
        lines = list(dict.fromkeys(zip(table["full"], table["variant"], strict=True)))
        figure, axes = layout.panes(len(panels), height=1.0 + 0.3 * len(lines), across=2)
        levels = list(dict.fromkeys(table["noise"]))
        for one, name in zip(axes, panels, strict=True):
            part = table[table["panel"] == name]
            one.axvline(0, color=style.GREYS[0], linewidth=1)
            for number, (level, rows) in enumerate(part.groupby("noise", sort=False)):
                height = np.array([lines.index(pair) for pair in zip(rows["full"], rows["variant"], strict=True)])
                shift = 0.6 * ((number + 0.5) / part["noise"].nunique() - 0.5)
                marks = style.look("model", levels.index(level)) | {"linestyle": "none", "label": f"noise {level}"}
                bars = scales.whiskers(rows["difference"], rows["low"], rows["high"])
                one.errorbar(rows["difference"], height + shift, xerr=bars, **marks)
            one.set_yticks(range(len(lines)), [f"{variant.removeprefix(full + '_')} (of {full})" for full, variant in lines])
            one.set_ylim(len(lines) - 0.5, -0.5)
            one.margins(x=0.1)
            one.locator_params(axis="x", nbins=5)
            layout.title(one, name, scales.counted(part), share=0.7)
            one.set_xlabel(f"{scales.named(part['metric'].iloc[0], '')} of variant - full model")
        layout.legend(figure)
        return figure
