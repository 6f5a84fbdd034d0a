"""Axes that say what they measure: units, intervals, numbers of runs, logarithmic scales with plain numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pandas import DataFrame


ACRONYMS = ("r2", "mse", "rmse", "nrmse", "mae", "auc", "f1")


def measured(quantity: str, unit: object) -> str:
    """An axis label with its unit; a signal without one says so."""
    return f"{quantity} [{unit}]" if isinstance(unit, str) and unit else f"{quantity} [no unit]"


def named(metric: str, unit: object) -> str:
    """An axis label of a metric by its own name, with the unit where it has one."""
    words = " ".join(part.upper() if part in ACRONYMS else part for part in metric.split("_"))
    return f"{words} [{unit}]" if isinstance(unit, str) and unit else words


def counted(table: DataFrame) -> str:
    """How many test runs and seeds a panel rests on, in words; a test run is a trial, or a block where only one trial is tested."""
    known = {name: table[name].dropna() for name in ("runs", "seeds") if name in table}  # null where nothing has seeds
    found = [(known[name].max(), word) for name, word in (("runs", "test run"), ("seeds", "seed")) if len(known.get(name, ()))]
    parts = [f"{int(number)} {word}{'' if number == 1 else 's'}" for number, word in found if number > 0]
    parts += ["no interval known"] if "low" in table and table["low"].isna().all() else []
    return f"n = {', '.join(parts)}" if parts else "n unknown"


def seeds(table: DataFrame) -> str:
    """Over how many seeds models were averaged, in words."""
    most = int(table["seeds"].max())
    return "1 seed" if most == 1 else f"up to {most} seeds"


def whiskers(value: Any, low: Any, high: Any) -> np.ndarray:
    """Distances (2, value) for error bars; where an interval is unknown, none is drawn."""
    middle = np.asarray(value, dtype=float)
    reach = np.stack([middle - np.asarray(low, dtype=float), np.asarray(high, dtype=float) - middle])
    return np.nan_to_num(np.clip(reach, 0.0, None))


def decimal(axis: Any, ticks: int = 5) -> None:
    """Plain numbers beside a logarithmic axis."""
    _logarithmic(axis, lambda value: f"{value:g}", ticks)


def towards_one(axis: Any, ticks: int = 5) -> None:
    """Turn an axis of 1 - R2 into a logarithmic one whose numbers are R2, the best at its upper end."""
    axis.axes.set_xscale("log") if axis.axis_name == "x" else axis.axes.set_yscale("log")
    axis.set_inverted(True)
    _logarithmic(axis, lambda value: f"{1 - value:.6g}", ticks)


def _logarithmic(axis: Any, words: Any, ticks: int) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

    low, high = sorted(axis.get_view_interval())
    spaced = LogLocator(subs=(1.0,) if high > 100 * low else (1.0, 2.0, 5.0), numticks=ticks)
    shown = [value for value in spaced.tick_values(low, high) if low <= value <= high]
    axis.set_major_locator(spaced if len(shown) > 1 else MaxNLocator(ticks - 1, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: words(value)))
    axis.set_minor_locator(NullLocator())
