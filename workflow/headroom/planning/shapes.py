"""Sizes of recordings, signals and datasets from settings alone; a task and a split are tried on an empty recording of that size."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from headroom.config.components import instance
from headroom.config.loading import Config
from headroom.config.plan import Condition
from headroom.core.errors import HeadroomError
from headroom.core.recording import Recording
from headroom.core.shape import DataShape, Extent
from headroom.core.signal import Signal
from headroom.planning.recordings import extent_of

CELLS = 400_000
"""Samples of all trials that a task and a split are tried on; beyond that a shorter recording stands for the whole."""
UNKNOWN_CHANNELS = 10
"""Channels of a system that does not say how many it has."""
CLASSES = 4
"""Classes of a label that only the recording knows."""


class Shapes:
    """Sizes by system and by condition, each worked out once; `guessed` names what had to be assumed."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.guessed: dict[str, str] = {}
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
            return _tried(task, split, extent, self.recording(condition.system).channels, self._names(condition.system))
        except (HeadroomError, ValueError, KeyError, IndexError) as error:
            self.guessed[f"{condition.task} of {condition.system}"] = f"examples are estimated ({error})"
            return _assumed(task, extent)


def _tried(task: Any, split: Any, extent: Extent, states: int, parameters: tuple[str, ...]) -> DataShape:
    whole = task.kind_of_target == "window"  # an example is a trial, however long
    small = replace(extent, samples=2 if whole else _enough(task, extent))
    empty = _Empty(small, parameters)
    examples, target = task.examples(empty.recording, empty.signal), task.target(empty.recording, empty.signal)
    dataset = split.apply(examples, target, empty.recording)
    longer = 1.0 if whole else _windows(examples, extent.samples) / _windows(examples, small.samples)
    train, valid, test = (round(longer * len(part)) for part in (dataset.train, dataset.valid, dataset.test))
    targets = {"ahead": extent.channels, "same_time": states}.get(target.kind, len(target.names))
    offsets, length = examples.offsets, extent.samples if whole else examples.length
    return DataShape(extent, targets, len(offsets), max(0, *offsets), length, train, valid, test, task.rollout)


def _windows(examples: Any, samples: int) -> int:
    return int(samples - examples.length - max(0, *examples.offsets) + 1)


def _enough(task: Any, extent: Extent) -> int:
    """Samples of a trial that stand for all of them: fifty windows at least."""
    span = getattr(task, "window", 1) + max(0, *getattr(task, "offsets", (0,)))
    return min(extent.samples, max(50 * span, CELLS // extent.trials))


def _assumed(task: Any, extent: Extent) -> DataShape:
    """The usual shares of one window a sample."""
    windows = extent.trials * max(1, extent.samples - getattr(task, "window", 1))
    train, valid, test = (round(share * windows) for share in (0.6, 0.2, 0.2))
    return DataShape(extent, extent.channels, 1, 1, getattr(task, "window", 1), train, valid, test)


class _Empty:
    """A recording of one channel that holds nothing new in any trial: its values take no memory."""

    def __init__(self, extent: Extent, parameters: tuple[str, ...]) -> None:
        self.extent, self.parameters = extent, parameters

    @cached_property
    def signal(self) -> Signal:
        """Any values, as long as they vary."""
        return Signal(self._spread(np.arange(self.extent.samples, dtype=float) % CLASSES), 1.0, ("channel",))

    @cached_property
    def recording(self) -> Recording:
        """With a label, its classes and parameters, for tasks that ask for them."""
        extras: Mapping[str, np.ndarray] = {"label_names": np.array([f"class {k}" for k in range(CLASSES)])}
        parameters = np.arange(1.0, self.extent.trials + 1)[:, None].repeat(len(self.parameters), axis=1)
        drawn = np.random.default_rng(0).integers(CLASSES, size=self.extent.samples)  # whatever the stride, each is asked for
        labels = Signal(self._spread(drawn), 1.0, ("label",))
        return Recording(self.signal, parameters, self.parameters, labels=labels, extras=extras)

    def _spread(self, column: np.ndarray) -> np.ndarray:
        return np.broadcast_to(column[None, :, None], (self.extent.trials, self.extent.samples, 1))
