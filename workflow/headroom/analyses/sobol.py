"""Which parameters move an evoked response, alone and together with others, over their whole prior (Saltelli et al. 2010)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses._responses import NOTHING, able, times
from headroom.core.prior import Prior
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

SAMPLES = 4096
"""Points in each of the two samples, a power of 2; the system is asked for as many times the parameters and two."""
EVERY = 8
"""Samples of the response from one that enters the index of the whole response to the next."""
FEATURES = {"highest": "mV", "lowest": "mV", "latency of the largest": "s", "mean size": "mV"}
WHOLE = "whole response"
COLUMNS = ["system", "output", "parameter", "order", "index", "low", "high", "samples", "repeating"]
ORDERS = ("first", "total")


@settings
class Sobol:
    """A panel for each feature of the response, two bars for each parameter."""

    caption: ClassVar[str] = (
        f"Sobol indices of the noise-free response, from {SAMPLES:,} points of the prior, with 95 % bootstrap intervals. First order: the "
        "share of a feature's variance that a parameter explains alone; total: with all its interactions. Largest: furthest from the "
        "baseline. Whole response: variances summed over time. All draws of the prior count, also those that oscillate by themselves and "
        "that recordings leave out. An index near 0 says that a parameter cannot be told; a high one does not say that it can, since "
        "parameters may imitate each other (sloppy_directions)."
    )

    def compute_systems(self, simulators: Mapping[str, Any], rng: np.random.Generator) -> DataFrame:
        """A row for each output, parameter and order; systems without a response are left out."""
        import pandas

        parts = [_rows(simulator, rng).assign(system=name) for name, simulator in able(simulators).items()]
        return (pandas.concat(parts, ignore_index=True) if parts else pandas.DataFrame()).reindex(columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """Bars with whiskers."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said(NOTHING)
        parts = [part for _, part in table.groupby(["system", "output"], sort=False)]
        figure, axes = layout.panes(len(parts), height=2.3, across=3)
        for one, part in zip(axes, parts, strict=True):
            _draw(one, part)
        layout.legend(figure)
        return figure


def _rows(simulator: Any, rng: np.random.Generator) -> DataFrame:
    from pandas import DataFrame

    from headroom.analyses._variance_shares import shares

    prior, repeating = Prior.of(simulator), []

    def outputs(share: np.ndarray) -> np.ndarray:
        found, held = simulator.responses(prior.quantiles(share))
        repeating.append(held.mean())
        return features(found, times(simulator, found.shape[1]))

    probe = simulator.responses(prior.quantiles(np.full((1, len(prior.names)), 0.5)))[0][:, ::EVERY].shape[1]
    found = shares(outputs, len(prior.names), SAMPLES, rng, curve=probe)
    output, parameter = (axis.ravel() for axis in np.indices(found.first.shape))
    names = np.array([f"{name} [{unit}]" for name, unit in FEATURES.items()] + [WHOLE], object)
    columns = {"output": names[output], "parameter": np.array(prior.names, object)[parameter]}
    tables = []
    for order in ORDERS:
        interval = getattr(found, f"{order}_interval").reshape(-1, 2)
        values = {"index": getattr(found, order).ravel(), "low": interval[:, 0], "high": interval[:, 1]}
        tables.append(DataFrame(columns | values).assign(order=order))
    import pandas

    return pandas.concat(tables).assign(samples=SAMPLES, repeating=float(np.mean(repeating)))


def features(responses: np.ndarray, time: np.ndarray) -> np.ndarray:
    """The FEATURES of responses (example, time) after the pulse, and the responses themselves at some moments: (example, output)."""
    after = responses[:, time >= 0]
    latest = time[time >= 0][np.abs(after).argmax(axis=1)]
    numbers = np.stack([after.max(axis=1), after.min(axis=1), latest, np.abs(after).mean(axis=1)], axis=1)
    return np.concatenate([numbers, responses[:, ::EVERY]], axis=1)


def _draw(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _scales as scales
    from headroom.analyses import _style as style

    names = list(part["parameter"].unique())
    for number, (order, rows) in enumerate(part.groupby("order", sort=False)):
        place = rows["parameter"].map(names.index) + 0.4 * number - 0.2
        axes.bar(place, rows["index"], width=0.36, color=style.PALETTE[number], label="first order" if order == "first" else order)
        bars = scales.whiskers(rows["index"], rows["low"], rows["high"])
        axes.errorbar(place, rows["index"], yerr=bars, color=style.INK, linestyle="none", linewidth=0.9, capsize=1.5)
    first = part.iloc[0]
    axes.set_xticks(range(len(names)), names)
    axes.set_ylim(min(0.0, 1.1 * part["low"].min()), None)
    axes.set_ylabel("share of variance")
    layout.title(axes, str(first["system"]), str(first["output"]), f"{first['repeating']:.0%} repeat")
