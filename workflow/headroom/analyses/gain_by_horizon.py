"""How far ahead a part of a model helps: the score of a variant minus that of the model it changes, against the horizon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from headroom.analyses import _paired as paired
from headroom.analyses._rows import LOSSES, levels, panel, primary
from headroom.analyses._variants import variants
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "horizon", "full", "variant", "metric", "difference", "low", "high", "runs", "seeds", "delay"]
MOST = 6
"""Panels in the figure; the table has all."""


@settings
class GainByHorizon:
    """A panel per system and noise level that are forecast at two or more horizons."""

    sources: ClassVar[tuple[str, ...]] = ("scores", "summary", "systems")
    caption: ClassVar[str] = (
        "What a model gains by a change, against the horizon of its direct forecasts: score of the variant minus that of the model "
        "which it changes, so that above the line the variant is better. A variant is a model whose name starts with another's: "
        "`neurons_graph`, which hears messages of other neurons, is one of `neurons`. Bars: 95 % t intervals, paired over test runs, "
        "with the spread over either one's seeds added. Grey: the delay of the system's synapses. Up to a horizon as long as this, "
        "every spike that will arrive has been fired already and could be seen; beyond it some are still to come."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """Differences at every horizon with the system's delay [s], null where it has none; losses turned so that more is better."""
        import pandas

        metric = primary(sources["summary"])
        rows = paired.tested(sources["scores"], metric)
        rows = rows[(rows["role"] != "ceiling") & rows["horizon"].notna()]
        rows = rows.assign(panel=panel(rows)) if len(rows) else rows.assign(panel="")
        table = pandas.DataFrame(list(_gains(rows, -1 if metric in LOSSES else 1)), columns=["system", *COLUMNS[:-1]])
        several = table.groupby(["panel", "noise", "full", "variant"])["horizon"].transform("nunique") > 1
        known = sources["systems"]
        delays = known[known["setting"] == "delay"].set_index("system")["value"].astype(float)
        return table[several].assign(metric=metric, delay=lambda part: part["system"].map(delays))[COLUMNS].reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Lines with intervals, one for each variant."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales
        from headroom.analyses import _style as style

        if table.empty:
            return layout.said("No model of this study is a variant of another and forecasts at two or more horizons.")
        pairs = [(name, noise) for name, part in table.groupby("panel", sort=False) for noise in levels(part["noise"])]
        shown = pairs if len(pairs) <= MOST else pairs[:: -(-len(pairs) // MOST)]
        lines = list(dict.fromkeys(zip(table["full"], table["variant"], strict=True)))
        figure, axes = layout.panes(len(shown), height=2.8)
        for one, (name, noise) in zip(axes, shown, strict=True):
            part = table[(table["panel"] == name) & (table["noise"] == noise)].sort_values("horizon")
            one.axhline(0, color=style.INK, linewidth=0.8)
            if part["delay"].notna().any():
                one.axvline(part["delay"].iloc[0], color=style.GREYS[1], linewidth=2, label="delay")
            for number, (full, variant) in enumerate(lines):
                _draw_line(one, part[(part["full"] == full) & (part["variant"] == variant)], number, f"{variant} - {full}")
            layout.title(one, name, f"noise {noise}", scales.counted(part))
            one.set_xlabel("horizon [s]")
            if layout.starts_row(one):
                one.set_ylabel(f"gain in {scales.named(part['metric'].iloc[0], '')}")
        layout.legend(figure)
        return figure


def _gains(rows: DataFrame, sign: int) -> Iterator[dict[str, Any]]:
    """A row for each variant of a model in each place, at each horizon that both forecast."""
    for (system, name, noise, horizon), part in rows.groupby(["system", "panel", "noise", "horizon"], sort=False):
        scores = {str(model): sign * paired.by_run(own) for model, own in part.groupby("model", sort=True)}
        for variant, full in variants(list(scores)):
            if len(scores[variant]) and len(scores[full]):
                about = {"system": system, "panel": name, "noise": noise, "horizon": horizon, "full": full, "variant": variant}
                yield about | paired.difference(scores[variant], scores[full])


def _draw_line(axes: Any, rows: DataFrame, number: int, label: str) -> None:
    from headroom.analyses import _scales as scales
    from headroom.analyses import _style as style

    if len(rows):
        bars = scales.whiskers(rows["difference"], rows["low"], rows["high"])
        axes.errorbar(rows["horizon"], rows["difference"], yerr=bars, **style.look("model", number) | {"label": label})
