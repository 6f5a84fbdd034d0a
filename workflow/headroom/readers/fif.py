"""FIF recordings through MNE: one long recording, or epochs, which become trials. Values are in SI units, as FIF has them.

Without `channels`, all channels of measurements that are not marked as bad; a type such as `eeg` names all of that type. Labels:
`label: annotations`, the name of a trigger channel, or for epochs `label: events`.
"""

from pathlib import Path
from typing import Any

import numpy as np

from headroom.core.errors import BadRecording
from headroom.readers._fif_tags import refuse_circles
from headroom.readers._labels import label_column
from headroom.readers._library import absent, reading
from headroom.readers._listing import listed
from headroom.readers._mne import ANNOTATIONS, NOT_HERE, continuous
from headroom.readers._table import Table
from headroom.readers._wanted import Wanted

EVENTS = "events"
MARKERS = ("stim", "exci", "ias", "syst", "chpi")
UNITS = {107: "V", 112: "T", 201: "T/m", 202: "A m", 4: "A", 6: "M", 114: "C", 110: "S", 1: "m", 7: "rad", 101: "Hz", 3: "s"}
"""By the number of the unit in the FIF constants (mne.io.constants.FIFF)."""


def look(path: Path, wanted: Wanted) -> bool:
    """True: the file states its sampling interval; raises BadRecording where file or channels cannot be used."""
    data = _opened(path)
    _layout(path, data, wanted)
    return True


def read(path: Path, wanted: Wanted) -> Table:
    """All samples; raises BadRecording where the file cannot be read."""
    data = _opened(path)
    channels, unit = _layout(path, data, wanted)
    if hasattr(data, "first_samp"):
        return continuous(path, data, channels, unit, 1.0, wanted.label)
    with reading(path, "FIF file"):
        values = data.get_data(picks=list(channels), verbose="ERROR").transpose(0, 2, 1)
    trials, samples, _ = values.shape
    names = {number: name for name, number in data.event_id.items()}
    events = label_column(np.array([names[number] for number in data.events[:, 2]])) if wanted.label == EVENTS else None
    labels = None if events is None else np.repeat(events, samples)
    trial = np.repeat(np.arange(trials), samples)
    flat = np.ascontiguousarray(values.reshape(-1, len(channels)))

    def place(row: int) -> str:
        return f"epoch {row // samples}, sample {row % samples}"

    return Table(str(path), flat, channels, place, None, trial, labels, wanted.label or "label", 1 / float(data.info["sfreq"]), unit)


def _opened(path: Path) -> Any:
    """The recording or the epochs in a file."""
    try:
        import mne
    except ImportError:
        raise absent(path, "mne") from None
    with reading(path, "FIF file"):
        refuse_circles(path)
        try:
            data = mne.io.read_raw_fif(path, preload=False, verbose="ERROR")
        except ValueError:
            data = mne.read_epochs(path, preload=False, verbose="ERROR")
    parts = len(getattr(data, "filenames", ()))
    if parts > 1:
        raise BadRecording(
            f"{path}: found a recording split into {parts} files; expected one file: save it again with split_size above its size"
        )
    return data


def _layout(path: Path, data: Any, wanted: Wanted) -> tuple[tuple[str, ...], str]:
    """The channels, and their unit."""
    epochs = not hasattr(data, "first_samp")
    wanted.without(("time", "trial"), path, "epochs are trials, on one clock" if epochs else NOT_HERE)
    with reading(path, "FIF file"):
        kinds = dict(zip(data.ch_names, data.get_channel_types(), strict=True))
    label = _label(path, list(kinds), wanted, EVENTS if epochs else ANNOTATIONS)
    asked = tuple(name for entry in wanted.channels for name in ([entry] if entry in kinds else _of_type(entry, data, kinds)))
    measured = [name for name, kind in kinds.items() if name != label and kind not in MARKERS and name not in data.info["bads"]]
    known = list(kinds) if asked else measured
    chosen = Wanted(channels=asked, ignore=wanted.ignore).chosen(known, path, list(kinds))
    if not chosen:
        raise BadRecording(f"{path}: found no channel of measurements among {listed(list(kinds))}; expected at least one")
    return chosen, _unit(path, data, chosen, kinds)


def _label(path: Path, names: list[str], wanted: Wanted, special: str) -> str | None:
    if wanted.label in (None, special):
        return wanted.label
    if special == EVENTS:
        raise BadRecording(f"{path}: found label: {wanted.label} in config.yaml; expected label: {EVENTS}, for the file holds epochs")
    return wanted.column("label", names, path)


def _of_type(entry: str, data: Any, kinds: dict[str, str]) -> list[str]:
    """The good channels of a type such as "eeg"; the entry itself where there is none, for the error that follows."""
    return [name for name, kind in kinds.items() if kind == entry and name not in data.info["bads"]] or [entry]


def _unit(path: Path, data: Any, chosen: tuple[str, ...], kinds: dict[str, str]) -> str:
    """The unit that all chosen channels share; raises BadRecording."""
    units = {channel["ch_name"]: UNITS.get(int(channel["unit"]), "") for channel in data.info["chs"]}
    first: dict[str, str] = {}
    for name in chosen:
        first.setdefault(units[name], name)
    if len(first) > 1:
        found = " and ".join(f"{unit or 'no unit'} ({name!r}, of type {kinds[name]})" for unit, name in first.items())
        raise BadRecording(f"{path}: found channels in {found}; expected one unit: choose by `channels`, such as [{kinds[chosen[0]]}]")
    return next(iter(first))
