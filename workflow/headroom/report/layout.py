"""A table of the page: cells with what they show and what they sort by."""

from collections.abc import Sequence
from dataclasses import dataclass

from headroom.report.wording import known, number, text


@dataclass(frozen=True)
class Cell:
    """What a cell shows, and the number that it sorts by where it is one."""

    shown: str
    sorts: float | None = None
    hint: str = ""
    """A second, smaller line."""


@dataclass(frozen=True)
class Table:
    """Rows under headers; the first `names` columns name the row."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    names: int = 1
    sortable: bool = False


def word(value: object, hint: object = "") -> Cell:
    """A cell with a name; a number as text, such as a noise level, sorts as a number."""
    shown = text(value)
    try:
        sorts = float(shown)
    except ValueError:
        sorts = None
    return Cell(shown, sorts, str(hint) if known(hint) else "")


def figure(value: object, shown: str | None = None, hint: object = "") -> Cell:
    """A cell with a number, sorted by it."""
    return Cell(number(value) if shown is None else shown, float(str(value)) if known(value) else None, str(hint) if known(hint) else "")


def table(caption: str, headers: Sequence[str], rows: Sequence[Sequence[Cell]], names: int = 1, sortable: bool = False) -> Table:
    """A Table of any sequences."""
    return Table(caption, tuple(headers), tuple(tuple(row) for row in rows), names, sortable)
