"""Error on spike steps and elsewhere: the reset is a jump of many millivolts, in few samples, and most of the squared error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from headroom.analyses._rows import middle, nearest, ordered, own_noise
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

PARTS = {"mse_spike": "at a reset", "mse_rest": "elsewhere", "mse": "all samples"}
LOOKS: dict[str, dict[str, Any]] = {
    "at a reset": {"marker": "o"},
    "elsewhere": {"marker": "o", "markerfacecolor": "white"},
    "all samples": {"marker": "|", "markersize": 9},
}
KEYS = ["panel", "noise", "model", "role"]
COLUMNS = [*KEYS, "order", "unit", "part", "mean", "low", "high", "share_of_error", "share_of_samples"]


@settings
class SpikeErrors:
    """Two panels per system with spikes."""

    sources: ClassVar[tuple[str, ...]] = ("summary",)
    caption: ClassVar[str] = (
        "Left: mean squared error at the shortest horizon of the samples that first show a reset (filled), of all others (open) and of all "
        "together (bar), with 95 % intervals over test runs. Right: share of a model's squared error that lies at resets; dashed, these "
        "samples' share of all. A bound has one error for all samples: it cannot be split, since a forecast that is always the reset makes "
        "no error at resets."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """Errors by part of the samples; empty where no system has spikes or mse_spike and mse_rest were not scored."""
        import pandas

        summary = sources["summary"]
        found = [own_noise(summary, metric).assign(part=part) for metric, part in PARTS.items()]
        rows = middle(nearest(pandas.concat(found)))
        spiking = rows.loc[rows["part"] == PARTS["mse_spike"], "panel"]
        rows = rows[rows["panel"].isin(spiking) & rows["mean"].notna()]
        if rows.empty:
            return pandas.DataFrame(columns=COLUMNS)
        rows = rows.merge(_shares(rows), on=[*KEYS, "part"], how="left")
        return ordered(rows, summary)[COLUMNS].reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Markers and bars, a line for each model."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales
        from headroom.analyses import _style as style

        if table.empty:
            return layout.said("No errors at spikes: no system of this study has any, or mse_spike and mse_rest are not among its metrics.")
        panels = list(table["panel"].unique())
        figure, axes = layout.grid(len(panels), 2, height=1.3 + 0.17 * table["model"].nunique(), sharey="row")
        for row, name in zip(axes, panels, strict=True):
            part = table[table["panel"] == name]
            models = style.by_model(part)
            _draw_errors(row[0], models)
            _draw_shares(row[1], models)
            row[0].set_xlabel(scales.measured("mean squared error", part["unit"].iloc[0]))
            layout.title(row[0], name, f"noise {part['noise'].iloc[0]}")
        layout.legend(figure)
        return figure


def _shares(rows: DataFrame) -> DataFrame:
    """Share of samples and of squared error of both parts, from the three errors: all = share x spikes + (1 - share) x rest."""
    import pandas

    wide = rows.pivot(index=KEYS, columns="part", values="mean").reindex(columns=list(PARTS.values()))
    spikes, rest, whole = (wide[part] for part in PARTS.values())
    apart = (spikes - rest).abs()
    share = ((whole - rest) / (spikes - rest))[apart == apart.groupby("panel").transform("max")]  # where it keeps most digits
    samples = share.groupby("panel").first().reindex(wide.index.get_level_values("panel")).to_numpy()
    error = samples * spikes / whole
    parts = ((PARTS["mse_spike"], error, samples), (PARTS["mse_rest"], 1 - error, 1 - samples))
    found = [wide[[]].assign(part=part, share_of_error=of_error, share_of_samples=of_all) for part, of_error, of_all in parts]
    return pandas.concat(found).reset_index()


def _draw_errors(axes: Any, models: list[DataFrame]) -> None:
    from headroom.analyses import _scales as scales
    from headroom.analyses import _style as style

    for place, rows in enumerate(models):
        color = style.marks(rows)["color"]
        for one in rows.itertuples():
            reach = scales.whiskers([one.mean], [one.low], [one.high])
            axes.errorbar([one.mean], [place], xerr=reach, color=color, linestyle="none", **LOOKS[one.part])
    for part, look in LOOKS.items():
        axes.plot([], [], color=style.INK, linestyle="none", label=part, **look)
    axes.set_yticks(range(len(models)), [rows["model"].iloc[0] for rows in models], fontsize=7.5)
    axes.set_ylim(len(models) - 0.5, -0.5)
    axes.set_xscale("log")
    scales.decimal(axes.xaxis)


def _draw_shares(axes: Any, models: list[DataFrame]) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _style as style

    samples = float("nan")
    for place, rows in enumerate(models):
        mine = rows[rows["part"] == PARTS["mse_spike"]]
        axes.barh([place] * len(mine), mine["share_of_error"], height=0.6, color=style.marks(rows)["color"])
        samples = float(mine["share_of_samples"].iloc[0]) if len(mine) else samples
    axes.axvline(samples, color=style.INK, linestyle="--", label="share of samples")
    axes.tick_params(axis="y", labelleft=False)
    axes.set_xlim(0, 1)
    axes.set_xlabel("share of squared error at resets")
    layout.title(axes, f"{100 * samples:.1f} % of samples" if samples == samples else "shares need mse")
