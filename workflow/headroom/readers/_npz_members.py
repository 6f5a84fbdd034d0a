"""What an NPZ archive says of its arrays before any of them is loaded."""

import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib import format as npy

from headroom.core.errors import BadRecording

ZIP = b"PK"
DAMAGE = (OSError, EOFError, ValueError, OverflowError, RuntimeError, struct.error, zipfile.BadZipFile, zlib.error)
"""What reading a damaged archive raises, according to where the damage is."""


@dataclass(frozen=True)
class Member:
    """Type and shape of an array in an archive."""

    shape: tuple[int, ...]
    dtype: np.dtype

    @property
    def kind(self) -> str:
        """numpy's letter for the type: f float, i integer, U text."""
        return self.dtype.kind


def members(path: Path) -> dict[str, Member]:
    """The arrays of an archive by key; raises BadRecording for what is no intact NPZ, or holds Python objects."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {info.filename.removesuffix(".npy"): _member(path, archive, info) for info in archive.infolist()}
    except DAMAGE as error:
        with open(path, "rb") as handle:
            state = f"the archive is cut short or damaged ({error})" if handle.read(len(ZIP)) == ZIP else "found no NPZ archive"
        raise BadRecording(f"{path}: {state}; expected a file written by numpy.savez") from None


def _member(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    key = info.filename.removesuffix(".npy")
    with archive.open(info) as handle:
        shape, dtype = _header(handle)
        end = handle.tell() + int(np.prod(shape, dtype=object)) * dtype.itemsize
    if dtype.hasobject:
        raise BadRecording(f"{path}: key {key!r}: found Python objects, which are never unpickled; expected an array of numbers or text")
    if end != info.file_size:
        raise BadRecording(f"{path}: key {key!r}: found {info.file_size} bytes, its header says {end}; the archive is damaged")
    return Member(shape, dtype)


def _header(handle: IO[bytes]) -> tuple[tuple[int, ...], np.dtype]:
    try:
        read = npy.read_array_header_1_0 if npy.read_magic(handle) == (1, 0) else npy.read_array_header_2_0
        shape, _, dtype = read(handle)
    except zipfile.BadZipFile:
        raise
    except Exception:  # numpy evaluates the header as text: a damaged one fails in any way
        raise ValueError("the header of an array cannot be read") from None
    return shape, dtype
