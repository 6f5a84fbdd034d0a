"""What each cell is measured against: the chosen floor, the chosen linear predictor and the ceilings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from headroom.core.protocols import Metric
from headroom.scores.gather import Part, panels
from headroom.scores.panel import Cell, Panel

Choices = dict[tuple[object, ...], str]
"""The best model by (place, trained noise, task, offset, role); task and offset None: at the shortest horizon of any task."""


@dataclass(frozen=True)
class Anchors:
    """Of each cell of a panel, the cells that it is measured against; -1 where there is none."""

    floor: np.ndarray  # (cell,)
    linear: np.ndarray  # (cell,)
    ceiling: np.ndarray  # (cell,): the primary one
    ceilings: tuple[tuple[int, ...], ...]


def choose(parts: Sequence[Part], primary: str, measure: Metric) -> Choices:
    """The best trivial and the best linear model of each condition, task and offset by pooled loss on the subset "choose"."""
    ranked: dict[tuple[object, ...], tuple[int, float, str]] = {}
    for panel in panels(parts, {primary: measure}, "choose"):
        for cell, mean in zip(panel.cells, panel.means, strict=True):
            if cell.role in ("trivial", "linear") and cell.noise == cell.condition.noise and np.isfinite(mean[-1]):
                candidate = (cell.offset, -panel.sign * float(mean[-1]), cell.model)
                for task, offset in ((panel.task, cell.offset), (None, None)):
                    key = (cell.condition.place, cell.condition.noise, task, offset, cell.role)
                    ranked[key] = min(ranked.get(key, candidate), candidate)
    return {key: model for key, (_, _, model) in ranked.items()}


def anchor(panel: Panel, choices: Choices) -> Anchors:
    """The anchors of every cell.

    A ceiling is not trained: any condition that holds it for the noise level and offset serves. A roll-out repeats its
    model's shortest forecast, so the choice made there stands for it.
    """
    fitted = {(cell.condition.noise, cell.noise, cell.offset, cell.model): i for i, cell in enumerate(panel.cells)}
    oracles: dict[tuple[object, ...], dict[str, int]] = {}
    for i, cell in enumerate(panel.cells):
        if cell.role == "ceiling":
            oracles.setdefault((cell.noise, cell.offset), {}).setdefault(cell.model, i)

    def chosen(cell: Cell, role: str) -> int:
        own = (cell.condition.place, cell.condition.noise)
        model = choices.get((*own, panel.task, cell.offset, role), choices.get((*own, None, None, role), ""))
        return fitted.get((cell.condition.noise, cell.noise, cell.offset, model), -1)

    def above(cell: Cell) -> Mapping[str, int]:
        there = oracles.get((cell.noise, cell.offset), {})
        return {name: fitted.get((cell.condition.noise, cell.noise, cell.offset, name), i) for name, i in there.items()}

    known = [above(cell) for cell in panel.cells]
    return Anchors(
        floor=np.array([chosen(cell, "trivial") for cell in panel.cells]),
        linear=np.array([chosen(cell, "linear") for cell in panel.cells]),
        ceiling=np.array([names.get(cell.condition.ceiling or "", -1) for cell, names in zip(panel.cells, known, strict=True)]),
        ceilings=tuple(tuple(names.values()) for names in known),
    )
