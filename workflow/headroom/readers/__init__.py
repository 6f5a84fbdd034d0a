"""Readers of a user's own recordings, one per format: the file name of a reader is the suffix that it reads.

They are imported by name, not searched for, so that an edit of one reaches the code digest of every job that may use it.
"""

import os
import stat
from pathlib import Path
from types import ModuleType

from headroom.core.errors import BadRecording
from headroom.readers import csv, edf, fif, npz, nwb, parquet
from headroom.readers._table import Table
from headroom.readers._units import factor
from headroom.readers._wanted import Wanted

__all__ = ["READERS", "Table", "Wanted", "factor", "reader"]

READERS: dict[str, ModuleType] = {f".{module.__name__.rpartition('.')[2]}": module for module in (csv, parquet, npz, nwb, edf, fif)}
"""By suffix; each offers `look(path, wanted) -> bool` and `read(path, wanted) -> Table`."""
TWINS = {".bdf": ".edf", ".fif.gz": ".fif", ".pq": ".parquet"}
"""Other suffixes of the same formats."""


def reader(path: Path) -> ModuleType:
    """The reader of a file that is there, can be opened and is not empty; raises BadRecording."""
    name = path.name.lower()
    suffix = next((twin for twin in TWINS if name.endswith(twin)), path.suffix.lower())
    found = READERS.get(TWINS.get(suffix, suffix))
    if found is None:
        raise BadRecording(f"{path}: found suffix {path.suffix!r}; expected one of {', '.join([*READERS, *TWINS])}: convert the recording")
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
