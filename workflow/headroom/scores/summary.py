"""The summary: each score with its interval, between the floor, the linear predictor and the ceiling of its cell."""

from typing import TYPE_CHECKING

import numpy as np

from headroom.scores.anchors import Anchors
from headroom.scores.condition import SUMMARY
from headroom.scores.intervals import Intervals
from headroom.scores.panel import Panel
from headroom.scores.question import Question
from headroom.scores.skill import Skill, skill

if TYPE_CHECKING:
    from pandas import DataFrame

UNDEFINED = "undefined: constant target or prediction, absent class, or a prediction that is not finite"
UNSTABLE = "no interval: undefined in some resamples"


def summary_rows(intervals: Intervals, anchors: Anchors, errors: Panel | None, *, primary: bool) -> "DataFrame":
    """Rows of `results/summary.parquet` of one panel; skill is that of the study's primary metric."""
    import pandas

    panel = intervals.panel
    score = intervals.answer(Question(panel, np.arange(len(panel.cells))))
    unknown = Skill(np.full(score.value.shape, np.nan), np.full(score.value.shape, None, dtype=object))
    earned = skill(intervals, anchors, errors) if primary else unknown
    width = len(panel.columns)
    columns = {name: np.repeat(np.array(items, dtype=object), width) for name, items in panel.describe().items()}
    columns["horizon"] = columns["horizon"].astype(float)
    columns["target"] = np.tile(np.array(panel.columns, dtype=object), len(panel.cells))
    numbers = {"mean": score.value, "low": score.low, "high": score.high, "skill": earned.value}
    numbers |= {name: _at(panel, getattr(anchors, name)) for name in ("floor", "linear", "ceiling")}
    columns |= {name: np.where(np.isfinite(values), values, np.nan).ravel() for name, values in numbers.items()}
    seeds = [None if cell.seeds == (None,) else len(cell.seeds) for cell in panel.cells]
    frame = pandas.DataFrame(columns).assign(
        seeds=pandas.array(np.repeat(np.array(seeds, dtype=object), width), dtype="Int64"),
        ceiling_name=np.repeat(np.array([panel.cells[i].model if i >= 0 else None for i in anchors.ceiling], dtype=object), width),
        note=_notes(score.value, score.low, score.note, earned.reason).ravel(),
    )
    return frame[list(SUMMARY)]


def _at(panel: Panel, index: np.ndarray) -> np.ndarray:
    """Means (cell, column) of the cells at `index`; NaN where that is -1."""
    return np.where(index[:, None] >= 0, panel.means[index], np.nan)


def _notes(mean: np.ndarray, low: np.ndarray, why: np.ndarray, skill_reason: np.ndarray) -> np.ndarray:
    """All reasons of a row in one line, None where nothing is missing: (cell, column)."""
    interval = np.where(np.isnan(low), np.array([UNSTABLE if item is None else f"no interval: {item}" for item in why])[:, None], "")
    notes = np.full(mean.shape, None, dtype=object)
    for place in np.ndindex(mean.shape):
        if not np.isfinite(mean[place]):
            notes[place] = UNDEFINED
        elif interval[place] or skill_reason[place]:
            notes[place] = "; ".join(str(text) for text in (interval[place], skill_reason[place]) if text)
    return notes
