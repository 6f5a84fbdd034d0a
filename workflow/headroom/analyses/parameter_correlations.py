"""Rank correlation of inferred and true parameters (Spearman 1904) beside Pearson's and R2: ranks forgive what an estimate must not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses._inferred import NOTHING, inferred, one_level
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

KEYS = ["panel", "noise", "model", "role", "order"]
COLUMNS = [*KEYS, "target", "spearman", "low", "high", "pearson", "r2", "recordings"]
FEWEST = 10
"""Recordings without which there is no interval."""


@settings
class ParameterCorrelations:
    """A panel for each system and task, a group of marks for each parameter."""

    sources: ClassVar[tuple[str, ...]] = ("predictions", "summary")
    caption: ClassVar[str] = (
        "Spearman's rank correlation of inferred and true parameters over the test recordings, first seed (filled, 95 % intervals), "
        "and Pearson's (open), at one noise level. Neither sees a wrong scale or offset, and a correlation of .3 leaves "
        "91 % of the variance unexplained: R2 stands in the table. Constant answers have no correlation."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """A row for each panel, noise level, model and parameter."""
        import pandas

        rows = inferred(sources)
        parts = [_correlated(part) for _, part in rows.groupby([*KEYS, "channel"], sort=False)]
        return pandas.DataFrame(parts, columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """Marks side by side at each parameter."""
        from headroom.analyses import _layout as layout

        shown = table[table["spearman"].notna()]
        if shown.empty:
            return layout.said(NOTHING)
        parts = [part for _, part in one_level(shown).groupby("panel", sort=False)]
        figure, axes = layout.panes(len(parts), height=2.6, across=1)
        for one, part in zip(axes, parts, strict=True):
            _draw(one, part)
        layout.legend(figure)
        return figure


def _correlated(part: DataFrame) -> dict[str, Any]:
    """Of one model and parameter; null where truth or answers are constant."""
    truth, found = part["truth"].to_numpy(float), part["prediction"].to_numpy(float)
    first = {name: part[name].iloc[0] for name in KEYS} | {"target": part["channel"].iloc[0], "recordings": len(part)}
    if not np.ptp(truth) or np.ptp(found) <= 1e-9 * np.ptp(truth):
        return first | dict.fromkeys(("spearman", "low", "high", "pearson"), np.nan) | {"r2": _r2(truth, found)}
    ranks = _pearson(_ranks(truth), _ranks(found))
    low, high = _interval(ranks, len(part))
    return first | {"spearman": ranks, "low": low, "high": high, "pearson": _pearson(truth, found), "r2": _r2(truth, found)}


def _ranks(values: np.ndarray) -> np.ndarray:
    from scipy.stats import rankdata

    return np.asarray(rankdata(values))


def _pearson(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(one, other)[0, 1])


def _r2(truth: np.ndarray, found: np.ndarray) -> float:
    return float(1 - ((found - truth) ** 2).mean() / truth.var()) if truth.var() else np.nan


def _interval(ranks: float, count: int) -> tuple[float, float]:
    """95 %, on Fisher's scale with the standard error of Bonett and Wright (2000)."""
    if count < FEWEST or abs(ranks) >= 1 - 1e-12:
        return np.nan, np.nan
    middle, reach = np.arctanh(ranks), 1.96 * np.sqrt((1 + ranks**2 / 2) / (count - 3))
    return float(np.tanh(middle - reach)), float(np.tanh(middle + reach))


def _draw(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _scales as scales
    from headroom.analyses import _style as style

    targets = list(part["target"].unique())
    models = style.by_model(part)
    for number, rows in enumerate(models):
        at = rows["target"].map(targets.index).to_numpy() + 0.8 * ((number + 0.5) / len(models) - 0.5)
        look = style.marks(rows) | {"linestyle": "none", "markersize": 3.5}
        axes.errorbar(at, rows["spearman"], yerr=scales.whiskers(rows["spearman"], rows["low"], rows["high"]), **look | {"linewidth": 0.8})
        axes.plot(at, rows["pearson"], **look | {"markerfacecolor": "white", "label": None, "markersize": 2.5})
    axes.axhline(0, color=style.INK, linewidth=0.8)
    axes.set_xticks(range(len(targets)), targets)
    axes.set_ylabel("correlation")
    layout.title(axes, str(part["panel"].iloc[0]), f"noise {part['noise'].iloc[0]}", f"n = {int(part['recordings'].max())}")
