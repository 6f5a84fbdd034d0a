"""The table of trials of an NWB file: which samples of a series belong to which trial, and what the table says of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from headroom.core.errors import BadRecording

ROUNDING = 1e-3  # of a sample


@dataclass(frozen=True)
class Trials:
    """The rows of the table."""

    number: np.ndarray  # (trial,)
    start: np.ndarray  # (trial,) [s]
    stop: np.ndarray  # (trial,) [s]
    columns: Mapping[str, np.ndarray]  # (trial,) text, by name


def trials_in(content: Any) -> Trials | None:
    """The table of trials, where the file has one with rows."""
    table = content.trials
    if table is None or len(table) == 0:
        return None
    number, start, stop = (np.asarray(column[:]) for column in (table.id, table["start_time"], table["stop_time"]))
    columns = {}
    for name in table.colnames:
        cells = table[name].data[:] if name not in ("start_time", "stop_time", "timeseries") else None
        if cells is not None and np.ndim(cells) == 1 and len(cells) == len(number):
            columns[name] = np.array([cell.decode() if isinstance(cell, bytes) else str(cell) for cell in cells])
    return Trials(number, start.astype(float), stop.astype(float), columns)


def spans(trials: Trials, path: Path, samples: int, start: float, rate: float | None, time: np.ndarray | None) -> list[tuple[int, int]]:
    """First row and row after the last of each trial in a series; raises BadRecording where they lie outside or overlap.

    Trials of one duration have one number of samples, wherever they start between two of them.
    """
    if time is None:
        first = np.rint((trials.start - start) * (rate or 0.0))
        last = first + np.floor((trials.stop - trials.start) * (rate or 0.0) + ROUNDING)
    else:
        half = np.median(np.diff(time)) / 2
        first, last = (np.searchsorted(time, moment - half).astype(float) for moment in (trials.start, trials.stop))
    for index, number in enumerate(trials.number):
        _refuse(path, f"trial {number}", trials.start[index], trials.stop[index], first[index], last[index], samples)
    order = np.argsort(first)
    over = np.flatnonzero(last[order][:-1] > first[order][1:])
    if len(over):
        one, two = (trials.number[order[over[0] + step]] for step in (0, 1))
        raise BadRecording(f"{path}: found trials {one} and {two} that overlap; expected apart, or `ignore: [trials]`")
    return [(int(one), int(two)) for one, two in zip(first, last, strict=True)]


def _refuse(path: Path, trial: str, start: float, stop: float, first: float, last: float, samples: int) -> None:
    if not (np.isfinite(start) and np.isfinite(stop) and start < stop):
        raise BadRecording(f"{path}: {trial}: found {start:g} s to {stop:g} s; expected a start and a later stop")
    if first < 0 or last > samples or last <= first:
        found = f"found {start:g} s to {stop:g} s, samples {first:g} to {last:g}"
        raise BadRecording(f"{path}: {trial}: {found}; expected samples within 0 to {samples}, or `ignore: [trials]`")
