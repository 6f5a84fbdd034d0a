"""Whether a task's windows and a split's parts fit into the trials of systems whose length is known before anything runs."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path as File
from typing import Any

from headroom.config.components import instance
from headroom.config.empty import Empty, enough
from headroom.config.general import Specs
from headroom.config.problems import Path, Problem
from headroom.config.study import Selection
from headroom.core.errors import HeadroomError
from headroom.core.randomness import streams
from headroom.core.recording import Recording
from headroom.core.shape import Extent

SMALL = 5_000_000
"""Recordings below this size are read, as their own check does [bytes]; how long larger ones are only their job says."""
MOST = 20_000_000
"""Samples of all trials beyond which nothing is tried at full length."""
Found = tuple[str, str] | None
"""A key of the selection and what is wrong with it."""


class Lengths:
    """Tries each task and split on each system once, however many selections name them."""

    def __init__(self, specs: Mapping[str, Specs]) -> None:
        self.specs = specs
        self._recordings: dict[str, Recording | None] = {}
        self._tried: dict[tuple[str, str, str, str], Found] = {}

    def problems(self, path: Path, selection: Selection) -> Iterator[Problem]:
        """A problem for each system of the selection that leaves no window, or no example for a part of the split."""
        for system in selection.systems:
            key = (system, selection.sensor, selection.task, selection.split)
            if key not in self._tried:
                self._tried[key] = self._try(*key)
            if found := self._tried[key]:
                yield Problem((*path, found[0]), found[1])

    def _try(self, system: str, sensor: str, task: str, split: str) -> Found:
        specs = [self.specs[section].get(name) for section, name in (("systems", system), ("tasks", task), ("splits", split))]
        states = self._states(system, specs[0]) if specs[0] and specs[1] else None
        if states is None or states.samples < 1 or states.trials < 1:
            return None
        seen, asked = self._seen(states, sensor), instance("tasks", specs[1] or {})
        span = _span(asked)
        if seen.samples < span:
            mend = f"shorten tasks.{task} or {'bring a longer recording' if self._recordings.get(system) else f'lengthen systems.{system}'}"
            words = f"{system!r} has trials of {seen.samples} samples, a window with its furthest horizon spans {span}; {mend}"
            return "task", words
        why = self._cut(system, seen, asked, instance("splits", specs[2])) if specs[2] else ""
        field, _, words = why.partition("s: ")
        windows = f"; one spans {span} with its furthest horizon (tasks.{task})" if words.startswith("no window") else ""
        trials = f"{seen.trials} trial{'s' * (seen.trials > 1)} of {seen.samples} samples"
        return (field, f"{system!r} has {trials}: {words}{windows}") if field in ("task", "split") else None

    def _states(self, system: str, spec: Mapping[str, Any]) -> Extent | None:
        """The size of a system's states; None where nobody knows it yet."""
        simulator = instance("simulators", spec)
        if hasattr(simulator, "extent"):
            stated: Extent = simulator.extent()
            return stated
        if system not in self._recordings:
            self._recordings[system] = _read(simulator) if hasattr(simulator, "files") else None
        recording = self._recordings[system]
        return None if recording is None else Extent(*recording.states.values.shape)

    def _seen(self, extent: Extent, sensor: str) -> Extent:
        """What the sensor gives of it; noise leaves sizes alone."""
        for step in self.specs["sensors"].get(sensor, []):
            change = getattr(instance("observations", step), "extent", None) if step else None
            extent = change(extent) if change else extent
        return extent

    def _cut(self, system: str, seen: Extent, task: Any, split: Any) -> str:
        """Why there are no examples of some part; empty where there are, or where it cannot be known."""
        recording = self._recordings.get(system)
        if recording is not None and recording.states.samples == seen.samples:
            return _refused(task, split, recording, recording)
        names = tuple(getattr(instance("simulators", self.specs["systems"][system]), "names", ())) or ("parameter",)
        why = ""
        for samples in dict.fromkeys((enough(task, seen), seen.samples)):
            if seen.trials * samples <= MOST:
                why = _refused(task, split, Empty(replace(seen, samples=samples), names).recording, None)
            if not why:
                break
        return why


def _read(simulator: Any) -> Recording | None:
    """A small recording; None for a large one, or for one that its own check complains of."""
    try:
        if sum(File(file).stat().st_size for file in simulator.files()) < SMALL:
            recording: Recording = simulator.simulate(streams(0))
            return recording
    except (HeadroomError, OSError):
        return None
    return None


def _refused(task: Any, split: Any, recording: Recording, real: Recording | None) -> str:
    """What task or split says against a recording; of one that is not real, labels are no matter."""
    try:
        examples, target = task.examples(recording, recording.states), task.target(recording, recording.states)
        kind = "same_time" if real is None and target.kind == "category" else target.kind
        split.apply(examples, replace(target, kind=kind), recording)
    except HeadroomError as error:
        return str(error)
    except (ValueError, LookupError, AttributeError, TypeError):  # not of its length: the job says what it is
        return ""
    return ""


def _span(task: Any) -> int:
    """Samples from a window's first to its furthest target."""
    ahead = max((*getattr(task, "offsets", ()), getattr(task, "look", 0)))
    return int(getattr(task, "window", 0) + ahead)
