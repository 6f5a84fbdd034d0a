"""Readers of a user's own recordings, one per format: the file name of a reader is the suffix that it reads.

They are imported by name, not searched for, so that an edit of one reaches the code digest of every job that may use it.
"""

import os
import stat
from pathlib import Path
from types import ModuleType

from headroom.core.errors import BadRecording
from headroom.readers import csv, npz
from headroom.readers._table import Table, Wanted

__all__ = ["READERS", "Table", "Wanted", "reader"]

READERS: dict[str, ModuleType] = {f".{module.__name__.rpartition('.')[2]}": module for module in (csv, npz)}
"""By suffix; each offers `look(path, wanted) -> bool` and `read(path, wanted) -> Table`."""


def reader(path: Path) -> ModuleType:
    """The reader of a file that is there, can be opened and is not empty; raises BadRecording."""
    found = READERS.get(path.suffix.lower())
    if found is None:
        raise BadRecording(f"{path}: found suffix {path.suffix!r}; expected one of {', '.join(READERS)}: convert the recording")
    try:
        _openable(path)
    except FileNotFoundError:
        raise BadRecording(f"{path}: no such file in {Path.cwd()}; expected a path from the project root, or an absolute one") from None
    except (OSError, ValueError) as error:
        raise BadRecording(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    return found


def _openable(path: Path) -> None:
    mode = os.stat(path).st_mode
    if not stat.S_ISREG(mode):
        raise BadRecording(f"{path}: found {'a folder' if stat.S_ISDIR(mode) else 'no regular file'}; expected the file of one recording")
    with open(path, "rb") as handle:
        if not handle.read(1):
            raise BadRecording(f"{path}: found an empty file (0 bytes); expected a recording")
