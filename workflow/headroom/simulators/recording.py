"""A user's own recording as a system: what is in the file, and nothing that only a simulator could know."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
from annotated_types import Gt, MinLen

from headroom.core.errors import BadRecording
from headroom.core.randomness import Streams
from headroom.core.recording import Recording as Recorded
from headroom.core.settings import settings
from headroom.core.signal import Signal
from headroom.readers import Table, Wanted, factor, reader
from headroom.simulators._categories import categories
from headroom.simulators._channels import Constant, moving, refuse_counters
from headroom.simulators._clock import sampling_interval
from headroom.simulators._gaps import Missing, without_missing
from headroom.simulators._trials import Trial, Unequal, cut, equal

SERIES = (".npz", ".nwb")
SMALL = 5_000_000
"""A file below this size is read whole before any job starts: a fraction of a second [bytes]."""


@settings
class Recording:
    """A CSV, Parquet, NPZ, NWB, EDF, BDF or FIF file. Its equations are unknown: forecasts of it have a floor but no ceiling."""

    file: Annotated[str, MinLen(1)]
    """Path from the project root, or absolute; the suffix says which reader."""
    dt: Annotated[float, Gt(0)] | None = None
    """Sampling interval [s]; null where the file says it, by time stamps or its own sampling rate."""
    unit: str = ""
    """Physical unit of the channels; empty for the one that the file states. Values in another prefix of it (V, mV) are converted."""
    series: str | None = None
    """Name of the series (NWB; a pattern such as sweep_* for one a trial) or key of the values (NPZ); null for the only one."""
    channels: tuple[str, ...] = ()
    """Which channels, in this order; empty for all that are no time stamp, trial number or label (FIF: also types, such as eeg)."""
    ignore: tuple[str, ...] = ()
    """Columns or channels to leave out, such as a frame number; `trials` (NWB) takes a series as one recording all the same."""
    time: str | None = None
    """Column of time stamps [s], or [ms] where its name says so; null for one called `time`, if there is one."""
    trial: str | None = None
    """Column of trial numbers, whose rows stand together; null for one called `trial`, if there is one."""
    label: str | None = None
    """Column of categories, whole numbers or text; null for one called `label` or `labels`, if there is one. EDF and FIF: `annotations`."""
    unlabelled: Annotated[str, MinLen(1)] | None = None
    """Category of samples without a label; null: refuse them."""
    missing: Missing = "error"
    """Empty cells, NaN, Inf and gaps between time stamps: refuse, draw a line across them, or leave their whole trials out.

    `drop` also leaves out trials with a sample that has no label.
    """
    unequal_trials: Unequal = "error"
    """Trials of different length: refuse, or cut all to the shortest."""
    constant: Constant = "error"
    """A channel that never changes: refuse, or leave it out."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        named = [name for name in (*self.channels, *self.ignore, self.time, self.trial, self.label) if name is not None]
        twice = sorted({name for name in named if named.count(name) > 1})
        found = [f"column {name!r} is named twice; expected one part for each column" for name in twice]
        if self.series is not None and self.path.suffix.lower() not in SERIES:
            found.append(f"series is {self.series!r}, and {self.path.name} has no series; expected one of {', '.join(SERIES)}")
        return found

    def files(self) -> tuple[str, ...]:
        """The files that a recording is read from."""
        return (self.file,)

    def check(self) -> None:
        """All of a small file, the beginning of a large one, before any job starts; raises BadRecording."""
        self._look()
        if self.path.stat().st_size < SMALL:
            self.read()

    def _look(self) -> None:
        timed = reader(self.path).look(self.path, self.wanted)
        if not timed and self.dt is None:
            raise BadRecording(f"{self.file}: no sampling interval; expected dt [s] in config.yaml, or time stamps in the file")

    def simulate(self, rng: Streams) -> Recorded:
        """States (trial, time, channel) and labels as the file has them, nothing drawn; raises BadRecording.

        extras["trial"] are the file's trial numbers, extras["label_names"] what it calls the categories 0, 1, ... of the labels, and
        extras["interpolated"] (trial, time, channel) what was filled in, if anything.
        """
        return self.read()

    def read(self) -> Recorded:
        """The whole file, checked; raises BadRecording."""
        self._look()
        table = reader(self.path).read(self.path, self.wanted)
        labels, names = categories(table, self.unlabelled)
        trials = cut(table, labels)
        dt = sampling_interval(table, trials, self.dt)
        kept = equal(table, without_missing(table, trials, dt, self.missing), self.unequal_trials)
        signal, filled = self._signal(table, kept, dt)
        extras = {"trial": np.array([trial.number for trial in kept])} | ({"interpolated": filled} if filled.any() else {})
        marks = [trial.labels for trial in kept if trial.labels is not None]
        marked = Signal(np.stack(marks)[..., None], dt, (table.label_name,)) if marks else None
        extras |= {"label_names": np.array(names)} if marks else {}
        return Recorded(states=signal, parameters=np.empty((signal.trials, 0)), labels=marked, extras=extras)

    def _signal(self, table: Table, trials: Sequence[Trial], dt: float) -> tuple[Signal, np.ndarray]:
        """The channels that change, and which of their samples (trial, time, channel) were filled in."""
        values, filled = (np.stack([getattr(trial, part) for trial in trials]) for part in ("values", "filled"))
        changing = moving(table, values, self.constant)
        refuse_counters(table, values, self.channels)
        channels = tuple(np.array(table.channels)[changing].tolist())
        return Signal(values[..., changing] * self._factor(table), dt, channels, self.unit or table.unit), filled[..., changing]

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return Path(self.file)

    @property
    def wanted(self) -> Wanted:
        """Which columns play which part."""
        return Wanted(self.channels, self.time, self.trial, self.label, self.ignore, self.series)

    def _factor(self, table: Table) -> float:
        """What turns the file's values into the unit of the settings."""
        scale = factor(table.unit, self.unit) if self.unit and table.unit else 1.0
        if scale is None:
            raise table.bad(f"found unit {table.unit!r} in the file and {self.unit!r} in config.yaml; correct one of them")
        return scale
