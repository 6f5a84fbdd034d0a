"""What is missing from a recording: cells without a finite number, and samples that the time stamps leave out."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from headroom.readers import Table
from headroom.simulators._clock import samples_between
from headroom.simulators._trials import Trial

Missing = Literal["error", "interpolate", "drop"]
ADVICE = "expected none, or set missing: interpolate or drop"


def without_missing(table: Table, trials: Sequence[Trial], dt: float, missing: Missing) -> list[Trial]:
    """Trials in which every sample has its values and label; raises BadRecording where the policy does not allow for what is missing."""
    if missing == "error":
        _refuse(table)
    if missing != "drop":
        _refuse_unlabelled(table, trials)
    regular = [_regular(table, trial, dt, missing) for trial in trials]
    if missing == "interpolate":
        return [_interpolated(table, trial) for trial in regular]
    whole = [trial for trial in regular if np.isfinite(trial.values).all() and (trial.labels is None or (trial.labels >= 0).all())]
    if not whole:
        raise table.bad(
            "missing: drop leaves no trial: found something missing in every one; set missing: interpolate, or correct the file"
        )
    return whole


def _refuse(table: Table) -> None:
    wrong = np.argwhere(~np.isfinite(table.values))
    if len(wrong):
        row, channel = map(int, wrong[0])
        found = "NaN or nothing" if np.isnan(table.values[row, channel]) else f"{table.values[row, channel]:g}"
        raise table.bad_at(row, f", column {table.channels[channel]!r}: found {found}; {ADVICE}")


def _refuse_unlabelled(table: Table, trials: Sequence[Trial]) -> None:
    for trial in trials:
        wrong = [] if trial.labels is None else np.flatnonzero(trial.labels < 0).tolist()
        if wrong:
            words = f", {table.label_name!r}: found no label; expected one, or set unlabelled: <category of such samples>"
            raise table.bad_at(trial.start + wrong[0], words)


def _regular(table: Table, trial: Trial, dt: float, missing: Missing) -> Trial:
    """The trial on an unbroken clock: samples left out are there, as NaN, with the label before them."""
    if trial.time is None:
        return trial
    counts = samples_between(table, trial, dt)
    gaps = np.flatnonzero(counts > 1)
    if len(gaps) == 0:
        return trial
    row, absent = trial.start + int(gaps[0]) + 1, int(counts[gaps].sum() - len(gaps))
    if missing == "error":
        raise table.bad_at(row, f": found a gap of {counts[gaps[0]] - 1} samples before it; {ADVICE}")
    if absent > len(trial.values):
        raise table.bad_at(row, f": found gaps of {absent} samples among {len(trial.values)}; expected fewer missing than recorded")
    source = np.repeat(np.arange(len(trial.values)), [*counts, 1])
    values = trial.values[source]
    values[np.diff(source, prepend=-1) == 0] = np.nan
    labels = None if trial.labels is None else trial.labels[source]
    return replace(trial, values=values, labels=labels, filled=np.zeros(values.shape, bool), time=None)


def _interpolated(table: Table, trial: Trial) -> Trial:
    """The trial with a straight line across whatever is not finite; `filled` says where."""
    holes = ~np.isfinite(trial.values)
    values = trial.values.copy() if holes.any() else trial.values
    steps = np.arange(len(values))
    for channel in np.flatnonzero(holes.any(axis=0)):
        known = ~holes[:, channel]
        if not (known[0] and known[-1]):
            end = "start" if not known[0] else "end"
            words = f"trial {trial.number}, column {table.channels[channel]!r}: the value at its {end} is missing"
            raise table.bad(f"{words}; expected one on each side to interpolate between: cut the trial or set missing: drop")
        values[~known, channel] = np.interp(steps[~known], steps[known], values[known, channel])
    return replace(trial, values=values, filled=holes)
