"""A recording of a known size that holds nothing: tasks and splits are tried on it before any data exist."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from headroom.core.recording import Recording
from headroom.core.shape import Extent
from headroom.core.signal import Signal

CELLS = 400_000
"""Samples of all trials that a task and a split are tried on; beyond that a shorter recording stands for the whole."""
CLASSES = 4
"""Classes of a label that only the recording knows."""


def enough(task: Any, extent: Extent) -> int:
    """Samples of a trial that stand for all of them: two where an example is a whole trial, else fifty windows at least."""
    if task.kind_of_target == "window":
        return min(extent.samples, 2)
    span = getattr(task, "window", 1) + max(0, *getattr(task, "offsets", (0,)))
    return min(extent.samples, max(50 * span, CELLS // extent.trials))


class Empty:
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
