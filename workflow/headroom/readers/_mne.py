"""What MNE made of a file, as a table: EDF, BDF and FIF recordings have this in common."""

from pathlib import Path
from typing import Any

import numpy as np

from headroom.core.errors import BadRecording
from headroom.readers._labels import label_spans
from headroom.readers._library import reading
from headroom.readers._table import Table

ANNOTATIONS = "annotations"
"""As a label's name: the annotations of the recording, each for as long as it lasts."""
NOT_HERE = "its samples follow one clock, as one recording"
BAD = "bad"


def continuous(path: Path, raw: Any, channels: tuple[str, ...], unit: str, scale: float, label: str | None) -> Table:
    """The samples of an MNE recording times `scale`; those under an annotation that starts with "bad" are NaN, as MNE has it."""
    rate = float(raw.info["sfreq"])
    if rate <= 0:
        raise BadRecording(f"{path}: found a sampling rate of {rate:g} Hz; expected one above 0 Hz")
    with reading(path, "recording"):
        notes = _annotations(raw, rate)
        values = raw.get_data(picks=list(channels), reject_by_annotation="NaN", verbose="ERROR").T * scale
        marks = None if label in (None, ANNOTATIONS) else raw.get_data(picks=[label], verbose="ERROR")[0]
    if label == ANNOTATIONS:
        marks = _labels(path, notes, len(values), rate)

    def place(row: int) -> str:
        over = [note for start, end, note in notes if start <= row < end and note.casefold().startswith(BAD)]
        return f"sample {row} (at {row / rate:g} s{f', annotated {over[0]!r}' if over else ''})"

    return Table(str(path), np.ascontiguousarray(values), channels, place, None, None, marks, label or "label", 1 / rate, unit)


def _annotations(raw: Any, rate: float) -> list[tuple[int, int, str]]:
    """First row, row after the last and text of each annotation; MNE counts onsets from the start of the acquisition."""
    notes = raw.annotations
    onset = notes.onset - raw.first_time
    starts, ends = (np.rint(moment * rate).astype(int) for moment in (onset, onset + notes.duration))
    return list(zip(starts.tolist(), ends.tolist(), map(str, notes.description), strict=True))


def _labels(path: Path, notes: list[tuple[int, int, str]], rows: int, rate: float) -> np.ndarray:
    spans = [span for span in notes if span[1] > span[0] and not span[2].casefold().startswith(BAD)]
    if not spans:
        found = f"{len(notes)} annotations without a duration" if notes else "no annotations"
        raise BadRecording(f"{path}: found {found} (label: {ANNOTATIONS}); expected annotations that last, one category each")
    labels, twice = label_spans(rows, spans)
    if twice is not None:
        row, one, other = twice
        raise BadRecording(
            f"{path}: sample {row} (at {row / rate:g} s): found annotations {one!r} and {other!r} together; expected one label"
        )
    return labels
