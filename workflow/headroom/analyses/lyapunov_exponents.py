"""The largest Lyapunov exponent of every system whose equations are known, without and with its noise: is there chaos at all?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["system", "noise", "exponent", "low", "high", "runs", "duration"]
RUNS, SETTLE, STEPS = 10, 5_000, 40_000
"""Runs; steps before a difference has turned into the direction that grows fastest, and steps in all."""
NEEDED = ("linearised", "coefficients", "noise_gain", "simulate")
WITHOUT, WITH = "without noise", "with noise"


@settings
class LyapunovExponents:
    """Two bars for each system."""

    caption: ClassVar[str] = (
        f"Mean growth rate of a small difference, moved by the derivative of the simulator's own step (tangent space; {RUNS} runs of "
        f"{STEPS - SETTLE:,} steps from other starts); bars are 95 % t intervals over runs. Above 0 is chaos, 0 a limit cycle, below 0 a "
        "fixed point; with noise, below 0 means that two copies with the same noise come to agree."
    )

    def compute_systems(self, simulators: Mapping[str, Any], rng: np.random.Generator) -> DataFrame:
        """Two rows for each system that knows its derivative; others are left out."""
        from pandas import DataFrame

        able = {name: one for name, one in simulators.items() if all(hasattr(one, need) for need in NEEDED)}
        rows = [row for name, one in able.items() for row in _rows(name, one, int(rng.integers(2**62)))]
        return DataFrame(rows, columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """Horizontal bars about 0."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales
        from headroom.analyses import _style as style

        if table.empty:
            return layout.said("No system of this study knows the derivative of its step.")
        systems = list(table["system"].unique())
        figure, axes = layout.grid(1, 1, height=0.8 + 0.5 * len(systems))
        for number, noise in enumerate((WITHOUT, WITH)):
            part = table[table["noise"] == noise]
            place = part["system"].map(systems.index) + 0.4 * number - 0.2
            bars = scales.whiskers(part["exponent"], part["low"], part["high"])
            axes[0, 0].barh(place, part["exponent"], height=0.34, color=style.PALETTE[number], label=noise)
            axes[0, 0].errorbar(part["exponent"], place, xerr=bars, color=style.INK, linestyle="none", capsize=2)
        axes[0, 0].axvline(0, color=style.INK, linewidth=0.8)
        axes[0, 0].set_yticks(range(len(systems)), systems)
        axes[0, 0].invert_yaxis()
        axes[0, 0].set_xlabel("largest Lyapunov exponent [1/s]")
        layout.title(axes[0, 0], f"n = {int(table['runs'].iloc[0])} runs")
        layout.legend(figure)
        return figure


def _rows(name: str, simulator: Any, seed: int) -> Iterator[dict[str, Any]]:
    from scipy.stats import t

    for label, strength in ((WITHOUT, 0.0), (WITH, 1.0)):
        found = exponents(simulator, strength, seed)
        reach = float(t.ppf(0.975, len(found) - 1) * found.std(ddof=1) / np.sqrt(len(found)))
        row = {"system": name, "noise": label, "exponent": found.mean(), "low": found.mean() - reach, "high": found.mean() + reach}
        yield row | {"runs": len(found), "duration": (STEPS - SETTLE) * simulator.h}


def exponents(simulator: Any, strength: float, seed: int) -> np.ndarray:
    """Exponents (run,) [1/s] of a simulator, its process noise `strength` times as strong; pulses are left out."""
    from headroom.analyses._latent_lyapunov import growth

    whole = {"record": "states"} if hasattr(simulator, "record") else {}
    states = replace(simulator, trials=RUNS, samples=2, **whole).simulate(lambda trial: np.random.default_rng([seed, trial]))
    parameters = simulator.parameters(states)
    coefficients, gains, found = simulator.coefficients(parameters), strength * simulator.noise_gain(parameters), []
    for run, start in enumerate(states.states.values[:, 0]):
        kicks = np.random.default_rng([seed, run, 1]).standard_normal((STEPS, 1)) * gains[run]
        found.append(growth(simulator.linearised(), coefficients[run], start, kicks, np.zeros(STEPS), SETTLE))
    return np.array(found) / simulator.h
