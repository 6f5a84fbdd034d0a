"""EDF, EDF+ and BDF recordings through MNE, in the unit that the file states.

Labels: `label: annotations`, or the name of a marker channel. Channels must share one unit and one sampling rate.
"""

from pathlib import Path
from typing import Any

from headroom.core.errors import BadRecording
from headroom.readers._edf_header import Signal, signals
from headroom.readers._library import absent, reading
from headroom.readers._listing import listed
from headroom.readers._mne import ANNOTATIONS, NOT_HERE, continuous
from headroom.readers._table import Table
from headroom.readers._units import factor
from headroom.readers._wanted import Wanted

VOLTS = ("uV", "mV")
"""Units that MNE turns into volts; values in others come as the file has them."""


def look(path: Path, wanted: Wanted) -> bool:
    """True: the file states its sampling interval; raises BadRecording where header or channels cannot be used."""
    _layout(path, wanted)
    _mne(path)
    return True


def read(path: Path, wanted: Wanted) -> Table:
    """All samples; raises BadRecording where the file cannot be read."""
    chosen, label = _layout(path, wanted)
    names = tuple(signal.name for signal in chosen)
    markers = [label.name] if label is not None and label.name not in names else []
    mne = _mne(path)
    open_it = mne.io.read_raw_bdf if path.suffix.lower() == ".bdf" else mne.io.read_raw_edf
    with reading(path, "EDF or BDF file"):
        raw = open_it(path, include=[*names, *markers], exclude_after_unique=True, preload=False, verbose="ERROR")
    unit = chosen[0].unit
    scale = factor("V", unit) if unit in VOLTS else 1.0
    return continuous(path, raw, names, unit, scale or 1.0, wanted.label)


def _layout(path: Path, wanted: Wanted) -> tuple[list[Signal], Signal | None]:
    """The channels, and the marker channel that holds the labels, if one is named."""
    wanted.without(("time", "trial"), path, NOT_HERE)
    found = {signal.name: signal for signal in signals(path)}
    label = None
    if wanted.label not in (None, ANNOTATIONS):
        label = found[wanted.column("label", list(found), path) or ""]
    measured = [name for name, signal in found.items() if signal is not label and (not signal.is_marker or name in wanted.channels)]
    chosen = [found[name] for name in wanted.chosen(measured, path, list(found))]
    if not chosen:
        raise BadRecording(f"{path}: found only the signals {listed(list(found)) or '(none)'}; expected at least one channel")
    _alike(path, chosen, [f"{signal.rate:g} Hz" for signal in chosen], "sampling rate")
    _alike(path, chosen, [signal.unit or "no unit" for signal in chosen], "unit")
    if label is not None and label.rate != chosen[0].rate:
        raise BadRecording(f"{path}: label {label.name!r}: found {label.rate:g} Hz; expected {chosen[0].rate:g} Hz as of the channels")
    for signal in chosen:
        if not signal.scaled:
            raise BadRecording(
                f"{path}: channel {signal.name!r}: found an empty range of values in the header; leave it out by `ignore: [{signal.name}]`"
            )
    return chosen, label


def _alike(path: Path, chosen: list[Signal], properties: list[str], what: str) -> None:
    """Refuses channels that differ; `properties` in words."""
    kinds = list(dict.fromkeys(properties))
    if len(kinds) > 1:
        examples = [f"{kind} ({listed([s.name for s, p in zip(chosen, properties, strict=True) if p == kind][:3])})" for kind in kinds]
        raise BadRecording(f"{path}: found channels of {' and '.join(examples)}; expected one {what}: choose by `channels` or `ignore`")


def _mne(path: Path) -> Any:
    try:
        import mne
    except ImportError:
        raise absent(path, "mne") from None
    return mne
