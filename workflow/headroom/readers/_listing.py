"""Names in error messages: what there is to choose from, and what was probably meant."""

from collections.abc import Sequence
from difflib import get_close_matches

LISTED = 12


def choices(asked: str, names: Sequence[str]) -> str:
    """What there is to choose from, and what was probably meant."""
    close = get_close_matches(asked, names, n=1)
    meant = f"; did you mean {close[0]!r}?" if close else ""
    return f"the file has: {listed(names)}{meant}"


def listed(names: Sequence[str]) -> str:
    """The names, in quotes; the first few of many."""
    rest = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(map(repr, names[:LISTED])) + rest
