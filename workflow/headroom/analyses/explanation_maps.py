"""Interpretability: what is inside a trained network, matrix by matrix, as it was computed from its weights and states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses._rows import middle, tidy
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "model", "what", "name", "row", "column", "label", "value"]
AXES = {
    "integrated_gradients": ("age of the input [s]", "source channel", "|attribution| [unit of the signal]"),
    "gates": ("age of the sample [s]", "unit, by its mean", "mean activation [-1 or 0 to 1]"),
    "hidden": ("age of the sample [s]", "state [no unit]", ""),
    "attention": ("age of the frame that asks [s]", "frame that is read (0: the oldest)", "mean weight"),
    "filters": ("input", "tap or channel", "root mean square weight"),
}
MOST = 4
"""Matrices of one kind of explanation that are drawn."""


@settings
class ExplanationMaps:
    """A row for each model and kind of explanation, at the first place of the study that has it."""

    sources: ClassVar[tuple[str, ...]] = ("explanations",)
    caption: ClassVar[str] = (
        f"Inside the trained networks (first seed, test examples; at most {MOST} matrices of a kind). Integrated gradients: how much each "
        "source channel at each age moves the forecast of the channel in the title, mean |attribution| against the training mean, on a "
        "logarithmic scale and as far back as the newest inputs hold 99 % of it. Gates: "
        "mean activation of the LSTM's units over the window; a forget gate near 1 keeps what it knows. Hidden: the principal components "
        "of the states of several test windows, with the share of variance that each holds. Filters: root mean square of the weights over "
        "units. Attention: how much of each frame a head reads for each frame, the mean over test windows; the first heads of several. A "
        "colour says how strong, not what causes what. The table has every system and split."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """The matrices of one noise level per system; those of graphs stand in graph_recovery."""
        rows = sources["explanations"]
        rows = rows[rows["what"].isin(list(AXES))]
        if rows.empty:
            return rows.reindex(columns=COLUMNS)
        return middle(tidy(rows))[COLUMNS].reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Up to four matrices in a row."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said("This study asks no network to explain itself; the study's key `explain` does.")
        table = table[table["panel"] == table.groupby(["model", "what"])["panel"].transform("first")]
        groups = [(key, part) for key, part in table.groupby(["panel", "model", "what"], sort=False)]
        sizes = [min(MOST, part["name"].nunique()) for _, part in groups]
        figure, axes = layout.grouped(sizes, height=2.4, across=MOST)
        for (key, part), size in zip(groups, sizes, strict=True):
            row, axes = axes[:size], axes[size:]
            _draw_row(figure, row, key, part)
        return figure


def _draw_row(figure: Any, row: list[Any], key: tuple[str, str, str], part: DataFrame) -> None:
    from headroom.analyses import _layout as layout

    panel, model, what = key
    across, down, bar = AXES[what]
    energy = part.assign(energy=part["value"] ** 2).groupby("name", sort=False)["energy"].sum()
    for one, name in zip(row, energy.index, strict=False):
        rows = part[part["name"] == name]
        if what == "hidden":
            _draw_lines(one, rows)
            note = f"{name}, {100 * energy[name] / energy.sum():.0f} % of variance"
        else:
            _draw_map(figure, one, rows, what, bar)
            note = str(name)
        layout.title(one, *([str(panel), f"{model}: {what.replace('_', ' ')}"] if one is row[0] else []), note, share=0.8)
        one.set_xlabel(across)
    row[0].set_ylabel(down)


def _draw_lines(axes: Any, rows: DataFrame) -> None:
    from headroom.analyses import _style as style

    for number, (_, one) in enumerate(rows.groupby("column")):
        one = one.sort_values("row")
        axes.plot(one["row"], one["value"], color=style.PALETTE[number % len(style.PALETTE)], linewidth=0.7)
    axes.invert_xaxis()


def _draw_map(figure: Any, axes: Any, rows: DataFrame, what: str, bar: str) -> None:
    from matplotlib.colors import LogNorm

    matrix = rows.pivot_table(index="column", columns="row", values="value")
    if what == "gates":
        matrix = matrix.loc[matrix.mean(axis=1).sort_values(kind="stable").index]
    if what == "integrated_gradients":
        held = matrix.sum(axis=0).cumsum()  # from the newest input on
        matrix = matrix.loc[:, : held.index[int(np.searchsorted(held, 0.99 * held.iloc[-1]))]]
    values, ages = matrix.to_numpy(float), matrix.columns.to_numpy(float)
    step = (ages.max() - ages.min()) / max(len(ages) - 1, 1) or 1.0
    edges = (ages.min() - step / 2, ages.max() + step / 2, len(values) - 0.5, -0.5)
    signed = values.min() < 0
    reach = np.abs(values).max() or 1.0
    limits: dict[str, Any] = {"cmap": "RdBu_r" if signed else "cividis", "vmin": -reach if signed else 0, "vmax": reach}
    if what == "integrated_gradients":
        limits = {"cmap": "cividis", "norm": LogNorm(reach / 1000, reach, clip=True)}
    image = axes.imshow(values, aspect="auto", extent=edges, interpolation="nearest", **limits)
    if what != "filters":
        axes.invert_xaxis()
    axes.locator_params(axis="y", integer=True, nbins=6)
    axes.locator_params(axis="x", nbins=3)
    ticks = [reach / 1000, reach / 30, reach] if what == "integrated_gradients" else None
    drawn = figure.colorbar(image, ax=axes, location="bottom", fraction=0.06, ticks=ticks, format="%.2g")
    drawn.minorticks_off()
    drawn.set_label(bar, fontsize=7)
