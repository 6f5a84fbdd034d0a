"""Which vertices of a FreeSurfer surface belong to a region: its annotation file (Fischl et al. 2004), without further packages."""

from pathlib import Path

import numpy as np

from headroom.core.errors import HeadroomError


def region(path: Path, name: str) -> np.ndarray:
    """Whether each vertex (vertex,) of the surface belongs to the region of this name; raises HeadroomError."""
    try:
        colours, codes = _parse(path.read_bytes())
    except (IndexError, ValueError):
        raise HeadroomError(f"{path}: not readable as a FreeSurfer annotation; copy it again") from None
    if name not in codes or not (colours == codes[name]).any():
        raise HeadroomError(f"{path}: found no region {name} among {len(codes)}; expected the Desikan-Killiany regions of lh.aparc.annot")
    return np.asarray(colours == codes[name])


def _parse(content: bytes) -> tuple[np.ndarray, dict[str, int]]:
    """The colour code of every vertex, and that of every region.

    All numbers are big-endian integers of four bytes. Vertices and codes come in pairs, then a table of colours; its version is a
    negative number, and in the oldest tables, which have none, entries are not numbered.
    """
    file = _Numbers(content)
    pairs = file.take(2 * file.one()).reshape(-1, 2)
    colours = np.empty(len(pairs), int)
    colours[pairs[:, 0]] = pairs[:, 1]
    if not file.one():
        raise ValueError("no table of colours")
    entries = file.one()
    numbered = entries < 0
    if numbered:
        file.one()
    file.text()
    codes = {}
    for _ in range(file.one() if numbered else entries):
        if numbered:
            file.one()
        name = file.text()
        red, green, blue, _ = file.take(4)
        codes[name] = int(red + 256 * green + 65536 * blue)
    return colours, codes


class _Numbers:
    """A file that is read from its beginning to its end."""

    def __init__(self, content: bytes) -> None:
        self.content, self.at = content, 0

    def take(self, count: int) -> np.ndarray:
        found = np.frombuffer(self.content, ">i4", count, self.at).astype(int)
        self.at += 4 * count
        return found

    def one(self) -> int:
        return int(self.take(1)[0])

    def text(self) -> str:
        length = self.one()
        self.at += length
        return self.content[self.at - length : self.at].rstrip(b"\0").decode()
