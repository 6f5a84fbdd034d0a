"""How complicated a trajectory is, for true states, observations, reconstructions and codes, beside surrogates without its dynamics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses._latent_correlation_dimension import correlation_dimension
from headroom.analyses._latent_divergence import divergence_rate
from headroom.analyses._latent_participation import participation_ratio
from headroom.analyses._latent_recurrence import determinism
from headroom.analyses._latent_series import mean_period, surrogate
from headroom.analyses._latent_sources import NOTHING, Trajectory, trajectories
from headroom.core.randomness import stream
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

SURROGATES = 19
MEASURES = {
    "participation ratio": "",
    "correlation dimension": "",
    "divergence rate": " [1/s]",
    "determinism": "",
}
"""What is measured, and its unit."""
COLUMNS = ["panel", "noise", "what", "label", "measure", "value", "surrogate", "low", "high", "points"]


@settings
class LatentMeasures:
    """A row for each place, a column for each measure."""

    sources: ClassVar[tuple[str, ...]] = ("predictions", "summary", "explanations")
    caption: ClassVar[str] = (
        "The first test trial's excerpt (n = 1, first seed), channels standardised. Bars: participation ratio, the number of directions "
        "that hold the variance; correlation dimension; rate at which nearest neighbours part within half a mean period (Rosenstein); "
        "share of recurrences that go on alike (determinism). Pairs within a mean period of each other are left out. Grey: mean and range "
        f"of {SURROGATES} surrogates with the same spectra and correlations, phases random: a bar inside their range says nothing of the "
        "dynamics, and on so few points only large differences count. The participation ratio follows from correlations alone and has no "
        "surrogates. Neither parting neighbours nor recurrences prove chaos; for exponents from the equations see lyapunov_exponents. "
        "One observed channel, or a code of one unit, can only trace a curve."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """A row for each trajectory and measure, its surrogates' mean, lowest and highest beside."""
        from pandas import DataFrame

        return DataFrame([row for one in trajectories(sources) for row in _rows(one)], columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """Bars side by side with surrogates behind."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said(NOTHING)
        panels = list(table["panel"].unique())
        most = table.groupby("panel")["label"].nunique().max()
        figure, axes = layout.grid(len(panels), len(MEASURES), height=0.7 + 0.2 * most)
        for row, name in zip(axes, panels, strict=True):
            part = table[table["panel"] == name]
            for one, measure in zip(row, MEASURES, strict=True):
                _draw_bars(one, part[part["measure"] == measure])
                one.set_xlabel(measure + MEASURES[measure])
            layout.title(row[0], name, f"noise {part['noise'].iloc[0]}", f"n = {part['points'].iloc[0]} points")
        layout.legend(figure)
        return figure


def _rows(one: Trajectory) -> Iterator[dict[str, Any]]:
    rng = stream(0, "surrogates", one.panel, one.noise, one.label)
    values, others = _measured(one.values, one.dt), [_measured(surrogate(one.values, rng), one.dt) for _ in range(SURROGATES)]
    known = {"panel": one.panel, "noise": one.noise, "what": one.what, "label": one.label, "points": len(one.values)}
    for measure, value in values.items():
        chance = np.array([other[measure] for other in others])
        spread = chance[np.isfinite(chance)] if measure != "participation ratio" else chance[:0]
        limits = (spread.mean(), spread.min(), spread.max()) if len(spread) else (np.nan,) * 3
        yield known | {"measure": measure, "value": value} | dict(zip(("surrogate", "low", "high"), limits, strict=True))


def _measured(series: np.ndarray, dt: float) -> dict[str, float]:
    """Every measure of series (time, channel)."""
    period = max(1, round(mean_period(series)))
    rate = divergence_rate(series, dt, period, max(2, period // 2))
    found = participation_ratio(series), correlation_dimension(series, period), rate, determinism(series, period)
    return dict(zip(MEASURES, found, strict=True))


def _draw_bars(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _style as style

    place = np.arange(len(part))
    axes.barh(place, part["value"], height=0.5, color=style.PALETTE[0], label="trajectory")
    bars = np.stack([part["surrogate"] - part["low"], part["high"] - part["surrogate"]])
    marks = {"color": style.GREYS[0], "marker": "|", "markersize": 9, "linestyle": "none", "capsize": 2, "label": "surrogates"}
    axes.errorbar(part["surrogate"], place + 0.36, xerr=bars, **marks)
    axes.set_yticks(place, list(part["label"]) if layout.starts_row(axes) else [""] * len(place), fontsize=7)
    axes.set_ylim(len(place) - 0.4, -0.6)
