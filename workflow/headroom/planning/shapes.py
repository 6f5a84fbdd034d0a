"""Sizes of recordings, signals and datasets from settings alone; a task and a split are tried on an empty recording of that size."""

from dataclasses import replace
from typing import Any

from headroom.config.components import instance
from headroom.config.empty import Empty, enough
from headroom.config.loading import Config
from headroom.config.plan import Condition
from headroom.core.errors import HeadroomError
from headroom.core.shape import DataShape, Extent
from headroom.planning.held_out import HeldOut, held_out
from headroom.planning.recordings import extent_of

UNKNOWN_CHANNELS = 10
"""Channels of a system that does not say how many it has."""


class Shapes:
    """Sizes by system and by condition, each worked out once; `guessed` names what had to be assumed, `few` where tests are small."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.guessed: dict[str, str] = {}
        self.few: dict[str, str] = {}
        self._recordings: dict[str, Extent] = {}
        self._signals: dict[tuple[str, str], Extent] = {}
        self._datasets: dict[tuple[Any, ...], DataShape] = {}

    def recording(self, system: str) -> Extent:
        """A system's states."""
        if system not in self._recordings:
            self._recordings[system] = self._extent(system, instance("simulators", self.config.specs["systems"][system]))
        return self._recordings[system]

    def recorded(self, system: str) -> int:
        """Numbers in a system's whole recording, which may hold more than its states."""
        simulator = instance("simulators", self.config.specs["systems"][system])
        return max(self.recording(system).values, getattr(simulator, "size", lambda: 0)())

    def signal(self, system: str, sensor: str) -> Extent:
        """What a sensor gives of a system; noise leaves sizes alone."""
        key = (system, sensor)
        if key not in self._signals:
            extent = self.recording(system)
            for step in self.config.specs["sensors"][sensor]:
                change = getattr(instance("observations", step), "extent", None)
                extent = change(extent) if change else extent
            self._signals[key] = extent
        return self._signals[key]

    def dataset(self, condition: Condition) -> DataShape:
        """A condition's examples; levels of a ladder are alike."""
        key = (condition.system, condition.sensor, condition.task, condition.split)
        if key not in self._datasets:
            self._datasets[key] = self._cut(condition, self.signal(condition.system, condition.sensor))
        return self._datasets[key]

    def _names(self, system: str) -> tuple[str, ...]:
        """Of the parameters that differ from trial to trial, where the simulator says them."""
        return tuple(getattr(instance("simulators", self.config.specs["systems"][system]), "names", ())) or ("parameter",)

    def _extent(self, system: str, simulator: Any) -> Extent:
        if hasattr(simulator, "extent"):
            stated: Extent = simulator.extent()
            return stated
        if hasattr(simulator, "files"):
            found, words = extent_of(simulator)
            self.guessed |= {f"systems: {system}": words} if words else {}
            return found
        trials, samples = getattr(simulator, "trials", 1), getattr(simulator, "samples", 1000)
        if hasattr(simulator, "size"):
            return Extent(trials, samples, max(1, simulator.size() // (trials * samples)))
        self.guessed[f"systems: {system}"] = f"does not say its number of channels (`extent`): {UNKNOWN_CHANNELS} assumed"
        return Extent(trials, samples, UNKNOWN_CHANNELS)

    def _cut(self, condition: Condition, extent: Extent) -> DataShape:
        task = instance("tasks", self.config.specs["tasks"][condition.task])
        split = instance("splits", self.config.specs["splits"][condition.split])
        try:
            shape, test = _tried(task, split, extent, self.recording(condition.system).channels, self._names(condition.system))
        except (HeadroomError, ValueError, KeyError, IndexError) as error:
            self.guessed[f"{condition.task} of {condition.system}"] = f"examples are estimated ({error})"
            return _assumed(task, extent)
        through = "" if condition.sensor == "identity" else f" through {condition.sensor}"
        self.few |= {f"{condition.task} of {condition.system}{through}, {condition.split}": test.warning} if test.warning else {}
        return shape


def _tried(task: Any, split: Any, extent: Extent, states: int, parameters: tuple[str, ...]) -> tuple[DataShape, HeldOut]:
    whole = task.kind_of_target == "window"  # an example is a trial, however long
    small = replace(extent, samples=enough(task, extent))
    empty = Empty(small, parameters)
    examples, target = task.examples(empty.recording, empty.signal), task.target(empty.recording, empty.signal)
    dataset = split.apply(examples, target, empty.recording)
    longer = 1.0 if whole else _windows(examples, extent.samples) / _windows(examples, small.samples)
    train, valid, test = (round(longer * len(part)) for part in (dataset.train, dataset.valid, dataset.test))
    targets = {"ahead": extent.channels, "same_time": states}.get(target.kind, len(target.names))
    offsets, length = examples.offsets, extent.samples if whole else examples.length
    shape = DataShape(extent, targets, len(offsets), max(0, *offsets), length, train, valid, test, task.rollout)
    return shape, held_out(dataset.test, longer)


def _windows(examples: Any, samples: int) -> int:
    return int(samples - examples.length - max(0, *examples.offsets) + 1)


def _assumed(task: Any, extent: Extent) -> DataShape:
    """The usual shares of one window a sample."""
    windows = extent.trials * max(1, extent.samples - getattr(task, "window", 1))
    train, valid, test = (round(share * windows) for share in (0.6, 0.2, 0.2))
    return DataShape(extent, extent.channels, 1, 1, getattr(task, "window", 1), train, valid, test)
