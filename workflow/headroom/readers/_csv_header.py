"""The first bytes and the header row of a CSV file: most files that are not what they seem show it there."""

from collections.abc import Sequence
from pathlib import Path

from headroom.core.errors import BadRecording

HEAD = 8192
OTHERS = {
    b"PK\x03\x04": "a ZIP archive such as an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an Excel 97 workbook",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}


def refuse_other_formats(path: Path) -> None:
    """Raises BadRecording where the file is named .csv and is something else."""
    with open(path, "rb") as handle:
        head = handle.read(HEAD)
    for start, what in OTHERS.items():
        if head.startswith(start):
            raise BadRecording(f"{path}: found {what}; expected CSV text: save it as CSV (UTF-8)")
    if b"\0" in head:
        raise BadRecording(f"{path}: found binary data; expected CSV text: save it as CSV (UTF-8)")


def header_of(path: Path, cells: Sequence[str]) -> list[str]:
    """The column names; raises BadRecording where the row is no header of comma-separated columns.

    Columns that pandas numbers 0, 1, 2, ... have names; one without is called by its place, "column 1".
    """
    text = ",".join(cells)
    for separator, word in ((";", "semicolons"), ("\t", "tabs")):
        if text.count(separator) > text.count(","):
            raise BadRecording(f"{path}: row 1: found columns separated by {word}; expected commas, and points in decimal numbers")
    names = [cell.strip() for cell in cells]
    if not any(names):
        raise BadRecording(f"{path}: found no text; expected a header row and one row per sample")
    if all(map(_numeric, names)) and names != [str(index) for index in range(len(names))]:
        raise BadRecording(f"{path}: row 1: found numbers ({', '.join(names[:4])}); expected a header row with the names of the columns")
    names = [name or f"column {index + 1}" for index, name in enumerate(names)]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise BadRecording(f"{path}: row 1: columns {names.index(name) + 1} and {index + 1} are both {name!r}; expected two names")
    return names


def _numeric(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
