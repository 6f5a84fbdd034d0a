"""Paired comparisons: each model against the floor, the linear predictor and every ceiling, on identical examples."""

from typing import TYPE_CHECKING

import numpy as np

from headroom.scores.anchors import Anchors
from headroom.scores.condition import COMPARISONS
from headroom.scores.intervals import Intervals
from headroom.scores.panel import POOLED
from headroom.scores.question import Question

if TYPE_CHECKING:
    from pandas import DataFrame


def comparison_rows(intervals: Intervals, anchors: Anchors) -> "DataFrame":
    """Differences of the pooled score for all targets; positive where the model is better, whatever the metric's direction."""
    import pandas

    panel = intervals.panel
    pairs = _pairs(intervals, anchors)
    cells, against = (np.array([pair[i] for pair in pairs], dtype=int) for i in (0, 1))
    question = Question(panel, cells, against, first=-1)
    columns = {name: np.array(items, dtype=object)[cells] for name, items in panel.describe().items()}
    frame = pandas.DataFrame(columns).astype({"horizon": float})
    if not pairs:
        return frame.reindex(columns=list(COMPARISONS))
    answer, (variance, number) = intervals.answer(question), question.seed_variance()
    seeds = np.array([None if panel.cells[i].seeds == (None,) else len(panel.cells[i].seeds) for i in cells], dtype=object)
    numbers = {"difference": answer.value, "low": answer.low, "high": answer.high, "p_one_sided": answer.p_one_sided}
    frame = frame.assign(
        target=POOLED,
        against=[panel.cells[i].model for i in against],
        against_role=[role for _, _, role in pairs],
        direction="higher is better" if panel.sign > 0 else "lower is better",
        **{name: np.where(np.isfinite(values), values, np.nan)[:, 0] for name, values in numbers.items()},
        runs=len(panel.units),
        seeds=pandas.array(seeds, dtype="Int64"),
        seed_sd=np.where(number > 1, np.sqrt(variance * number), np.nan)[:, 0],
        note=np.where(np.isfinite(answer.value[:, 0]), answer.note, "undefined"),
    )
    return frame[list(COMPARISONS)]


def _pairs(intervals: Intervals, anchors: Anchors) -> list[tuple[int, int, str]]:
    """(cell, the cell it is held against, that one's role), the oracles themselves left out."""
    cells = intervals.panel.cells
    pairs = []
    for i, cell in enumerate(cells):
        if cell.role != "ceiling":
            rivals = [(int(anchors.floor[i]), "floor"), (int(anchors.linear[i]), "linear")]
            rivals += [(j, cells[j].gives or "reference") for j in anchors.ceilings[i]]
            pairs += [(i, j, role) for j, role in rivals if j not in (i, -1)]
    return pairs
