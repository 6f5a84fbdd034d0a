"""Labels, true and decoded, in the order of time, below the signals that they were decoded from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses._rows import decoded
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "trial", "part", "model", "role", "order", "channel", "unit", "time", "truth", "prediction"]
SAMPLES = 400
CHANNELS = 3
ACROSS = 2
CLASSES = ("#CCBB44", "#AA3377", "#66CCEE", "#228833", "#EE6677", "#4477AA", "#BBBBBB")
"""Colours of classes, other than those of models, that colour-blind readers tell apart (Tol 2021, the bright scheme)."""
HATCHES = ("", "////", "....", "xxxx")
"""A colour that comes again has another hatch."""


@settings
class DecodedTraces:
    """A column per system: channels, a strip of classes for the truth and for each model, and probabilities."""

    sources: ClassVar[tuple[str, ...]] = ("predictions", "summary")
    caption: ClassVar[str] = (
        f"The first test trial (n = 1, first seed), at most {SAMPLES} samples of it. Above: {CHANNELS} channels as they were "
        "seen, each at the time of the label. Middle: the true class and the classes decoded by the best linear decoder and the best "
        "models, in the order of time. Below: the probability that each gives to the true class; dotted: chance, one over the number of "
        "classes."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """The stretch of probabilities to draw; what was seen stands there once."""
        rows = decoded(sources)
        if rows.empty:
            return rows.reindex(columns=COLUMNS)
        once = rows["model"] == rows.groupby("panel")["model"].transform("first")
        few = rows.groupby(["panel", "part"])["channel"].transform(lambda names: names.isin(names.unique()[:CHANNELS])).astype(bool)
        place = rows.groupby(["panel", "part", "model", "channel"])["time"].rank(method="first")
        kept = (rows["part"] == "target") | (once & few)
        return rows.loc[kept & (place <= SAMPLES), COLUMNS].reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Small multiples over time."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said("This study decodes no labels.")
        parts = [part for _, part in table.groupby("panel", sort=False)]
        columns = min(ACROSS, len(parts))
        figure, axes = layout.grid((CHANNELS + 2) * -(-len(parts) // columns), columns, height=1.05, sharex=False)
        for number, part in enumerate(parts):
            first = number // columns * (CHANNELS + 2)
            _draw_column(axes[first : first + CHANNELS + 2, number % columns], part)
        layout.hide(axes[-CHANNELS - 2 :, (len(parts) - 1) % columns + 1 :].flat)
        layout.legend(figure)
        return figure


def _draw_column(axes: np.ndarray, part: DataFrame) -> None:
    from headroom.analyses import _scales as scales
    from headroom.analyses import _style as style

    seen, answers = part[part["part"] == "input"], part[part["part"] == "target"]
    channels = list(seen["channel"].unique())
    for one, channel in zip(axes, channels, strict=False):
        rows = seen[seen["channel"] == channel]
        one.plot(rows["time"], rows["truth"], color=style.INK, linewidth=0.8)
        one.set_title(channel, fontsize=8, loc="left", pad=2)
        one.set_ylabel(scales.measured("", rows["unit"].iloc[0]).strip(), fontsize=7)
    for one in axes[len(channels) : CHANNELS]:
        one.set_visible(False)
    where = f"{part['panel'].iloc[0]}\nnoise {part['noise'].iloc[0]}, trial {part['trial'].iloc[0] + 1} in order"
    axes[0].set_title(f"{where}\n{channels[0] if channels else ''}", fontsize=8, loc="left", pad=2)
    models = style.by_model(answers)
    _draw_strips(axes[CHANNELS], models)
    _draw_probabilities(axes[CHANNELS + 1], models)
    limits = answers["time"].min(), answers["time"].max()
    for one in axes:
        one.set_xlim(*limits)
        one.tick_params(labelbottom=one is axes[-1])
    axes[-1].set_xlabel("time [s]")


def _draw_strips(axes: Axes, models: list[DataFrame]) -> None:
    """A strip of coloured classes for the truth, and one for each model below it."""
    classes = list(models[0]["channel"].unique())
    strips = [("true", _drawn_classes(models[0], "truth", classes))]
    strips += [(str(rows["model"].iloc[0]), _drawn_classes(rows, "prediction", classes)) for rows in models]
    for height, (_, (time, which)) in enumerate(strips):
        step = np.median(np.diff(time)) if len(time) > 1 else 1.0
        starts = np.flatnonzero(np.diff(which, prepend=-1))
        ends = np.append(time[starts[1:]], time[-1] + step)
        for number in np.unique(which):
            own = which[starts] == number
            spans = list(zip(time[starts][own].tolist(), (ends - time[starts])[own].tolist(), strict=True))
            axes.broken_barh(spans, (height - 0.42, 0.84), linewidth=0, **_drawn_look(number), label=f"class {classes[number]}")
    axes.set_yticks(range(len(strips)), [name for name, _ in strips], fontsize=7)
    axes.set_ylim(len(strips) - 0.5, -0.5)


def _drawn_classes(rows: DataFrame, column: str, classes: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Times, and the number of the class with the largest value at each of them."""
    wide = rows.pivot_table(index="time", columns="channel", values=column)[classes]
    return wide.index.to_numpy(), wide.to_numpy().argmax(axis=1)


def _drawn_look(number: int) -> dict[str, Any]:
    colour, hatch = CLASSES[number % len(CLASSES)], HATCHES[number // len(CLASSES) % len(HATCHES)]
    return {"facecolor": colour, "hatch": hatch, "edgecolor": "white"}


def _draw_probabilities(axes: Axes, models: list[DataFrame]) -> None:
    """The probability of the true class over time, in each model's look."""
    from headroom.analyses import _style as style

    for rows in models:
        true = rows[rows["truth"] > 0].sort_values("time")
        axes.plot(true["time"], true["prediction"], **style.marks(rows) | {"marker": "", "linewidth": 1.0})
    axes.axhline(1 / models[0]["channel"].nunique(), color=style.INK, linewidth=0.8, linestyle=":", label="chance")
    axes.set_ylim(-0.03, 1.03)
    axes.set_ylabel("p(true class)", fontsize=7)
