"""A table of the page: cells with what they show and what they sort by."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from headroom.report.wording import known, number, text

LEADING_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?")


@dataclass(frozen=True)
class Cell:
    """What a cell shows, and the number that it sorts by where it is one."""

    shown: str
    sorts: float | None = None
    hint: str = ""
    """A second, smaller line."""

    @property
    def key(self) -> str:
        """What the page must carry to sort by, empty where the shown text starts with that number: this keeps the page light."""
        if self.sorts is None or not math.isfinite(self.sorts):
            return ""
        start = LEADING_NUMBER.match(self.shown)
        same = start and math.isclose(float(start[0]), self.sorts, rel_tol=5e-3, abs_tol=6e-5)
        return "" if same else f"{self.sorts:.6g}"


@dataclass(frozen=True)
class Table:
    """Rows under headers; the first `names` columns name the row."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    names: int = 1
    sortable: bool = False
    headings: Mapping[int, str] = field(default_factory=dict)
    """What stands above a row and those that follow it, by the row's number."""


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


def table(
    caption: str,
    headers: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    names: int = 1,
    sortable: bool = False,
    headings: Mapping[int, str] | None = None,
) -> Table:
    """A Table of any sequences."""
    return Table(caption, tuple(headers), tuple(tuple(row) for row in rows), names, sortable, headings or {})
