"""CSV: UTF-8, commas, decimal points, one header row, one row per sample, one column per channel.

Columns for the time stamp, trial number and label of each sample may stand beside the channels. Numbers keep all their digits.
"""

import csv
from array import array
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from headroom.core.errors import BadRecording
from headroom.readers._csv_header import header_of, refuse_other_formats
from headroom.readers._table import ROLES, Table, Wanted

FIRST_ROWS = 20
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none"})


def look(path: Path, wanted: Wanted) -> bool:
    """Whether the file states its sampling interval; raises BadRecording where header or first rows cannot be used."""
    header = _header(path)
    roles, channels = _layout(path, header, wanted)
    columns = _indices(header, [*roles.values(), *channels])
    first = list(islice(_data(path, len(header)), FIRST_ROWS))
    if not first:
        raise BadRecording(f"{path}: found a header and no rows; expected one row per sample")
    for number, cells in first:
        for column in columns:
            _number(path, number, header[column], cells[column])
    return "time" in roles


def read(path: Path, wanted: Wanted) -> Table:
    """All samples; raises BadRecording at the first row or cell that cannot be read."""
    header = _header(path)
    roles, channels = _layout(path, header, wanted)
    values = _fast(path, len(header))
    if values is None:
        values = _scan(path, header, _indices(header, [*roles.values(), *channels]))
    time, trial, label = (values[:, header.index(roles[role])] if role in roles else None for role in ROLES)
    signal = np.ascontiguousarray(values[:, _indices(header, channels)])

    def place(row: int) -> str:
        number, _ = next(islice(_data(path, len(header)), row, None))
        return f"row {number}"

    return Table(str(path), signal, channels, place, time, trial, label, roles.get("label", "label"))


def _header(path: Path) -> list[str]:
    refuse_other_formats(path)
    return header_of(path, next(_rows(path), (1, []))[1])


def _layout(path: Path, header: Sequence[str], wanted: Wanted) -> tuple[dict[str, str], tuple[str, ...]]:
    """Column by role, and the channels."""
    found = {role: wanted.column(role, header, path) for role in ROLES}
    roles = {role: name for role, name in found.items() if name is not None}
    channels = wanted.chosen([name for name in header if name not in roles.values()], path)
    if not channels:
        raise BadRecording(f"{path}: found only the columns {', '.join(map(repr, header))}; expected at least one channel")
    return roles, channels


def _indices(header: Sequence[str], names: Sequence[str]) -> list[int]:
    return [header.index(name) for name in names]


def _fast(path: Path, width: int) -> np.ndarray | None:
    """Every cell (row, column) by numpy's parser; None where some cell is no number, which `_scan` then finds."""
    try:
        values = np.loadtxt(path.resolve(), delimiter=",", skiprows=1, comments=None, quotechar='"', encoding="utf-8-sig", ndmin=2)
    except ValueError:
        return None
    return values if values.shape[1] == width else None


def _scan(path: Path, header: Sequence[str], columns: Sequence[int]) -> np.ndarray:
    """The same row by row (row, column): empty cells become NaN, other columns than `columns` stay NaN unread."""
    cells_read = array("d")
    for number, cells in _data(path, len(header)):
        try:
            cells_read.extend([float(cells[column]) for column in columns])
        except ValueError:
            cells_read.extend([_number(path, number, header[column], cells[column]) for column in columns])
    values = np.full((len(cells_read) // len(columns), len(header)), np.nan)
    values[:, columns] = np.frombuffer(cells_read).reshape(-1, len(columns))
    return values


def _number(path: Path, number: int, column: str, cell: str) -> float:
    if cell.strip().lower() in MISSING:
        return np.nan
    try:
        return float(cell)
    except ValueError:
        comma = cell.strip().lstrip("+-").replace(",", "", 1).isdigit() and "," in cell
        advice = "a decimal point instead of the comma" if comma else "a number; a column of text is left out by listing `channels`"
        raise BadRecording(f"{path}: row {number}, column {column!r}: found {cell[:40]!r}; expected {advice}") from None


def _data(path: Path, width: int) -> Iterator[tuple[int, list[str]]]:
    """The rows below the header."""
    for number, cells in islice(_rows(path), 1, None):
        if len(cells) != width:
            comma = " (are there decimal commas? write points)" if len(cells) > width else ""
            raise BadRecording(
                f"{path}: row {number}: found {len(cells)} cell{'s' * (len(cells) != 1)}; expected {width} as in the header{comma}"
            )
        yield number, cells


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Row number, from 1, and cells of every row that is not empty."""
    with open(path, encoding="utf-8-sig", newline="") as handle:
        reader = csv.reader(handle, strict=True)
        try:
            yield from ((reader.line_num, cells) for cells in reader if cells)
        except UnicodeDecodeError:
            raise _not_utf8(path) from None
        except csv.Error as error:
            raise BadRecording(f"{path}: row {reader.line_num}: {error}; expected plain cells between commas") from None


def _not_utf8(path: Path) -> BadRecording:
    with open(path, "rb") as handle:
        for number, line in enumerate(handle, start=1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                found = f"found byte 0x{line[error.start]:02x}, which is no UTF-8"
                return BadRecording(f"{path}: row {number}: {found}; expected a CSV saved as UTF-8")
    return BadRecording(f"{path}: the text ends within a character; expected a CSV saved as UTF-8")
