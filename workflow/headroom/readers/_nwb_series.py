"""The series of an NWB file that can be a recording: numbers along time, of one channel or several."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np

from headroom.core.errors import BadRecording
from headroom.readers._listing import LISTED, choices
from headroom.readers._units import symbol

PATTERN = re.compile(r"[*?\[]")
NAMING = ("channel_name", "label", "electrode_name")
"""Columns of the table of electrodes that may name them."""


@dataclass(frozen=True)
class Series:
    """A series as the file has it; `source` is pynwb's, whose samples are not loaded yet."""

    path: str
    """Its name, after those of the containers that it lies in."""
    shape: tuple[int, ...]
    channels: tuple[str, ...]
    """Empty where the file does not name them."""
    unit: str
    rate: float | None
    """Sampling rate [Hz]; None where there are time stamps."""
    start: float
    """Time of the first sample [s]."""
    presented: bool
    """Whether it is a stimulus."""
    source: Any

    @property
    def name(self) -> str:
        """Its own name."""
        return self.path.rpartition("/")[2]

    @property
    def width(self) -> int:
        """Number of channels."""
        return self.shape[1] if len(self.shape) > 1 else 1

    def values(self) -> np.ndarray:
        """The samples (time, channel) in `unit`: conversion factors and offset are applied."""
        return np.asarray(self.source.get_data_in_units(), dtype=np.float64).reshape(self.shape[0], -1)

    def time(self) -> np.ndarray | None:
        """Time stamps (time,) [s], where the series has some."""
        return None if self.rate is not None else np.asarray(self.source.timestamps, dtype=np.float64)


def series_in(content: Any) -> list[Series]:
    """Every series of the file that can be a recording."""
    from pynwb import TimeSeries

    stimuli = {id(thing) for thing in content.stimulus.values()}
    found = [_described(thing, id(thing) in stimuli) for thing in content.objects.values() if isinstance(thing, TimeSeries)]
    return sorted((series for series in found if series is not None), key=lambda series: (series.start, _natural(series.path)))


def wanted_series(found: Sequence[Series], asked: str | None, path: Path) -> list[Series]:
    """The one series, or all that a pattern names, by time and name; raises BadRecording where the choice is not clear."""
    if not found:
        raise BadRecording(f"{path}: found no series of numbers along time; expected a TimeSeries in acquisition or processing")
    if asked is None:
        fitting = [series for series in found if not series.presented]
    else:
        fitting = [series for series in found if any(_named(name, asked) for name in (series.name, series.path))]
    if not fitting:
        raise BadRecording(f"{path}: no series {asked or '(no stimulus)'!r} (series); {choices(asked or '', [one.path for one in found])}")
    if len(fitting) > 1 and not PATTERN.search(asked or ""):
        raise BadRecording(
            f"{path}: found {len(fitting)} series: {_list(fitting)}; expected one: name it by `series` (or a pattern: one a trial)"
        )
    _alike(fitting, path)
    return fitting


def _described(thing: Any, presented: bool) -> Series | None:
    """What the file says of a series; None where it holds no numbers along time."""
    data = thing.data
    shape = tuple(getattr(data, "shape", None) or np.shape(data))
    kind = np.dtype(getattr(data, "dtype", None) or np.asarray(data).dtype).kind
    if kind not in "iuf" or len(shape) not in (1, 2) or shape[0] < 2 or 0 in shape or thing.rate == 0:
        return None
    stamps = thing.rate is None
    start = float(thing.timestamps[0]) if stamps else float(thing.starting_time or 0.0)
    rate = None if stamps else float(thing.rate)
    return Series(_path(thing), shape, _channels(thing), symbol(thing.unit or ""), rate, start, presented, thing)


def _path(thing: Any) -> str:
    names = [thing.name]
    while thing.parent is not None and thing.parent.parent is not None:
        thing = thing.parent
        names.append(thing.name)
    return "/".join(reversed(names))


def _channels(thing: Any) -> tuple[str, ...]:
    """Names of electrodes or regions of interest: from a column that names them all apart, else by number."""
    for field, word in (("electrodes", "electrode"), ("rois", "roi")):
        region = getattr(thing, field, None)
        if region is not None and hasattr(region, "table"):
            rows = np.asarray(region.data[:], dtype=int)
            for column in (name for name in NAMING if name in region.table.colnames):
                names = tuple(str(name) for name in np.asarray(region.table[column][:])[rows])
                if len(set(names)) == len(names) and all(names):
                    return names
            return tuple(f"{word} {number}" for number in np.asarray(region.table.id[:])[rows])
    return ()


def _alike(chosen: Sequence[Series], path: Path) -> None:
    """Refuses series that cannot be trials of one recording."""
    first = chosen[0]
    for other in chosen[1:]:
        for what, one, two in (
            ("channels", first.channels or first.width, other.channels or other.width),
            ("unit", first.unit, other.unit),
            ("sampling rate", first.rate, other.rate),
        ):
            if one != two:
                raise BadRecording(f"{path}: series {other.path!r}: found {what} {two}; expected {one} as in {first.path!r}")


def _named(name: str, asked: str) -> bool:
    return fnmatchcase(name, asked) if PATTERN.search(asked) else name == asked


def _list(found: Sequence[Series]) -> str:
    parts = [f"{one.path!r} ({' x '.join(map(str, one.shape))})" for one in found[:LISTED]]
    return ", ".join(parts) + (f" and {len(found) - LISTED} more" if len(found) > LISTED else "")


def _natural(name: str) -> list[tuple[int, str]]:
    """Sorts sweep_2 before sweep_10."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]
