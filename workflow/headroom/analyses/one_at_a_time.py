"""What a response does when one parameter runs through its range and all others stay: sensitivity as it was published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses._responses import NOTHING, able, standard, times
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

VALUES = 200
"""Values of each parameter, as published."""
EVERY = 10
"""Samples from one that is drawn to the next."""
COLUMNS = ["system", "parameter", "value", "standard", "relative_error", "repeats", "time", "response"]
ACROSS = 4


@settings
class OneAtATime:
    """A heat map for each parameter, and below it the relative squared error."""

    caption: ClassVar[str] = (
        f"The noise-free response while one parameter takes {VALUES} values and all others have the values of Jansen and Rit (1995); "
        "dotted: its own there. Below: squared difference from the response at those values, relative to the squared response; grey where "
        "the column oscillates by itself. This shows one line through the prior, not how parameters act together (sobol) or imitate "
        "each other (sloppy_directions)."
    )

    def compute_systems(self, simulators: Mapping[str, Any], rng: np.random.Generator) -> DataFrame:
        """A row for each parameter, value and moment [s since the pulse]; systems without a response are left out."""
        import pandas

        systems = able(simulators)
        parts = [_rows(one, place).assign(system=name) for name, one in systems.items() for place in range(len(one.names))]
        return (pandas.concat(parts, ignore_index=True) if parts else pandas.DataFrame()).reindex(columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """Maps above, errors below."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said(NOTHING)
        parts = [part for _, part in table.groupby(["system", "parameter"], sort=False)]
        columns = min(ACROSS, len(parts))
        blocks = -(-len(parts) // columns)
        figure, axes = layout.grid(2 * blocks, columns, height=1.7)
        stacks = axes.reshape(blocks, 2, columns).transpose(0, 2, 1).reshape(-1, 2)
        for stack, part in zip(stacks, parts, strict=False):
            _draw(figure, stack, part)
        layout.hide(stacks[len(parts) :].flat)
        return figure


def _rows(simulator: Any, place: int) -> DataFrame:
    """One parameter's."""
    from pandas import DataFrame

    usual, (low, high) = standard(simulator), simulator.bounds[place]
    values = np.linspace(low, high, VALUES)
    parameters = np.tile(usual, (VALUES + 1, 1))
    parameters[:VALUES, place] = values
    responses, repeats = simulator.responses(parameters)
    error = relative_error(responses[:VALUES], responses[VALUES])
    shown = responses[:VALUES, ::EVERY]
    row, moment = (axis.ravel() for axis in np.indices(shown.shape))
    columns = {"value": values[row], "relative_error": error[row], "repeats": repeats[row], "response": shown.ravel()}
    columns["time"] = times(simulator, responses.shape[1])[::EVERY][moment]
    return DataFrame(columns).assign(parameter=simulator.names[place], standard=usual[place])


def relative_error(responses: np.ndarray, standard: np.ndarray) -> np.ndarray:
    """Squared difference (example,) of responses (example, time) from the standard one (time,), relative to its squares."""
    return np.asarray(((responses - standard) ** 2).sum(axis=1) / (standard**2).sum())


def _draw(figure: Figure, axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _style as style

    matrix = part.pivot(index="time", columns="value", values="response")
    values, time = matrix.columns.to_numpy(), matrix.index.to_numpy()
    reach = np.abs(matrix.to_numpy()).max() or 1.0
    extent = (values.min(), values.max(), time.min(), time.max())
    image = axes[0].imshow(matrix, aspect="auto", origin="lower", extent=extent, cmap="RdBu_r", vmin=-reach, vmax=reach)
    figure.colorbar(image, ax=axes[0], fraction=0.08).ax.tick_params(labelsize=7)
    rows = part.drop_duplicates("value")
    axes[1].plot(rows["value"], rows["relative_error"], color=style.PALETTE[0])
    away = rows[~rows["repeats"].astype(bool)]
    axes[1].plot(away["value"], away["relative_error"], "x", color=style.GREYS[1], markersize=3)
    for one in axes:
        one.axvline(part["standard"].iloc[0], color=style.INK, linewidth=0.9, linestyle=":")
        one.set_xlim(values.min(), values.max())
    layout.title(axes[0], str(part["system"].iloc[0]), "response [mV]")
    axes[1].set_xlabel(str(part["parameter"].iloc[0]))
    if layout.starts_row(axes[0]):
        axes[0].set_ylabel("time since the pulse [s]")
        axes[1].set_ylabel("relative squared error")
