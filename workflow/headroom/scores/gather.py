"""Gather the tallies of a study's conditions into panels."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from headroom.core.protocols import Metric
from headroom.scores.condition import Condition
from headroom.scores.panel import Cell, Panel

if TYPE_CHECKING:
    from pandas import DataFrame

Part = tuple[Condition, "DataFrame"]
"""A condition and its tallies."""


class Entry(NamedTuple):
    """One cell with its sums, and what these run over."""

    cell: Cell
    sums: np.ndarray  # (seed, unit, target, statistic)
    units: tuple[int, ...]
    targets: tuple[str, ...]


def panels(parts: Sequence[Part], metrics: Mapping[str, Metric], subset: str = "test") -> list[Panel]:
    """The tallies of all conditions of a study as panels, in the order in which they are met.

    Raises ValueError where the models of a condition do not share their trials and targets.
    """
    found: dict[tuple[Any, ...], list[Entry]] = {}
    for condition, frame in parts:
        for (task, metric), rows in frame[frame["subset"] == subset].groupby(["task", "metric"], observed=True, sort=False):
            if metric in metrics:
                for entry in (entry for alike in _alike(rows) for entry in _entries(condition, alike)):
                    found.setdefault((condition.place, str(task), str(metric), entry.units, entry.targets), []).append(entry)
    return [
        Panel(task, metric, metrics[metric], targets, units, tuple(entry.cell for entry in entries), tuple(entry.sums for entry in entries))
        for (_, task, metric, units, targets), entries in found.items()
    ]


def _alike(rows: "DataFrame") -> Iterator["DataFrame"]:
    """The rows of all that answer every unit, then of each ceiling that answers for some of them alone: it is paired with nothing."""
    ceilings = rows["role"] == "ceiling"
    units = rows[ceilings].groupby("model", observed=True)["unit"].nunique()
    some = units[units < rows["unit"].nunique()].index
    apart = ceilings & rows["model"].isin(some)
    yield rows[~apart] if len(some) else rows
    for name in some:
        yield rows[apart & (rows["model"] == name)]


def _entries(condition: Condition, rows: "DataFrame") -> Iterator[Entry]:
    """One entry per cell: rows that differ in their seed only belong to the same."""
    import pandas

    keys = ["tested", "offset", "model", "role", "ceiling_gives", "seed"]
    fit = rows.groupby(keys, observed=True, sort=False, dropna=False).ngroup().to_numpy()
    fits = rows[keys].iloc[np.unique(fit, return_index=True)[1]]
    sums, units, targets = _dense(fit, rows)
    members: dict[tuple[Any, ...], list[int]] = {}
    seeds = [None if pandas.isna(seed) else int(seed) for seed in fits["seed"]]
    for number, key in enumerate(fits[keys[:-1]].itertuples(index=False)):
        members.setdefault(tuple(None if pandas.isna(item) else item for item in key), []).append(number)
    for key, which in members.items():
        tested, offset, model, role, gives = key
        yield Entry(
            Cell(condition, tested, offset, model, role, gives, tuple(seeds[number] for number in which)), sums[which], units, targets
        )


def _width(rows: "DataFrame") -> int:
    """Statistics of the rows' metric: columns beyond are null throughout."""
    columns = [name for name in rows.columns if name[0] == "s" and name[1:].isdigit()]
    return 1 + max((place for place, name in enumerate(columns) if rows[name].notna().any()), default=0)


def _dense(fit: np.ndarray, rows: "DataFrame") -> tuple[np.ndarray, tuple[int, ...], tuple[str, ...]]:
    """Sums (fit, unit, target, statistic) with the units and the targets; raises ValueError where one is missing or twice there."""
    import pandas

    unit, units = pandas.factorize(rows["unit"], sort=True)
    target, targets = pandas.factorize(rows["target"])
    width = _width(rows)
    shape = (int(fit.max()) + 1, len(units), len(targets))
    place = np.ravel_multi_index((fit, unit, target), shape)
    if (np.bincount(place, minlength=int(np.prod(shape))) != 1).any():
        raise ValueError("the tallies of a condition differ between models in their trials or targets, or are there twice")
    sums = np.empty((len(place), width))
    sums[place] = rows[[f"s{k}" for k in range(width)]].to_numpy()
    sums[~np.isfinite(sums)] = np.nan  # unlike an infinity, it stays itself in every resample
    return sums.reshape(*shape, width), tuple(int(item) for item in units), tuple(str(item) for item in targets)
