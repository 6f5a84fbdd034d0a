"""Panels of simulated scores, for tests of intervals: each cell is an experiment of its own with a known truth."""

from functools import partial

import numpy as np

from headroom.core.randomness import stream
from headroom.metrics.mse import Mse
from headroom.scores.condition import Condition
from headroom.scores.intervals import Intervals
from headroom.scores.panel import Cell, Panel
from headroom.scores.resampling import Resampler

PLACE = Condition(study="made_up", system="made_up", sensor="identity", split="by_trial", dt=0.1, noise="0.1", unit="mV")


def intervals_of(values, condition=PLACE, *, metric=None, draws=1000):
    """Intervals of mean scores from values (cell, seed, unit): each unit counts as ten examples of one target."""
    values = np.asarray(values, dtype=float)
    sums = np.stack((10 * values, np.full_like(values, 10)), axis=-1)[:, :, :, None, :]
    seeds = (None,) if values.shape[1] == 1 else tuple(range(values.shape[1]))
    cells = tuple(Cell(condition, None, 1, f"m{i}", "model", None, seeds) for i in range(len(values)))
    panel = Panel("forecast", "mse", metric or Mse(), ("x",), tuple(range(values.shape[2])), cells, tuple(sums))
    return Intervals(panel, Resampler(condition.system, partial(stream, 1, "intervals"), draws))


def crossed(experiments, seeds, runs, rng, *, seed_sd, run_sd, rest_sd):
    """Scores (experiment, seed, run) = truth 1 + seed effect + run effect + the rest."""
    shape = (experiments, seeds, runs)
    effects = seed_sd * rng.normal(size=shape[:2])[:, :, None] + run_sd * rng.normal(size=(experiments, 1, runs))
    return 1 + effects + rest_sd * rng.normal(size=shape)
