"""The size of a user's recording: a small file is read, a large one is judged by its beginning and its length."""

from pathlib import Path
from typing import Any

from headroom.config.lengths import SMALL
from headroom.core.randomness import streams
from headroom.core.shape import Extent

BEGINNING = 200_000
"""What is looked at of a large text [bytes]."""
BYTES = {".edf": 2, ".bdf": 3, ".fif": 4}
"""Of a number in a format that is not looked into; 4 in others."""
UNKNOWN = 32
"""Channels of a large recording that does not name those wanted."""
NO_CHANNELS = ("time", "trial", "label", "labels")


def extent_of(simulator: Any) -> tuple[Extent, str]:
    """The size of what a simulator with `files()` reads, and what had to be assumed; nothing where the size is exact."""
    file = Path(simulator.files()[0])
    if file.stat().st_size < SMALL:
        return Extent(*simulator.simulate(streams(0)).states.values.shape), ""
    if file.suffix.lower() == ".csv":
        return _text(file, simulator), "size estimated from the file's beginning, as one trial unless its last line says more"
    if file.suffix.lower() == ".npz":
        return _archive(file), ""
    channels = len(simulator.channels) or UNKNOWN
    numbers = file.stat().st_size // BYTES.get(file.suffix.lower(), 4)
    return Extent(
        1, max(1, numbers // channels), channels
    ), f"size estimated from the length of the file, as {channels} channels and one trial"


def _text(file: Path, simulator: Any) -> Extent:
    with open(file, "rb") as handle:
        beginning = handle.read(BEGINNING)
        handle.seek(-min(BEGINNING, file.stat().st_size), 2)
        last = handle.read().decode(errors="replace").splitlines()[-1].split(",")
    lines = beginning.decode("utf-8-sig", errors="replace").splitlines()[:-1]
    header = [name.strip().strip('"') for name in lines[0].split(",")]
    rows = round(file.stat().st_size / (len(beginning) / len(lines)))
    named = {getattr(simulator, part, None) for part in ("time", "trial", "label")}
    channels = len(simulator.channels) or sum(name not in named and name.lower() not in NO_CHANNELS for name in header)
    trials = _trials(header, lines[1].split(","), last, getattr(simulator, "trial", None) or "trial")
    return Extent(trials, max(1, rows // trials), channels)


def _trials(header: list[str], first: list[str], last: list[str], column: str) -> int:
    if column not in header:
        return 1
    place = header.index(column)
    try:
        return max(1, int(float(last[place])) - int(float(first[place])) + 1)
    except (ValueError, IndexError):
        return 1


def _archive(file: Path) -> Extent:
    from headroom.readers._npz_members import members

    shapes = [member.shape for member in members(file).values() if len(member.shape) in (2, 3)]
    shape = max(shapes, key=lambda shape: shape[0] * shape[1] * shape[-1])
    return Extent(*((1, *shape) if len(shape) == 2 else shape))
