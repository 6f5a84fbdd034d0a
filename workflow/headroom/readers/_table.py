"""What every reader makes of a file: one row per sample, in the file's order."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from headroom.core.errors import BadRecording


@dataclass(frozen=True)
class Table:
    """The samples of a recording, not yet cut into trials."""

    file: str
    values: np.ndarray  # (row, channel) float64
    channels: tuple[str, ...]
    place: Callable[[int], str]
    """Where a row stands in the file, in words."""
    time: np.ndarray | None = None  # (row,) [s]
    trial: np.ndarray | None = None  # (row,)
    label: np.ndarray | None = None  # (row,) numbers, NaN where there is none; or text, empty where there is none
    label_name: str = "label"
    dt: float | None = None
    """Sampling interval that the file states [s]."""
    unit: str = ""
    """Unit that the file states."""

    def bad(self, words: str) -> BadRecording:
        """The error that says what is wrong with the file."""
        return BadRecording(f"{self.file}: {words}")

    def bad_at(self, row: int, words: str) -> BadRecording:
        """The error that says what is wrong at a row."""
        return BadRecording(f"{self.file}: {self.place(row)}{words}")
