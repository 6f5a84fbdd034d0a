"""CSV: UTF-8, commas, decimal points, one header row, one row per sample, one column per channel.

Columns for the time stamp, trial number and label of each sample may stand beside the channels; labels may be text. Numbers keep all
their digits.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from headroom.core.errors import BadRecording
from headroom.readers._csv_header import header_of, refuse_other_formats
from headroom.readers._csv_rows import data, number_in, rows, scan
from headroom.readers._labels import label_column
from headroom.readers._table import Table
from headroom.readers._units import seconds
from headroom.readers._wanted import Wanted

FIRST_ROWS = 20


def look(path: Path, wanted: Wanted) -> bool:
    """Whether the file states its sampling interval; raises BadRecording where header or first rows cannot be used."""
    header = _header(path)
    roles, channels = _layout(path, header, wanted)
    numbers = [name for role, name in roles.items() if role != "label"]
    columns = _indices(header, [*numbers, *channels])
    first = list(islice(data(path, len(header)), FIRST_ROWS))
    if not first:
        raise BadRecording(f"{path}: found a header and no rows; expected one row per sample")
    for number, cells in first:
        for column in columns:
            number_in(path, number, header[column], cells[column])
    return "time" in roles


def read(path: Path, wanted: Wanted) -> Table:
    """All samples; raises BadRecording at the first row or cell that cannot be read."""
    header = _header(path)
    roles, channels = _layout(path, header, wanted)
    values, labels = _cells(path, header, roles, channels)
    time, trial = (values[:, header.index(roles[role])] if role in roles else None for role in ("time", "trial"))
    time = None if time is None else time * seconds(roles["time"])
    signal = np.ascontiguousarray(values[:, _indices(header, channels)])

    def place(row: int) -> str:
        number, _ = next(islice(data(path, len(header)), row, None))
        return f"row {number}"

    return Table(str(path), signal, channels, place, time, trial, labels, roles.get("label", "label"))


def _header(path: Path) -> list[str]:
    refuse_other_formats(path)
    return header_of(path, next(rows(path), (1, []))[1])


def _layout(path: Path, header: Sequence[str], wanted: Wanted) -> tuple[dict[str, str], tuple[str, ...]]:
    """Column by role, and the channels."""
    roles = wanted.roles(header, path)
    channels = wanted.chosen([name for name in header if name not in roles.values()], path, header)
    if not channels:
        raise BadRecording(f"{path}: found only the columns {', '.join(map(repr, header))}; expected at least one channel")
    return roles, channels


def _indices(header: Sequence[str], names: Sequence[str]) -> list[int]:
    return [header.index(name) for name in names]


def _cells(path: Path, header: Sequence[str], roles: Mapping[str, str], channels: Sequence[str]) -> tuple[np.ndarray, np.ndarray | None]:
    """Every number that is asked for (row, column), and the labels (row,)."""
    asked = _indices(header, [*roles.values(), *channels])
    label = header.index(roles["label"]) if "label" in roles else None
    seen: dict[str, int] = {}
    values = _fast(path, len(header), asked, label, seen)
    if values is None:
        seen.clear()
        values = scan(path, header, asked, label, seen)
    return values, None if label is None else label_column(np.array(list(seen)))[values[:, label].astype(int)]


def _fast(path: Path, width: int, asked: Sequence[int], label: int | None, seen: dict[str, int]) -> np.ndarray | None:
    """The cells (row, column) by numpy's parser, labels as their place in `seen`; None where some cell is no number: see `scan`."""
    converters: dict[int | str, Callable[[str], float]] = {column: _nothing for column in range(width) if column not in asked}
    if label is not None:
        converters[label] = lambda cell: seen.setdefault(cell, len(seen))
    try:
        values = np.loadtxt(
            path.resolve(),
            delimiter=",",
            skiprows=1,
            comments=None,
            quotechar='"',
            encoding="utf-8-sig",
            ndmin=2,
            converters=converters,
        )
    except ValueError:
        return None
    return values if values.shape[1] == width else None


def _nothing(cell: str) -> float:
    return np.nan
