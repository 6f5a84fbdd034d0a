"""Directions in parameter space along which a response hardly changes: the spectrum of its information (Gutenkunst et al. 2007)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses._responses import NOTHING, able
from headroom.core.differences import log_derivatives
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

DRAWS = 400
LOWEST = 1e-12
"""Below this share of the largest a value is rounding."""
COLUMNS = ["system", "direction", "parameter", "value", "low", "high", "loading", "cosine", "null", "draws"]
"""Value, low and high are the median and 90 % range of the eigenvalue over draws."""


@settings
class SloppyDirections:
    """Eigenvalues of the Fisher information of log parameters, and the parameters in each direction."""

    caption: ClassVar[str] = (
        f"Eigenvalues and eigenvectors of the Fisher information of the logarithms of all parameters, at {DRAWS} draws of the prior, for "
        "noise of 1 mV SD on every sample of the source; derivatives are central differences. Left: median and 90 % range over draws "
        "of the eigenvalues, stiffest direction first. Right: mean squared part of each parameter in each direction. A value of 0, but for "
        "rounding, is an exact symmetry: a combination of parameters that no noise level lets one know. Values that fall by orders of "
        "magnitude make the rest sloppy."
    )

    def compute_systems(self, simulators: Mapping[str, Any], rng: np.random.Generator) -> DataFrame:
        """A row for each direction and parameter; systems without a response are left out."""
        import pandas

        parts = [_rows(one, int(rng.integers(2**62))).assign(system=name) for name, one in able(simulators).items()]
        return (pandas.concat(parts, ignore_index=True) if parts else pandas.DataFrame()).reindex(columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """Two panels for each system."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said(NOTHING)
        parts = [part for _, part in table.groupby("system", sort=False)]
        figure, axes = layout.grid(len(parts), 2, height=2.9)
        for row, part in zip(axes, parts, strict=True):
            _draw(figure, row, part)
        return figure


def _rows(simulator: Any, seed: int) -> DataFrame:
    from pandas import DataFrame

    drawn = replace(simulator, trials=DRAWS).simulate(lambda trial: np.random.default_rng([seed, trial]))
    values, axes = directions(simulator, drawn.parameters)
    direction, parameter = (axis.ravel() for axis in np.indices(axes.shape[1:]))
    low, median, high = np.percentile(values, [5, 50, 95], axis=0)
    columns = {"direction": direction + 1, "parameter": np.array(simulator.names, object)[parameter]}
    columns |= {"value": median[direction], "low": low[direction], "high": high[direction]}
    columns |= {"loading": (axes**2).mean(axis=0).ravel(), "cosine": _typical(axes).ravel()}
    return DataFrame(columns).assign(null=(high <= LOWEST * median[0])[direction], draws=DRAWS)


def directions(simulator: Any, parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues (draw, direction), largest first, and eigenvectors (draw, direction, parameter) of the information."""
    slopes = log_derivatives(lambda at: simulator.responses(at)[0], parameters)
    _, size, axes = np.linalg.svd(slopes.transpose(0, 2, 1), full_matrices=False)  # of slopes, not of their squares: twice the digits
    return size**2, axes


def _typical(axes: np.ndarray) -> np.ndarray:
    """The mean direction (direction, parameter) over draws, signs aligned; shorter than 1 where directions differ."""
    main = np.take_along_axis(axes, np.abs(axes).mean(axis=0).argmax(axis=1)[None, :, None], axis=2)
    return np.asarray((axes * np.where(main < 0, -1.0, 1.0)).mean(axis=0))


def _draw(figure: Figure, axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _scales as scales
    from headroom.analyses import _style as style

    rows = part.drop_duplicates("direction")
    floor = LOWEST * rows["value"].max()
    shown = rows[["value", "low", "high"]].clip(lower=floor)
    bars = scales.whiskers(shown["value"], shown["low"], shown["high"])
    axes[0].errorbar(rows["direction"], shown["value"], yerr=bars, marker="o", linestyle="none", capsize=2, color=style.PALETTE[0])
    axes[0].set_yscale("log")
    scales.decimal(axes[0].yaxis, 8)
    for row in rows[rows["null"]].itertuples():
        axes[0].annotate("0", (row.direction, floor), xytext=(6, 2), textcoords="offset points")
    axes[0].set_xlabel("direction")
    axes[0].set_ylabel("Fisher information")
    layout.title(axes[0], str(part["system"].iloc[0]), f"n = {int(part['draws'].iloc[0])} draws")
    matrix = part.pivot_table(index="parameter", columns="direction", values="loading", sort=False)
    image = axes[1].imshow(matrix, aspect="auto", cmap="Greys", vmin=0, vmax=1)
    axes[1].set_xticks(range(matrix.shape[1]), matrix.columns)
    axes[1].set_yticks(range(matrix.shape[0]), matrix.index)
    axes[1].set_xlabel("direction")
    layout.title(axes[1], "mean squared part of each parameter")
    figure.colorbar(image, ax=axes[1], fraction=0.05)
