"""The trajectories of a study of hidden states: true states, what was observed, reconstructions, and codes of networks that have one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from headroom.analyses._rows import PLACE, reconstructed, tidy

if TYPE_CHECKING:
    from pandas import DataFrame

TRUE, OBSERVED, RECONSTRUCTED, CODE = "true states", "observed", "reconstruction", "code"
NOTHING = "No study of hidden states: nothing in it asks for the states of a system."


@dataclass(frozen=True)
class Trajectory:
    """One of them, over the first test trial's excerpt."""

    panel: str
    noise: str
    what: str
    values: np.ndarray  # (time, channel)
    dt: float
    """From one point to the next [s]."""
    model: str = ""
    role: str = "model"
    order: int = 0

    @property
    def label(self) -> str:
        """How a figure calls it."""
        return {RECONSTRUCTED: self.model, CODE: f"{self.model}, code"}.get(self.what, self.what)


def trajectories(sources: Mapping[str, DataFrame], learned: int = 2) -> list[Trajectory]:
    """Those of every place of the study: the truth, the best linear model, the best models, ceilings, and every code; none elsewhere."""
    rows = reconstructed(sources, learned)
    rows = rows[rows["role"] != "trivial"] if len(rows) else rows
    return [one for panel, part in rows.groupby("panel", sort=False) for one in _of_panel(str(panel), part, sources["explanations"])]


def _of_panel(panel: str, part: DataFrame, explanations: DataFrame) -> Iterator[Trajectory]:
    answers, seen = part[part["part"] == "target"], part[part["part"] == "input"]
    noise, dt = str(part["noise"].iloc[0]), float(np.diff(np.unique(answers["time"])).min(initial=np.inf))
    if not np.isfinite(dt):
        return
    known: dict[str, Any] = {"panel": panel, "noise": noise, "dt": dt}
    first = answers[answers["model"] == answers["model"].iloc[0]]
    yield Trajectory(what=TRUE, values=_matrix(first, "truth"), **known)
    if len(seen):
        yield Trajectory(what=OBSERVED, values=_matrix(seen[seen["model"] == seen["model"].iloc[0]], "truth"), **known)
    for (model, role, order), rows in answers.groupby(["model", "role", "order"], sort=False):
        yield Trajectory(
            what=RECONSTRUCTED, values=_matrix(rows, "prediction"), model=str(model), role=str(role), order=int(order), **known
        )
    for model, rows in _codes(part, explanations):
        place = answers.loc[answers["model"] == model, "order"]
        yield Trajectory(what=CODE, values=rows, model=model, order=int(place.iloc[0]) if len(place) else 0, **known)


def _matrix(rows: DataFrame, column: str) -> np.ndarray:
    """(time, channel), channels in their order."""
    return rows.pivot_table(index="time", columns="channel", values=column, sort=False).sort_index().to_numpy()


def _codes(part: DataFrame, explanations: DataFrame) -> Iterator[tuple[str, np.ndarray]]:
    """Codes (time, unit) of the models of this place that were asked for one."""
    if explanations.empty or "what" not in explanations:
        return
    told = tidy(explanations[explanations["what"] == CODE])
    for name in (*PLACE, "noise"):
        told = told[told[name] == part[name].iloc[0]] if name in told else told
    for model, rows in told.groupby("model", sort=False):
        yield str(model), rows.pivot_table(index="row", columns="column", values="value").sort_index().to_numpy()
