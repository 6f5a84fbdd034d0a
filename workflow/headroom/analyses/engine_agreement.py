"""Whether two engines simulate the same network: rates, intervals, voltages, and voltages step by step under one recorded input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = [
    "system",
    "part",
    "engine",
    "x",
    "width",
    "value",
    "rate",
    "cv",
    "rate_difference",
    "cv_difference",
    "largest_voltage_difference",
    "steps",
    "neurons",
]
ABSENT = "absent"
"""Part of a row that says which engine could not run."""
BINS = 50
SHOWN = 500
"""Steps of the replayed voltages that are drawn."""
RATE_TOLERANCE, CV_TOLERANCE, VOLTAGE_TOLERANCE = 1.0, 0.03, 1e-9


@settings
class EngineAgreement:
    """A row per system that two engines can simulate."""

    caption: ClassVar[str] = (
        "The reference engine (Brian2, computing with numpy) and the compiled engine on the same connectivity at a small size. Left and "
        "middle: intervals between a neuron's spikes, and membrane voltages, each engine with random numbers of its own; the mean rate "
        f"must agree within {RATE_TOLERANCE:g} Hz and the coefficient of variation (CV) of intervals within {CV_TOLERANCE:g}. Right: one "
        "neuron when both are fed the same recorded input; the largest difference is over all neurons and steps, and above "
        f"{VOLTAGE_TOLERANCE:g} mV it is more than rounding."
    )

    def compute_systems(self, simulators: Mapping[str, Any], rng: np.random.Generator) -> DataFrame:
        """Histograms (x: left edge [s or mV], value: density) and traces (x: step, value [mV]) of each engine, with the differences."""
        import pandas

        parts = []
        for name, simulator in simulators.items():
            if hasattr(simulator, "compare_engines"):
                try:
                    parts += [rows.assign(system=name) for rows in _compared(simulator.compare_engines(rng))]
                except ImportError as missing:
                    parts.append(pandas.DataFrame([{"system": name, "part": ABSENT, "engine": missing.name or "an engine"}]))
        return (pandas.concat(parts, ignore_index=True) if parts else pandas.DataFrame()).reindex(columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """Steps for the distributions, lines for the voltages."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said("No system of this study has two engines.")
        shown = table[table["part"] != ABSENT]
        if shown.empty:
            return layout.said(f"Not compared: {table['engine'].iloc[0]} is not installed (it is in requirements/run.txt).")
        systems = list(shown["system"].unique())
        figure, axes = layout.grid(len(systems), 3, height=2.7)
        for row, system in zip(axes, systems, strict=True):
            _draw_row(row, shown[shown["system"] == system])
        layout.legend(figure)
        return figure


def _compared(found: Mapping[str, Any]) -> Iterator[DataFrame]:
    """The rows of every engine."""
    (_, one), (_, other) = found.items()
    numbers = {
        "rate_difference": abs(one.rate - other.rate),
        "cv_difference": abs(one.cv - other.cv),
        "largest_voltage_difference": float(np.abs(one.path - other.path).max()),
        "steps": len(one.path),
        "neurons": one.path.shape[1],
    }
    longest = np.quantile(np.concatenate([one.intervals, other.intervals]), 0.999)
    spread = np.linspace(min(each.voltage.min() for each in (one, other)), max(each.voltage.max() for each in (one, other)), BINS + 1)
    lively = int(np.argmax(one.path[:SHOWN].std(axis=0)))
    for name, each in found.items():
        about = {"engine": name, "rate": each.rate, "cv": each.cv} | numbers
        yield _histogram(each.intervals, np.linspace(0, longest, BINS + 1)).assign(part="interval", **about)
        yield _histogram(each.voltage, spread).assign(part="voltage", **about)
        yield _trace(each.path[:SHOWN, lively]).assign(part="trace", **about)


def _histogram(values: np.ndarray, edges: np.ndarray) -> DataFrame:
    from pandas import DataFrame

    density = np.histogram(values, edges)[0] / (len(values) * np.diff(edges))
    return DataFrame({"x": edges[:-1], "width": np.diff(edges), "value": density})


def _trace(values: np.ndarray) -> DataFrame:
    from pandas import DataFrame

    return DataFrame({"x": np.arange(len(values), dtype=float), "value": values})


def _draw_row(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _style as style

    first = part.iloc[0]
    for number, (engine, rows) in enumerate(part.groupby("engine", sort=False)):
        colour, dash = style.PALETTE[number], ("-", "--")[number % 2]
        for one, name in zip(axes, ("interval", "voltage"), strict=False):
            mine, scale = rows[rows["part"] == name], 1000 if name == "interval" else 1
            edges = [*mine["x"], mine["x"].iloc[-1] + mine["width"].iloc[-1]]
            one.stairs(mine["value"] / scale, scale * np.array(edges), color=colour, linestyle=dash, label=engine)
        trace = rows[rows["part"] == "trace"]
        axes[2].plot(trace["x"], trace["value"], color=colour, linestyle=dash, label=engine)
    rates, cvs = (part.groupby("engine", sort=False)[name].first() for name in ("rate", "cv"))
    layout.title(axes[0], str(first["system"]), f"rates {_both(rates, '.2f')} Hz", f"CV {_both(cvs, '.3f')}")
    layout.title(axes[1], f"rate differs by {first['rate_difference']:.2f} Hz", f"CV by {first['cv_difference']:.3f}")
    layout.title(
        axes[2],
        f"at most {first['largest_voltage_difference']:.1e} mV apart",
        f"n = {int(first['neurons'])} neurons x {int(first['steps'])} steps",
    )
    for one, label in zip(axes, ("interval between spikes [ms]", "voltage [mV]", "integration step"), strict=True):
        one.set_xlabel(label)
    for one, label in zip(axes, ("density [1/ms]", "density [1/mV]", "voltage [mV]"), strict=True):
        one.set_ylabel(label)


def _both(values: Any, digits: str) -> str:
    return " and ".join(f"{value:{digits}}" for value in values)
