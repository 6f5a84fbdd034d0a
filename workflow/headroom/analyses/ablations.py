"""What each part of a model contributes: the model trained again without it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses import _paired as paired
from headroom.analyses._rows import LOSSES, panel, primary
from headroom.analyses._variants import variants
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "full", "variant", "metric", "difference", "low", "high", "runs", "seeds", "full_score", "verdict"]
REACH = 3.0
"""A panel shows this many times the median interval's far end; what lies beyond is written as a number at its edge."""


@settings
class Ablations:
    """A panel for every model that has variants, and place."""

    sources: ClassVar[tuple[str, ...]] = ("scores", "summary")
    caption: ClassVar[str] = (
        "Every variant of a model, trained again with the same budget, against the model itself: score of the variant minus that of the "
        "full model, so that left of the line the variant is worse. A variant is a model whose name starts with another's: `lstm_residual` "
        "is one of `lstm`. Bars: 95 % t intervals, paired over test runs, with the spread over either one's seeds added. Beside each name "
        "stands the verdict: worse or better where the interval leaves out 0, else no difference, and the part in question contributes "
        "nothing that can be seen here. Numbers at the edge lie outside the panel."
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
                    verdict = _verdict(numbers["low"], numbers["high"])
                    found.append(about | numbers | {"full_score": sign * float(np.mean(scores[full].to_numpy())), "verdict": verdict})
        return pandas.DataFrame(found, columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """Dots with intervals, a row for each variant."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said("No model of this study is a variant of another: none has a name that starts with another's.")
        groups = [part for _, part in table.groupby(["panel", "full"], sort=False)]
        levels = list(dict.fromkeys(table["noise"]))
        most = max(part["variant"].nunique() for part in groups)
        figure, axes = layout.panes(len(groups), height=1.1 + 0.25 * most * max(1.0, 0.5 * len(levels)), across=2)
        for one, part in zip(axes, groups, strict=True):
            _draw(one, part, levels)
        layout.legend(figure)
        return figure


def _verdict(low: float, high: float) -> str:
    """Of a variant whose score less the full model's has this interval; none where there is no interval."""
    if not np.isfinite([low, high]).all():
        return ""
    return "worse" if high < 0 else "better" if low > 0 else "no difference"


def _draw(axes: Any, part: DataFrame, levels: list[str]) -> None:
    """A row for each variant, a mark in it for each noise level."""
    from headroom.analyses import _layout as layout
    from headroom.analyses import _scales as scales
    from headroom.analyses import _style as style

    names, full = list(part["variant"].unique()), str(part["full"].iloc[0])
    reach = _reach(part)
    axes.axvline(0, color=style.GREYS[0], linewidth=1)
    for number, (level, rows) in enumerate(part.groupby("noise", sort=False)):
        heights = np.array([names.index(name) for name in rows["variant"]]) + 0.6 * ((number + 0.5) / part["noise"].nunique() - 0.5)
        look = style.look("model", levels.index(level)) | {"linestyle": "none"}
        axes.errorbar([], [], xerr=[], **look, label=f"noise {level}")
        for height, row in zip(heights, rows.itertuples(), strict=True):
            if abs(row.difference) > reach:
                _beyond(axes, row.difference, height, reach, look["color"])
            else:
                whiskers = scales.whiskers(*(np.array([value]) for value in (row.difference, row.low, row.high)))
                axes.errorbar([row.difference], [height], xerr=whiskers, **look)
    verdicts = [", ".join(dict.fromkeys(part.loc[part["variant"] == name, "verdict"])) for name in names]
    labels = [f"{name.removeprefix(full + '_')}: {verdict}".removesuffix(": ") for name, verdict in zip(names, verdicts, strict=True)]
    axes.set_yticks(range(len(names)), labels)
    axes.set_ylim(len(names) - 0.5, -0.5)
    inside = part[part["difference"].abs() <= reach][["low", "high"]].abs().max(axis=None)
    axes.set_xlim(np.array([-1.15, 1.15]) * np.nanmax([reach, inside]))
    axes.locator_params(axis="x", nbins=5)
    layout.title(axes, str(part["panel"].iloc[0]), f"variants of {full}", scales.counted(part), share=0.7)
    axes.set_xlabel(f"{scales.named(part['metric'].iloc[0], '')} of variant - {full}")


def _reach(part: DataFrame) -> float:
    """Half the width of a panel, in the score's unit."""
    ends = part[["difference", "low", "high"]].abs().max(axis=1)
    return float(min(ends.max(), REACH * ends.median())) or 1.0


def _beyond(axes: Any, value: float, height: float, reach: float, colour: str) -> None:
    """The number of a difference outside the panel, and an arrow towards it."""
    side = np.sign(value)
    axes.annotate("", (1.12 * side * reach, height), (0.9 * side * reach, height), arrowprops={"arrowstyle": "->", "color": colour})
    axes.text(0.86 * side * reach, height, f"{value:+.3f}", ha="left" if side < 0 else "right", va="center", fontsize=8)
