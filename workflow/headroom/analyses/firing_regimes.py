"""Networks of sparsely connected neurons and the regimes they are in: synchronous or not, regular or not (Brunel 2000, figure 8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses import _firing as firing
from headroom.core.recording import Recording
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

NEEDED = ("inhibition", "external_drive", "observed", "neurons")
NUMBERS = ["rate", "cv", "frequency", "height", "synchrony", "inhibition", "external_drive", "neurons", "duration"]
COLUMNS = ["system", "regime", *NUMBERS, "part", "x", "y"]
PARTS = ("raster", "rate", "spectrum")
SHOWN_NEURONS, SHOWN_TIME = 50, 0.2
"""Of the raster; of raster and rate [s]."""
BIN = 0.001
"""Of the population rate [s]."""
ACROSS = 2


@settings
class FiringRegimes:
    """Raster, population rate and spectrum of every network, with the numbers that name its regime."""

    caption: ClassVar[str] = (
        f"Spikes of {SHOWN_NEURONS} neurons, the rate of all neurons in bins of 1 ms, and its spectrum, relative to the flat one of as "
        "many independent Poisson neurons; g is the strength of inhibition, eta the external drive. A regime is what the numbers say. "
        f"Synchronous (S): synchrony, the SD of the mean voltage over that of single ones, is above {firing.SYNCHRONOUS:g}; else "
        f"asynchronous (A). Regular (R): the coefficient of variation (CV) of intervals between a neuron's spikes is below "
        f"{firing.REGULAR:g}; else irregular (I). Fast: the spectrum peaks above {firing.FAST:g} Hz (dotted). A finite asynchronous "
        "network has a peak too, of resonance, but its voltages hardly move together. "
        "Brunel (2000) reports 60.7 Hz under a rhythm of 180 Hz for SI fast, 5.5 under 22 Hz for SI slow, and 37.7 Hz for AI."
    )

    def compute_systems(self, simulators: Mapping[str, Any], rng: np.random.Generator) -> DataFrame:
        """A row for each point drawn, its network's numbers beside.

        x: time [s] or frequency [Hz]; y: neuron, rate [Hz] or relative power. Networks of other kinds are left out.
        """
        import pandas

        networks = {name: simulator for name, simulator in simulators.items() if all(hasattr(simulator, field) for field in NEEDED)}
        parts = [_rows(name, simulator, int(rng.integers(2**62))) for name, simulator in networks.items()]
        return (pandas.concat(parts, ignore_index=True) if parts else pandas.DataFrame()).reindex(columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """Two networks beside each other, three axes each."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said("No system of this study is a large network of which everybody's rate is recorded.")
        systems = list(table["system"].unique())
        columns = min(ACROSS, len(systems))
        blocks = -(-len(systems) // columns)
        figure, axes = layout.grid(len(PARTS) * blocks, columns, height=1.35)
        stacks = axes.reshape(blocks, len(PARTS), columns).transpose(0, 2, 1).reshape(-1, len(PARTS))
        for stack, system in zip(stacks, systems, strict=False):
            _draw_network(stack, table[table["system"] == system])
        layout.hide(stacks[len(systems) :].flat)
        limits = f"R: CV below {firing.REGULAR:g}, else I; fast: peak above {firing.FAST:g} Hz (dotted), else slow"
        figure.supxlabel(f"S: synchrony above {firing.SYNCHRONOUS:g}, else A; {limits}", fontsize=8.5)
        return figure


def _rows(name: str, simulator: Any, seed: int) -> DataFrame:
    """A simulated network's points and numbers."""
    import pandas

    recording = simulator.simulate(lambda trial: np.random.default_rng([seed, trial]))
    found = firing.measured(recording, simulator.neurons)
    points = [pandas.DataFrame({"part": part, "x": x, "y": y}) for part, x, y in _points(recording, simulator.neurons)]
    said = {name: getattr(simulator, name) for name in ("inhibition", "external_drive", "neurons", "duration")}
    return pandas.concat(points).assign(system=name, regime=found.regime, **asdict(found), **said)


def _points(recording: Recording, neurons: int) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """What is drawn of the first trial's start, and the spectrum of all."""
    extras, step = recording.extras, float(recording.extras["step"])
    count = len(recording.states.channels)
    place = np.full(count, -1)
    place[np.linspace(0, count - 1, min(SHOWN_NEURONS, count)).astype(int)] = np.arange(min(SHOWN_NEURONS, count))
    kept = (extras["spike_trial"] == 0) & (extras["spike_step"] * step < SHOWN_TIME) & (place[extras["spike_neuron"]] >= 0)
    yield "raster", extras["spike_step"][kept] * step, place[extras["spike_neuron"][kept]].astype(float)
    every = max(1, round(BIN / step))
    rate = extras["rate"][0].astype(float)[: round(SHOWN_TIME / step)]
    rate = rate[: len(rate) // every * every].reshape(-1, every).mean(axis=1)
    yield "rate", np.arange(len(rate)) * every * step, rate
    frequencies, power = firing.spectrum(recording, neurons)
    band = (frequencies >= firing.LOWEST) & (frequencies <= firing.HIGHEST)
    yield "spectrum", frequencies[band], power[band]


def _draw_network(axes: Any, rows: DataFrame) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _style as style

    first, parts = rows.iloc[0], {name: rows[rows["part"] == name] for name in PARTS}
    raster, rate, power = axes
    raster.plot(1000 * parts["raster"]["x"], parts["raster"]["y"], "|", color=style.INK, markersize=2, markeredgewidth=0.8)
    rate.plot(1000 * parts["rate"]["x"], parts["rate"]["y"], color=style.PALETTE[0], linewidth=0.9)
    power.loglog(parts["spectrum"]["x"], np.maximum(parts["spectrum"]["y"], 1e-3), color=style.PALETTE[1], linewidth=0.9)
    power.axvline(firing.FAST, color=style.GREYS[0], linewidth=0.8, linestyle=":")
    network = f"{first['system']}: g = {first['inhibition']:g}, eta = {first['external_drive']:g}, N = {int(first['neurons'])}"
    layout.title(raster, network, f"found {first['regime']}")
    layout.title(rate, f"{first['rate']:.1f} Hz, CV {first['cv']:.2f}, synchrony {first['synchrony']:.2f}")
    layout.title(power, f"peak at {first['frequency']:.0f} Hz, {first['height']:.0f} x Poisson")
    for axis in (power.xaxis, power.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:g}")
    for one in (raster, rate):
        one.set_xlim(0, 1000 * SHOWN_TIME)
        one.set_xlabel("time [ms]")
    power.xaxis.set_minor_formatter(lambda *_: "")
    power.set_xlabel("frequency [Hz]")
    for one, label in zip(axes, ("neuron", "rate [Hz]", "power / Poisson"), strict=True):
        one.set_ylabel(label)
