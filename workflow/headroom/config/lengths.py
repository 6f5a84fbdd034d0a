"""Whether a task's windows fit into the trials of simulated systems, whose length is known before anything runs."""

from collections.abc import Iterator, Mapping
from typing import Any

from headroom.config.components import instance
from headroom.config.general import Specs
from headroom.config.problems import Path, Problem
from headroom.config.study import Selection


def too_short(path: Path, selection: Selection, specs: Mapping[str, Specs]) -> Iterator[Problem]:
    """A problem for each system of the selection whose trials hold no window with its furthest horizon."""
    task = specs["tasks"].get(selection.task)
    if not task:
        return
    span = _span(instance("tasks", task))
    for name in selection.systems:
        spec = specs["systems"].get(name)
        samples = _samples(instance("simulators", spec)) if spec else 0
        if 0 < samples < span:
            trials = f"{name!r} has trials of {samples} samples"
            words = f"{trials}, a window with its furthest horizon spans {span}; shorten tasks.{selection.task} or lengthen systems.{name}"
            yield Problem((*path, "task"), words)


def _samples(simulator: Any) -> int:
    """Of a trial; 0 or less where nobody knows yet, or its own settings already are a problem."""
    return int(simulator.extent().samples) if hasattr(simulator, "extent") else 0


def _span(task: Any) -> int:
    """Samples from a window's first to its furthest target."""
    ahead = max((*getattr(task, "offsets", ()), getattr(task, "look", 0)))
    return int(getattr(task, "window", 0) + ahead)
