"""Kuramoto's order parameter against the coupling: how much a handful of noisy oscillators synchronise (Kuramoto 1984)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["system", "coupling", "order_parameter", "low", "high", "own", "critical_coupling", "oscillators", "runs"]
STEPS = 11
NEEDED = ("coupling", "frequencies", "diffusion", "trials")


@settings
class Synchrony:
    """A panel per system of coupled oscillators."""

    caption: ClassVar[str] = (
        "Order parameter r = |mean exp(i phase)| of the oscillators, mean over time, against the coupling strength K. Bars: 95 "
        "% t intervals over runs. Grey line: the coupling of the study. Dashed: the critical coupling of infinitely many "
        "oscillators that share these frequencies and this noise. A few oscillators have no sharp transition, and r of N "
        "incoherent ones is about sqrt(pi / 4N) (dotted)."
    )

    def compute_systems(self, simulators: Mapping[str, Any], rng: np.random.Generator) -> DataFrame:
        """The curve of every system that is coupled; systems of other kinds are left out."""
        from pandas import DataFrame

        coupled = {name: simulator for name, simulator in simulators.items() if all(hasattr(simulator, field) for field in NEEDED)}
        rows = [row for name, simulator in coupled.items() for row in _curve(name, simulator, int(rng.integers(2**62)))]
        return DataFrame(rows, columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """Dots with intervals over the coupling."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales
        from headroom.analyses import _style as style

        if table.empty:
            return layout.said("No system of this study is made of coupled oscillators.")
        panels = list(table["system"].unique())
        figure, axes = layout.panes(len(panels), height=3.0, across=2)
        for one, name in zip(axes, panels, strict=True):
            part = table[table["system"] == name].sort_values("coupling")
            first = part.iloc[0]
            bars = scales.whiskers(part["order_parameter"], part["low"], part["high"])
            one.errorbar(part["coupling"], part["order_parameter"], yerr=bars, color=style.PALETTE[0], marker="o", label="order parameter")
            one.axvline(first["own"], color=style.GREYS[1], linewidth=1.5, label="coupling of the study")
            if np.isfinite(first["critical_coupling"]):
                one.axvline(first["critical_coupling"], color=style.INK, linewidth=1, linestyle="--", label="critical coupling, N infinite")
            one.axhline(np.sqrt(np.pi / (4 * first["oscillators"])), color=style.INK, linewidth=0.8, linestyle=":", label="incoherent")
            layout.title(one, name, f"N = {first['oscillators']} oscillators, n = {first['runs']} runs")
            one.set_ylim(0, 1.02)
            one.set_xlabel("coupling K [rad/s]")
        axes[0].set_ylabel("order parameter r")
        layout.legend(figure)
        return figure


def _curve(name: str, simulator: Any, seed: int) -> list[dict[str, Any]]:
    """The order parameter at couplings from 0 to past the critical and the study's own."""
    critical = critical_coupling(np.asarray(simulator.frequencies), simulator.diffusion)
    top = 1.5 * max(abs(simulator.coupling), critical if np.isfinite(critical) else 0.0) or 1.0
    rows = []
    for coupling in np.linspace(0, top, STEPS):
        recording = replace(simulator, coupling=float(coupling)).simulate(lambda trial: np.random.default_rng([seed, trial]))
        synchrony = np.abs(np.exp(1j * recording.extras["phase"]).mean(axis=2)).mean(axis=1)  # (trial,)
        mean, reach = synchrony.mean(), _half_width(synchrony)
        row = {
            "system": name,
            "coupling": coupling,
            "order_parameter": mean,
            "low": mean - reach,
            "high": mean + reach,
            "own": simulator.coupling,
        }
        rows.append(row | {"critical_coupling": critical, "oscillators": recording.extras["phase"].shape[2], "runs": len(synchrony)})
    return rows


def critical_coupling(frequencies: np.ndarray, diffusion: float) -> float:
    """Kc [rad/s] of infinitely many oscillators with these frequencies (oscillator,) [rad/s] and phase diffusion [rad^2/s].

    Incoherence loses its stability where 1 = K/2 mean_j 1 / (D + i (omega_j - nu)) for a real nu (Strogatz and Mirollo 1991).
    Infinite without noise, where single frequencies carry no density.
    """
    if diffusion <= 0:
        return float("inf")
    nu = np.linspace(frequencies.min() - diffusion, frequencies.max() + diffusion, 4001)
    response = (1 / (diffusion + 1j * (frequencies[:, None] - nu))).mean(axis=0)
    crossing = np.flatnonzero(np.signbit(response.imag[1:]) != np.signbit(response.imag[:-1]))
    return float(2 / response.real[crossing].max())


def _half_width(values: np.ndarray) -> float:
    from scipy.stats import t

    count = len(values)
    return float(t.ppf(0.975, count - 1) * values.std(ddof=1) / np.sqrt(count)) if count > 1 else float("nan")
