"""What every reader makes of a file: one row per sample, in the file's order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from headroom.core.errors import BadRecording

ROLES = ("time", "trial", "label")
USUAL = {"time": ("time",), "trial": ("trial",), "label": ("label", "labels")}
LISTED = 12


@dataclass(frozen=True)
class Wanted:
    """What a user asks of a file; None is the usual name of such a column, where the file has one."""

    channels: tuple[str, ...] = ()
    time: str | None = None
    trial: str | None = None
    label: str | None = None

    def column(self, role: str, names: Sequence[str], file: object) -> str | None:
        """The column among `names` that plays "time", "trial" or "label"; raises BadRecording where the one asked for is not there."""
        asked = getattr(self, role)
        if asked is None:
            return next((usual for usual in USUAL[role] if usual in names and usual not in self.channels), None)
        if asked not in names:
            raise BadRecording(f"{file}: no column {asked!r} ({role}_column); {choices(asked, names)}")
        return asked

    def chosen(self, names: Sequence[str], file: object) -> tuple[str, ...]:
        """The channels among `names`: those asked for, or all; raises BadRecording where one is not there."""
        for asked in self.channels:
            if asked not in names:
                raise BadRecording(f"{file}: no channel {asked!r} (channels); {choices(asked, names)}")
        return self.channels or tuple(names)


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
    label: np.ndarray | None = None  # (row,)
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


def choices(asked: str, names: Sequence[str]) -> str:
    """What there is to choose from, and what was probably meant."""
    close = get_close_matches(asked, names, n=1)
    meant = f"; did you mean {close[0]!r}?" if close else ""
    return f"the file has: {listed(names)}{meant}"


def listed(names: Sequence[str]) -> str:
    """The names, in quotes; the first few of many."""
    rest = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(map(repr, names[:LISTED])) + rest
