"""The rows and cells of a CSV file, one by one: slow, and able to say where the first wrong one stands."""

import csv
import re
from array import array
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from headroom.core.errors import BadRecording

DATE = re.compile(r"\d+[-/.:]\d+[-/.:]\d+")
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none"})


def scan(path: Path, header: Sequence[str], columns: Sequence[int], labels: int | None, seen: dict[str, int]) -> np.ndarray:
    """Every row (row, column): empty cells become NaN, labels their place in `seen`, other columns than these stay NaN unread."""
    read = array("d")
    asked = [column for column in columns if column != labels]
    for number, cells in data(path, len(header)):
        try:
            read.extend([float(cells[column]) for column in asked])
        except ValueError:
            read.extend([number_in(path, number, header[column], cells[column]) for column in asked])
        if labels is not None:
            read.append(seen.setdefault(cells[labels], len(seen)))
    order = asked if labels is None else [*asked, labels]
    values = np.full((len(read) // len(order), len(header)), np.nan)
    values[:, order] = np.frombuffer(read).reshape(-1, len(order))
    return values


def number_in(path: Path, number: int, column: str, cell: str) -> float:
    """The number in a cell of row `number`, NaN where it is empty; raises BadRecording."""
    if cell.strip().lower() in MISSING:
        return np.nan
    try:
        return float(cell)
    except ValueError:
        advice = _advice(column, cell.strip())
        raise BadRecording(f"{path}: row {number}, column {column!r}: found {cell[:40]!r}; expected {advice}") from None


def _advice(column: str, cell: str) -> str:
    if cell.lstrip("+-").replace(",", "", 1).isdigit():
        return "a decimal point instead of the comma"
    if DATE.match(cell):
        return "a number of seconds (dates are read from Parquet)"
    return f"a number; a column of text is left out by `ignore: [{column}]`"


def data(path: Path, width: int) -> Iterator[tuple[int, list[str]]]:
    """The rows below the header."""
    for number, cells in islice(rows(path), 1, None):
        if len(cells) != width:
            comma = " (are there decimal commas? write points)" if len(cells) > width else ""
            raise BadRecording(
                f"{path}: row {number}: found {len(cells)} cell{'s' * (len(cells) != 1)}; expected {width} as in the header{comma}"
            )
        yield number, cells


def rows(path: Path) -> Iterator[tuple[int, list[str]]]:
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
