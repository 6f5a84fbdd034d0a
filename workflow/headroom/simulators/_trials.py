"""The rows of a recording, cut into trials."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from headroom.readers import Table

Unequal = Literal["error", "trim"]
SHORTEST = 2


@dataclass(frozen=True)
class Trial:
    """Successive samples."""

    number: int
    """What the file calls the trial."""
    start: int
    """Row of its first sample."""
    values: np.ndarray  # (time, channel)
    filled: np.ndarray  # (time, channel): not recorded
    time: np.ndarray | None = None  # (time,) [s]
    labels: np.ndarray | None = None  # (time,) categories from 0; -1 where there is none

    def first(self, samples: int) -> "Trial":
        """The trial up to a number of samples."""
        labels = None if self.labels is None else self.labels[:samples]
        return replace(self, values=self.values[:samples], filled=self.filled[:samples], labels=labels)


def cut(table: Table, labels: np.ndarray | None) -> list[Trial]:
    """The trials in the file's order, one where it has no trial numbers; raises BadRecording where they are not in one piece each."""
    numbers = np.zeros(len(table.values), int) if table.trial is None else _whole(table, table.trial)
    starts = np.flatnonzero(np.diff(numbers, prepend=numbers[0] - 1))
    _, first = np.unique(numbers[starts], return_index=True)
    if len(first) < len(starts):
        again = starts[np.setdiff1d(np.arange(len(starts)), first)[0]]
        raise table.bad_at(again, f": found trial {numbers[again]} a second time; expected all rows of a trial together")
    ends = [*starts[1:], len(numbers)]
    return [_trial(table, labels, numbers[start], start, end) for start, end in zip(starts, ends, strict=True)]


def equal(table: Table, trials: Sequence[Trial], unequal: Unequal) -> list[Trial]:
    """Trials of one length; raises BadRecording where they differ and are not to be trimmed, or are too short."""
    lengths = [len(trial.values) for trial in trials]
    short, long = (trials[int(pick(lengths))] for pick in (np.argmin, np.argmax))
    if len(short.values) < SHORTEST:
        raise table.bad(f"trial {short.number}: found {len(short.values)} sample; expected at least {SHORTEST}")
    if len(short.values) < len(long.values) and unequal == "error":
        found = f"found {len(short.values)} samples in trial {short.number} and {len(long.values)} in trial {long.number}"
        raise table.bad(f"{found}; expected equal lengths, or set unequal_trials: trim")
    return [trial.first(min(lengths)) for trial in trials]


def _trial(table: Table, labels: np.ndarray | None, number: int, start: int, end: int) -> Trial:
    values = table.values[start:end]
    time, label = (None if array is None else array[start:end] for array in (table.time, labels))
    return Trial(int(number), int(start), values, np.zeros(values.shape, bool), time, label)


def _whole(table: Table, numbers: np.ndarray) -> np.ndarray:
    wrong = np.flatnonzero(~np.isfinite(numbers) | (np.rint(numbers) != numbers))
    if len(wrong):
        raise table.bad_at(int(wrong[0]), f": found trial number {numbers[wrong[0]]:g}; expected a whole number")
    return numbers.astype(int)
