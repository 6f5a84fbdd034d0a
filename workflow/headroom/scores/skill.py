"""Skill: (floor loss - model loss) / (floor loss - ceiling loss), where that distance is wide enough to divide by."""

from dataclasses import dataclass

import numpy as np

from headroom.scores.anchors import Anchors
from headroom.scores.intervals import Intervals
from headroom.scores.panel import Panel
from headroom.scores.question import Question

NARROW = 0.05
"""A distance below this share of the floor's loss is too narrow to divide by."""


@dataclass(frozen=True)
class Skill:
    """Skill of every cell and why it is unknown, both (cell, column)."""

    value: np.ndarray
    reason: np.ndarray


def skill(intervals: Intervals, anchors: Anchors, errors: Panel | None) -> Skill:
    """Ratios of mean losses over the same test examples, never clipped; `errors` is the panel of squared errors, for the excess."""
    panel = intervals.panel
    value = np.full(panel.means.shape, np.nan)
    reason = np.full(value.shape, None, dtype=object)
    reason[anchors.floor < 0] = "no skill: no trivial model was chosen"
    reason[anchors.ceiling < 0] = "no skill: no ceiling is known"
    rows = np.flatnonzero((anchors.floor >= 0) & (anchors.ceiling >= 0))
    if len(rows):
        gap, why = _gaps(intervals, anchors.floor[rows], anchors.ceiling[rows])
        gained = panel.sign * (panel.means[rows] - panel.means[anchors.floor[rows]])
        wide = why == ""
        value[rows] = np.where(wide, gained / np.where(wide, gap, 1.0), np.nan)
        why[wide] = None
        reason[rows] = why
        _add_excess(panel, anchors, errors, rows, reason)
    return Skill(value, reason)


def _gaps(intervals: Intervals, floor: np.ndarray, ceiling: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Floor loss - ceiling loss, and why it cannot be divided by ("" where it can), both (row, column)."""
    pairs, inverse = np.unique(np.stack((floor, ceiling)), axis=1, return_inverse=True)
    gap = intervals.answer(Question(intervals.panel, pairs[1], pairs[0]))
    means = intervals.panel.means[pairs[0]]
    loss = 1 - means if intervals.panel.sign > 0 else means
    why = np.full(gap.value.shape, "", dtype=object)
    why[gap.value < NARROW * loss] = f"no skill: floor - ceiling is below {100 * NARROW:g} % of the floor's loss"
    why[gap.low <= 0] = "no skill: the lower 95 % limit of floor - ceiling is not above 0"
    for row, column in np.argwhere(np.isnan(gap.low)):
        why[row, column] = f"no skill: floor - ceiling has no interval ({gap.note[row] or 'undefined'})"
    return gap.value[inverse], why[inverse]


def _add_excess(panel: Panel, anchors: Anchors, errors: Panel | None, rows: np.ndarray, reason: np.ndarray) -> None:
    """Where skill is unknown, what the model loses to the ceiling in physical units."""
    place = {} if errors is None else {_identity(errors, i): i for i in range(len(errors.cells))}
    for row in rows:
        own, best = place.get(_identity(panel, row)), place.get(_identity(panel, anchors.ceiling[row]))
        if errors is None or own is None or best is None:
            continue
        excess = errors.means[own] - errors.means[best]
        name = panel.cells[anchors.ceiling[row]].model
        for column in np.flatnonzero([text is not None for text in reason[row]]):
            lost = excess[errors.columns.index(panel.columns[column])]
            reason[row, column] += f"; excess MSE over {name} {lost:.3g} {errors.unit}".rstrip()


def _identity(panel: Panel, row: int) -> tuple[object, ...]:
    cell = panel.cells[row]
    return cell.condition.noise, cell.noise, cell.offset, cell.model
