"""A user's own recording as a system: what is in the file, and nothing that only a simulator could know."""

from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from annotated_types import Gt, MinLen

from headroom.core.errors import BadRecording
from headroom.core.randomness import Streams
from headroom.core.recording import Recording as Recorded
from headroom.core.settings import settings
from headroom.core.signal import Signal
from headroom.readers import Wanted, reader
from headroom.simulators._clock import sampling_interval
from headroom.simulators._gaps import Missing, without_missing
from headroom.simulators._trials import Unequal, cut, equal

Constant = Literal["error", "drop"]
SMALL = 5_000_000
"""A file below this size is read whole before any job starts: a fraction of a second [bytes]."""


@settings
class Recording:
    """A CSV or NPZ file. Its equations are unknown: forecasts of it have a floor and linear models but no ceiling."""

    file: Annotated[str, MinLen(1)]
    """Path from the project root, or absolute; the suffix says which reader."""
    dt: Annotated[float, Gt(0)] | None = None
    """Sampling interval [s]; null where the file says it, by time stamps or (NPZ) its own dt."""
    unit: str = ""
    """Physical unit of the channels; empty where the file says it or they have none."""
    channels: tuple[str, ...] = ()
    """Which channels, in this order; empty for every column that is no time stamp, trial number or label."""
    time_column: str | None = None
    """Column of time stamps [s]; null for one called `time`, if there is one."""
    trial_column: str | None = None
    """Column of trial numbers, whose rows stand together; null for one called `trial`, if there is one."""
    label_column: str | None = None
    """Column of categories as whole numbers; null for one called `label` or `labels`, if there is one."""
    missing: Missing = "error"
    """Empty cells, NaN, Inf and gaps between time stamps: refuse, draw a line across them, or leave their whole trials out."""
    unequal_trials: Unequal = "error"
    """Trials of different length: refuse, or cut all to the shortest."""
    constant: Constant = "error"
    """A channel that never changes: refuse, or leave it out."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        named = [name for name in (*self.channels, self.time_column, self.trial_column, self.label_column) if name is not None]
        twice = sorted({name for name in named if named.count(name) > 1})
        return [f"column {name!r} is named twice; expected one part for each column" for name in twice]

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

        extras["trial"] are the file's trial numbers, extras["interpolated"] (trial, time, channel) what was filled in, if anything.
        """
        return self.read()

    def read(self) -> Recorded:
        """The whole file, checked; raises BadRecording."""
        self._look()
        table = reader(self.path).read(self.path, self.wanted)
        trials = cut(table)
        dt = sampling_interval(table, trials, self.dt)
        kept = equal(table, without_missing(table, trials, dt, self.missing), self.unequal_trials)
        values, filled = np.stack([trial.values for trial in kept]), np.stack([trial.filled for trial in kept])
        moving = self._moving(values, table.channels)
        filled = filled[..., moving]
        signal = Signal(values[..., moving], dt, tuple(np.array(table.channels)[moving].tolist()), self._unit(table.unit))
        extras = {"trial": np.array([trial.number for trial in kept])} | ({"interpolated": filled} if filled.any() else {})
        marks = [trial.labels for trial in kept if trial.labels is not None]
        labels = Signal(np.stack(marks)[..., None], dt, (table.label_name,)) if marks else None
        return Recorded(states=signal, parameters=np.empty((signal.trials, 0)), labels=labels, extras=extras)

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return Path(self.file)

    @property
    def wanted(self) -> Wanted:
        """Which columns play which part."""
        return Wanted(self.channels, self.time_column, self.trial_column, self.label_column)

    def _moving(self, values: np.ndarray, channels: tuple[str, ...]) -> np.ndarray:
        """Which channels (channel,) change at all."""
        moving = (values != values[0, 0]).any(axis=(0, 1))
        still = [name for name, moves in zip(channels, moving, strict=True) if not moves]
        if still and (self.constant == "error" or not moving.any()):
            advice = "expected one that changes" if not moving.any() else "set constant: drop to leave it out"
            value = values[0, 0, channels.index(still[0])]
            raise BadRecording(f"{self.file}: column {still[0]!r}: found {value:g} in every sample; {advice}")
        return moving

    def _unit(self, stated: str) -> str:
        if self.unit and stated and self.unit != stated:
            raise BadRecording(f"{self.file}: found unit {stated!r} in the file and {self.unit!r} in config.yaml; correct one of them")
        return self.unit or stated
