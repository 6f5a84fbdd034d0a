"""The sampling interval of a recording, from all that is said of it."""

from collections.abc import Sequence

import numpy as np

from headroom.readers import Table
from headroom.simulators._trials import Trial

TOLERANCE = 0.01  # of a sampling interval
DIGITS = 9


def sampling_interval(table: Table, trials: Sequence[Trial], configured: float | None) -> float:
    """Sampling interval [s]; raises BadRecording where the settings, the file and its time stamps do not say the same."""
    said = {"dt in config.yaml": configured, "dt in the file": table.dt, "the time stamps": _of_time_stamps(table, trials)}
    known = {source: dt for source, dt in said.items() if dt is not None}
    if not known:
        raise table.bad("no sampling interval; expected dt [s] in config.yaml, or time stamps of at least two samples in the file")
    first, dt = next(iter(known.items()))
    if not 0 < dt < np.inf:
        raise table.bad(f"{first}: found {dt:g}; expected a sampling interval above 0 s")
    for source, other in known.items():
        if abs(other - dt) > TOLERANCE * dt:
            unit = " (is that in ms?)" if abs(other - 1000 * dt) < 1000 * TOLERANCE * dt else ""
            raise table.bad(f"{first}: found {dt:g} s, but from {source} it is {other:g} s{unit}; correct one of them")
    return dt


def samples_between(table: Table, trial: Trial, dt: float) -> np.ndarray:
    """Whole sampling intervals from each time stamp to the next (time - 1,); raises BadRecording where they are irregular."""
    assert trial.time is not None
    step = np.diff(trial.time)
    count = np.maximum(np.rint(step / dt), 1)
    irregular = np.flatnonzero(np.abs(step - count * dt) > TOLERANCE * dt * count)
    if len(irregular):
        row = int(irregular[0])
        words = f": found {step[row]:g} s since the time stamp before; expected {dt:g} s within 1 %: resample the recording"
        raise table.bad_at(trial.start + row + 1, words)
    return count.astype(int)


def _of_time_stamps(table: Table, trials: Sequence[Trial]) -> float | None:
    if table.time is None:
        return None
    wrong = np.flatnonzero(~np.isfinite(table.time))
    if len(wrong):
        raise table.bad_at(int(wrong[0]), f": found time stamp {table.time[wrong[0]]:g}; expected seconds")
    for trial in trials:
        _refuse_going_back(table, trial)
    steps = np.concatenate([np.diff(trial.time) for trial in trials if trial.time is not None])
    if not len(steps):
        return None
    counts = np.maximum(np.rint(steps / np.median(steps)), 1)
    return float(f"{steps.sum() / counts.sum():.{DIGITS}g}")


def _refuse_going_back(table: Table, trial: Trial) -> None:
    assert trial.time is not None
    back = np.flatnonzero(np.diff(trial.time) <= 0)
    if len(back):
        before, after = trial.time[back[0]], trial.time[back[0] + 1]
        found = f"found time stamp {after:g} " + ("twice" if after == before else f"after {before:g}")
        words = f": {found}; expected later ones within a trial (trials need a column of trial numbers)"
        raise table.bad_at(trial.start + int(back[0]) + 1, words)
