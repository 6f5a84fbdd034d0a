"""NWB recordings through pynwb: one TimeSeries (`series`), cut by the file's table of trials where it has one.

`series` is a name, or a pattern such as `sweep_*` whose series are the trials. Values are in the unit that the file states, by its
conversion factors and offset. `label` is a column of the table of trials, or another series with a number for every sample.
`ignore: [trials]` takes the series as one recording all the same.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from headroom.core.errors import BadRecording
from headroom.readers._labels import label_spans
from headroom.readers._library import absent, reading
from headroom.readers._listing import choices
from headroom.readers._nwb_series import Series, series_in, wanted_series
from headroom.readers._nwb_trials import Trials, spans, trials_in
from headroom.readers._table import Table
from headroom.readers._wanted import Wanted

TRIALS = "trials"


def look(path: Path, wanted: Wanted) -> bool:
    """True: a series states its sampling interval; raises BadRecording where no series can be used."""
    with _contents(path, wanted) as (chosen, trials, _):
        _rows(path, chosen, trials, wanted)
    return True


def read(path: Path, wanted: Wanted) -> Table:
    """All samples; raises BadRecording where the file cannot be read."""
    with _contents(path, wanted) as (chosen, trials, label):
        names = _names(chosen[0], wanted)
        channels = _channels(path, names, wanted)
        rows, trial = _rows(path, chosen, trials, wanted)
        with reading(path, "NWB file"):
            values = np.concatenate([series.values() for series in chosen])[rows][:, [names.index(name) for name in channels]]
            time = None if chosen[0].rate is not None else np.concatenate([series.source.timestamps[:] for series in chosen])[rows]
            marks = None if label is None else label.values()[:, 0]
        if marks is None and wanted.label is not None and trials is not None:
            marks = _marks(path, chosen[0], trials, wanted.label)
        dt = None if chosen[0].rate is None else 1 / chosen[0].rate
        starts = np.cumsum([0, *(series.shape[0] for series in chosen)])

    def place(row: int) -> str:
        sample = int(rows[row])
        part = int(np.searchsorted(starts, sample, side="right")) - 1
        return f"series {chosen[part].path!r}, sample {sample - starts[part]}"

    marks = None if marks is None else marks[rows]
    return Table(str(path), values, channels, place, time, trial, marks, wanted.label or "label", dt, chosen[0].unit)


@contextmanager
def _contents(path: Path, wanted: Wanted) -> Iterator[tuple[list[Series], Trials | None, Series | None]]:
    """The series that are asked for, the table of trials, and the series of labels; none of their samples loaded."""
    wanted.without(("time",), path, "a series has its own clock")
    wanted.without(("trial",), path, "trials are those of the file's table of trials, or the series of a pattern")
    with _opened(path) as content:
        with reading(path, "NWB file"):
            found, trials = series_in(content), trials_in(content)
        chosen = wanted_series(found, wanted.series, path)
        _channels(path, _names(chosen[0], wanted), wanted)
        yield chosen, trials, _label(path, found, chosen, trials, wanted)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    try:
        from pynwb import NWBHDF5IO
    except ImportError:
        raise absent(path, "pynwb") from None
    with reading(path, "NWB file"):
        io = NWBHDF5IO(str(path), mode="r")
    try:
        with reading(path, "NWB file"):
            content = io.read()
        yield content
    finally:
        io.close()


def _names(series: Series, wanted: Wanted) -> list[str]:
    """The names in the file; without them those that the user gives for all channels, or numbers."""
    if series.channels:
        return list(series.channels)
    if len(wanted.channels) == series.width:
        return list(wanted.channels)
    return [f"channel {index + 1}" for index in range(series.width)]


def _channels(path: Path, names: Sequence[str], wanted: Wanted) -> tuple[str, ...]:
    chosen = wanted.chosen(names, path, (TRIALS,))
    if not chosen:
        raise BadRecording(f"{path}: found no channel that is not in `ignore`; expected at least one")
    return chosen


def _rows(path: Path, chosen: Sequence[Series], trials: Trials | None, wanted: Wanted) -> tuple[np.ndarray, np.ndarray | None]:
    """Which samples of the chosen series together belong to a trial (row,), and to which (row,); None for one recording."""
    lengths = [series.shape[0] for series in chosen]
    if len(chosen) > 1:
        return np.arange(sum(lengths)), np.repeat(np.arange(len(chosen)), lengths)
    if trials is None or TRIALS in wanted.ignore:
        return np.arange(lengths[0]), None
    parts = _spans(path, chosen[0], trials)
    rows = np.concatenate([np.arange(first, last) for first, last in parts])
    return rows, np.repeat(trials.number, [last - first for first, last in parts])


def _label(path: Path, found: Sequence[Series], chosen: Sequence[Series], trials: Trials | None, wanted: Wanted) -> Series | None:
    """The series of labels, where it is no column of the table of trials that is asked for; raises BadRecording."""
    columns = list(trials.columns) if trials is not None and len(chosen) == 1 else []
    if wanted.label is None or wanted.label in columns:
        return None
    others = [one for one in found if one is not chosen[0] and one.width == 1] if len(chosen) == 1 else []
    series = next((other for other in others if wanted.label in (other.name, other.path)), None)
    if series is None:
        names = [*columns, *(other.path for other in others)]
        raise BadRecording(f"{path}: no column of the trials and no series {wanted.label!r} (label); {choices(wanted.label, names)}")
    if series.shape[0] != chosen[0].shape[0]:
        found_, expected = series.shape[0], chosen[0].shape[0]
        raise BadRecording(f"{path}: label {series.path!r}: found {found_} samples; expected {expected} as in {chosen[0].path!r}")
    return series


def _marks(path: Path, series: Series, trials: Trials, column: str) -> np.ndarray:
    """What a column of the table of trials says of each sample (time,)."""
    parts = [(first, last, name) for (first, last), name in zip(_spans(path, series, trials), trials.columns[column].tolist(), strict=True)]
    return label_spans(series.shape[0], parts)[0]


def _spans(path: Path, series: Series, trials: Trials) -> list[tuple[int, int]]:
    with reading(path, "NWB file"):
        time = series.time()
    return spans(trials, path, series.shape[0], series.start, series.rate, time)
