"""The chain of tags in a FIF file, each of which says where the next one is.

MNE follows it without end where damage has bent it into a circle, and a run would hang before its first job.
"""

import gzip
import struct
from pathlib import Path

from headroom.core.errors import BadRecording

HEADER = struct.Struct(">iIii")
"""Kind, type, size of the content and position of the next tag: 0 for right behind this one, below 0 for none."""


def refuse_circles(path: Path) -> None:
    """Raises BadRecording where the tags lead back to one that has been."""
    seen: set[int] = set()
    position = 0
    with gzip.open(path) if path.suffix.lower() == ".gz" else open(path, "rb") as handle:
        while position >= 0:
            if position in seen:
                raise BadRecording(f"{path}: found a tag that follows itself, at byte {position}; expected an intact FIF file")
            seen.add(position)
            handle.seek(position)
            header = handle.read(HEADER.size)
            if len(header) < HEADER.size:
                return
            _, _, size, following = HEADER.unpack(header)
            position = following if following else position + HEADER.size + size
