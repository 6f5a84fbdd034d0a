"""Errors over the time within a run: sums in stretches of every test run, of forecasts and other numbers."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from headroom.core.examples import Examples
from headroom.scores.evaluation import Entry, Points

if TYPE_CHECKING:
    from pandas import DataFrame

STRETCHES = 20
"""Equal stretches between the first and the last target of all runs, at most."""
LEAST = 8
"""Targets that a run has in a stretch on average, at least."""


def positions(entry: Entry, examples: Examples, points: Points, **columns: Any) -> Iterator["DataFrame"]:
    """Rows of trial, time [s] (a stretch's middle), horizon [s], squared, fourth, noise_squared, samples: sums over a stretch.

    Of the first seed's answers `points` at the first offset. `squared` and `fourth` are powers of the errors, `noise_squared` is
    of the measurement noise, null where that is unknown; `samples` counts. `columns`, such as the task, are put beside every row.
    """
    from pandas import DataFrame

    point, edges = next(iter(points.values())), _edges(examples)
    offset = examples.offsets[0]
    for trial in np.unique(examples.trial):
        mine = examples.trial == trial
        run = examples.take(mine)
        sums = _sums(run, point[mine, 0])
        place = np.clip(np.searchsorted(edges, run.last + offset, side="right") - 1, 0, len(edges) - 2)
        total = np.zeros((len(edges) - 1, sums.shape[1]))
        np.add.at(total, place, sums)
        rows = DataFrame(total, columns=["squared", "fourth", "noise_squared", "samples"])
        rows = rows.assign(trial=trial, time=(edges[:-1] + edges[1:]) / 2 * run.track.dt, horizon=max(offset, 0) * run.track.dt or np.nan)
        yield rows[rows["samples"] > 0].assign(model=entry.name, role=entry.role, unit=run.track.unit, **columns)


def _edges(examples: Examples) -> np.ndarray:
    """Borders of the stretches [samples]."""
    when = examples.last + examples.offsets[0]
    stretches = min(STRETCHES, max(1, len(np.unique(when)) // LEAST))
    return np.linspace(when.min(), when.max(), stretches + 1)


def _sums(run: Examples, point: np.ndarray) -> np.ndarray:
    """Sums over targets (example, 4): squared and fourth power of the error, squared noise, and how many targets."""
    truth = run.targets()[:, 0]
    squared = (point - truth) ** 2
    noise = (truth - run.targets(clean=True)[:, 0]) ** 2 if run.track.clean is not None else np.full(truth.shape, np.nan)
    return np.stack([squared, squared**2, noise, np.ones_like(truth)], axis=2).sum(axis=1)
