"""The header of an EDF or BDF file: names, units and sampling rates of its signals.

Field widths: Kemp et al. (1992) Electroencephalography and Clinical Neurophysiology 82:391; EDF+: Kemp and Olivan (2003) Clinical
Neurophysiology 114:1755. BDF has samples of three bytes. MNE reads the samples, but it resamples signals of different rates without
saying so and takes an interrupted recording for a continuous one; hence this look.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from headroom.core.errors import BadRecording
from headroom.readers._units import symbol

FIXED = 256
LABEL, TRANSDUCER, UNIT, LIMIT, FILTERS, COUNT, SPARE = 16, 80, 8, 8, 80, 8, 32
STARTS = {b"0       ": 2, b"\xffBIOSEMI": 3}
"""Bytes of a sample, by the first bytes of the file."""
MARKERS = ("status", "trigger")
"""Names of marker channels, as MNE knows them."""


@dataclass(frozen=True)
class Signal:
    """What the header says of one signal."""

    name: str
    unit: str
    rate: float
    """Sampling rate [Hz]."""
    scaled: bool
    """Whether digital and physical range are two ranges, so that values can be told."""

    @property
    def is_marker(self) -> bool:
        """Whether it carries trigger codes and no measurement."""
        return self.name.casefold() in MARKERS


def signals(path: Path) -> list[Signal]:
    """The signals of a file, annotations left out; raises BadRecording where it is none, cut short or interrupted."""
    with open(path, "rb") as handle:
        fixed = handle.read(FIXED)
        width = STARTS.get(fixed[:8])
        if width is None:
            raise BadRecording(f"{path}: found {fixed[:8]!r} at the start; expected an EDF or BDF file")
        count = int(_number(path, fixed[252:256], "number of signals"))
        rest = handle.read(FIXED * max(count, 0))
    if count < 1 or len(rest) < FIXED * count:
        raise BadRecording(
            f"{path}: found a header of {len(fixed) + len(rest)} bytes for {count} signals; the file is cut short or damaged"
        )
    if fixed[192:197] in (b"EDF+D", b"BDF+D"):
        raise BadRecording(f"{path}: found a recording with interruptions (EDF+D); expected a continuous one: export it as EDF+C")
    columns = _columns(rest, count)
    samples = [int(_number(path, text, "samples per record")) for text in columns["count"]]
    _whole(path, fixed, width * sum(samples), FIXED * (count + 1))
    seconds = _number(path, fixed[244:252], "seconds per record")
    return _described(columns, samples, seconds if seconds > 0 else 1.0)


def _columns(rest: bytes, count: int) -> dict[str, list[bytes]]:
    """The fields of every signal."""
    widths = {"name": LABEL, "transducer": TRANSDUCER, "unit": UNIT, "low": LIMIT, "high": LIMIT, "digital low": LIMIT}
    widths |= {"digital high": LIMIT, "filters": FILTERS, "count": COUNT}
    found, start = {}, 0
    for field, width in widths.items():
        found[field] = [rest[start + index * width : start + (index + 1) * width] for index in range(count)]
        start += width * count
    return found


def _described(columns: dict[str, list[bytes]], samples: Sequence[int], seconds: float) -> list[Signal]:
    texts = {field: [cell.decode("latin-1").strip() for cell in cells] for field, cells in columns.items()}
    found = []
    for index, name in enumerate(_different(texts["name"])):
        if texts["name"][index] not in ("EDF Annotations", "BDF Annotations"):
            scaled = all(texts[low][index] != texts[high][index] for low, high in (("low", "high"), ("digital low", "digital high")))
            found.append(Signal(name, symbol(texts["unit"][index]), samples[index] / seconds, scaled))
    return found


def _different(names: Sequence[str]) -> list[str]:
    """Names that stand more than once get running numbers, as MNE gives them."""
    return [f"{name}-{names[:index].count(name)}" if names.count(name) > 1 else name for index, name in enumerate(names)]


def _whole(path: Path, fixed: bytes, record: int, header: int) -> None:
    """Refuses a file that holds less than its header says; -1 records is a recording that was never closed."""
    count = int(_number(path, fixed[236:244], "number of records"))
    found = path.stat().st_size - header
    if record < 1 or found < record or (count > 0 and found < count * record):
        raise BadRecording(
            f"{path}: found {found} bytes of samples, its header says {max(count, 1) * record}; the file is cut short or damaged"
        )


def _number(path: Path, text: bytes, what: str) -> float:
    try:
        number = float(text.decode("latin-1").replace("\0", ""))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise BadRecording(f"{path}: header: found {text!r} as {what}; expected a number: the file is damaged")
    return number
