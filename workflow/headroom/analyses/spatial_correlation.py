"""Whether neighbours in the order of channels have more in common than others: correlations against distance, beside shuffled orders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses._rows import excerpts
from headroom.core.randomness import stream
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "what", "model", "role", "order", "distance", "correlation", "low", "high", "p", "samples", "channels"]
SIGNAL, ERRORS = "signal", "errors"
NAMES = {SIGNAL: "observed", ERRORS: "errors"}
FURTHEST = 20
"""Largest distance [channels]."""
NEAR = 3
"""Distances that p is about: what convolutions over 3 and then 5 channels, as published, reach [channels]."""
FEWEST = 4
"""Channels below which an order says nothing."""
SHUFFLES = 500
MODELS = 20


@settings
class SpatialCorrelation:
    """A row per system: what was observed, and the errors of every model."""

    sources: ClassVar[tuple[str, ...]] = ("predictions", "summary")
    caption: ClassVar[str] = (
        "Correlation between two channels against their distance in the order in which the recording has them, mean over all pairs at that "
        "distance: a convolution over this order can only use what stands out here. Left: what was observed; right: errors (observed - "
        "predicted) of every model at the shortest horizon; first test trial, first seed. Grey: where 95 % of the values lie with the "
        f"channels in {SHUFFLES} random orders (right: the widest of the models' bands); one value in twenty lies outside by chance. p: "
        f"share of these orders that depart as far from their mean, in SDs, at any of the distances 1 to {NEAR}, which is as far as "
        "convolutions over 3 and then 5 channels reach; it is below .05 in one case of twenty by chance."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """Mean correlations at every distance [channels], with the band of shuffled orders; empty for fewer than 4 channels."""
        import pandas

        rows = excerpts(sources, learned=MODELS)
        parts = [part for _, rows in rows.groupby("panel", sort=False) for part in _of_panel(rows)]
        return (pandas.concat(parts, ignore_index=True) if parts else pandas.DataFrame()).reindex(columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """Lines over the distance, with the band."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said(f"No signals of {FEWEST} or more channels whose order could matter in this study.")
        panels = list(table["panel"].unique())
        figure, axes = layout.grid(len(panels), 2, height=2.6)
        for row, name in zip(axes, panels, strict=True):
            for one, what in zip(row, (SIGNAL, ERRORS), strict=True):
                part = table[(table["panel"] == name) & (table["what"] == what)]
                _draw_lines(one, part)
                counts = f"n = {int(part['samples'].iloc[0])} samples x {int(part['channels'].iloc[0])} channels"
                models, least = part["model"].nunique(), part["p"].min()
                words = [counts, f"p = {least:.2g}"] if what == SIGNAL else [f"smallest p of {models} models {least:.2g}"]
                layout.title(one, name, f"noise {part['noise'].iloc[0]}", NAMES[what], *words)
            row[0].set_ylabel("correlation")
        for one in axes[-1]:
            one.set_xlabel("distance in the order of channels")
        layout.legend(figure)
        return figure


def profile(correlation: np.ndarray) -> np.ndarray:
    """Mean correlation (distance,) of the pairs at distances 1, 2, ... from a matrix (channel, channel)."""
    furthest = min(FURTHEST, len(correlation) - 1)
    return np.array([np.diagonal(correlation, distance).mean() for distance in range(1, furthest + 1)])


def shuffled(correlation: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The same (shuffle, distance) with the channels in random orders."""
    orders = (rng.permutation(len(correlation)) for _ in range(SHUFFLES))
    return np.array([profile(correlation[np.ix_(order, order)]) for order in orders])


def chance(found: np.ndarray, others: np.ndarray) -> float:
    """Share of the shuffled profiles (shuffle, distance), the found one counted in, as far from their mean at any near distance."""
    middle, spread = others.mean(axis=0), np.maximum(others.std(axis=0), 1e-12)
    furthest = np.abs((others - middle) / spread)[:, :NEAR].max(axis=1)
    return float((1 + np.sum(furthest >= np.abs((found - middle) / spread)[:NEAR].max())) / (1 + len(others)))


def _of_panel(rows: DataFrame) -> Iterator[DataFrame]:
    channels = rows["channel"].unique()
    if len(channels) < FEWEST:
        return
    first = rows[rows["model"] == rows["model"].iloc[0]]
    about = {"panel": rows["panel"].iloc[0], "noise": rows["noise"].iloc[0]}
    yield _profiles(first, first["truth"], channels).assign(**about, what=SIGNAL, model="observed", role="ceiling", order=0)
    for (role, order, model), part in rows.groupby(["role", "order", "model"], sort=False):
        found = _profiles(part, part["truth"] - part["prediction"], channels)
        yield found.assign(**about, what=ERRORS, model=model, role=role, order=order)


def _profiles(rows: DataFrame, values: Any, channels: np.ndarray) -> DataFrame:
    from pandas import DataFrame

    table = rows.assign(value=values).pivot_table(index="time", columns="channel", values="value")[channels].dropna()
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = np.nan_to_num(np.corrcoef(table.to_numpy(float), rowvar=False))
    found, others = profile(correlation), shuffled(correlation, stream(0, "spatial_correlation"))
    low, high = np.quantile(others, (0.025, 0.975), axis=0)
    numbers = {"distance": np.arange(1, len(found) + 1), "correlation": found, "low": low, "high": high}
    return DataFrame(numbers).assign(p=chance(found, others), samples=len(table), channels=len(channels))


def _draw_lines(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _style as style

    band = part.groupby("distance").agg(low=("low", "min"), high=("high", "max"))
    axes.fill_between(band.index, band["low"], band["high"], color="#DDDDDD", linewidth=0, label="95 % of shuffled orders")
    axes.axhline(0, color=style.INK, linewidth=0.6)
    for rows in style.by_model(part):
        axes.plot(rows["distance"], rows["correlation"], **style.marks(rows) | {"markersize": 3, "linewidth": 1})
    furthest = int(part["distance"].max())
    axes.set_xticks(range(1, furthest + 1, 1 + furthest // 10))
