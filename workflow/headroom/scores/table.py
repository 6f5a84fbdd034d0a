"""The scores: every metric per trial and pooled, per target and over all, for every seed of every model."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from headroom.core.protocols import Metric
from headroom.scores.condition import SCORES
from headroom.scores.gather import Part, panels
from headroom.scores.panel import Panel
from headroom.scores.tally import join

if TYPE_CHECKING:
    from pandas import Categorical, DataFrame

REASONS = ("constant target or prediction, or a class is absent", "prediction not finite")
"""Why a value is undefined."""


def score_table(parts: Sequence[Part], metrics: Mapping[str, Metric]) -> "DataFrame":
    """Rows of `results/scores.parquet`, text as categories; an undefined value is null with the reason in note."""
    return join(_scores(panel, cells, sums) for panel in panels(parts, metrics) for cells, sums in panel.batches(len(panel.units)))


def _scores(panel: Panel, cells: np.ndarray, sums: np.ndarray) -> "DataFrame":
    """Scores of some cells with one number of seeds, from sums (cell, seed, unit, target, statistic)."""
    import pandas

    sums = np.concatenate((sums, sums.sum(axis=2, keepdims=True)), axis=2)  # the last unit is the pool of all
    values = panel.evaluate(sums)  # (cell, seed, unit, column)
    named = panel.describe()
    columns: dict[str, Any] = {name: _text([named[name][i] for i in cells], values.shape, 0) for name in named if name != "horizon"}
    columns["horizon"] = _spread(np.array([named["horizon"][i] for i in cells], dtype=float), values.shape, 0)
    seeds = np.array([[-1 if seed is None else seed for seed in panel.cells[i].seeds] for i in cells])
    columns["seed"] = _whole(np.broadcast_to(seeds[:, :, None, None], values.shape).ravel())
    columns["trial"] = _whole(_spread(np.append(panel.units, -1), values.shape, 2))
    columns["target"] = _text(panel.columns, values.shape, 3)
    columns["value"] = np.where(np.isfinite(values), values, np.nan).ravel()
    columns["note"] = pandas.Categorical.from_codes(_reasons(panel, sums, values).ravel(), REASONS)
    return pandas.DataFrame({name: columns[name] for name in SCORES})


def _reasons(panel: Panel, sums: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Index into REASONS of each undefined value, else -1: (cell, seed, unit, column)."""
    finite = np.isfinite(sums).all(axis=-1)  # (cell, seed, unit, target)
    pooled = finite.all(axis=-1, keepdims=True)
    known = np.concatenate((finite, pooled), axis=-1) if panel.measure.per_target else pooled
    return np.where(np.isfinite(values), -1, np.where(known, 0, 1))


def _spread(items: np.ndarray, shape: tuple[int, ...], axis: int) -> np.ndarray:
    """`items` along one axis of an array of `shape`, flat."""
    return np.broadcast_to(items.reshape([-1 if i == axis else 1 for i in range(len(shape))]), shape).ravel()


def _text(items: Sequence[Any], shape: tuple[int, ...], axis: int) -> "Categorical":
    import pandas

    codes, names = pandas.factorize(np.array(items, dtype=object))
    return pandas.Categorical.from_codes(_spread(codes, shape, axis), names)


def _whole(items: np.ndarray) -> Any:
    """Nullable whole numbers, where -1 stands for null."""
    import pandas

    return pandas.arrays.IntegerArray(items.astype(np.int64), items < 0)
