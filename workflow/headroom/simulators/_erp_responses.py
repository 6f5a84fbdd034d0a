"""What pulses evoke in Jansen-Rit columns: the source about a pulse, less its mean before it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from headroom.simulators.jansen_rit import JansenRit

COLUMNS = 64
"""Columns at once in an average: a minute of each is 500 kB."""
SHORT = 1.0
"""All columns settle for so long at first [s]: most repeat by then."""
EARLY = 1e-4
"""Those that repeat to within this share of the tolerance have settled; the others take the whole time."""


@dataclass(frozen=True)
class Responses:
    """A column of given length of recording, and where its pulses lie [samples]."""

    column: Callable[[int], JansenRit]
    before: int
    samples: int
    period: int

    def steady(self, parameters: Mapping[str, np.ndarray], tolerance: float) -> tuple[np.ndarray, np.ndarray]:
        """The source (column, time) and whether what precedes the next pulse repeats what preceded this one (column,)."""
        found, apart = self._repeated(parameters, SHORT)
        late = np.flatnonzero(apart > EARLY * tolerance)
        if len(late):
            found[late], apart[late] = self._repeated({name: values[late] for name, values in parameters.items()})
        return found, np.asarray(apart <= tolerance)

    def _repeated(self, parameters: Mapping[str, np.ndarray], settle: float = np.inf) -> tuple[np.ndarray, np.ndarray]:
        """The source (column, time) and by how much what precedes the next pulse differs from what preceded this one (column,) [mV]."""
        path = self._path(self.samples, parameters, settle=settle)
        apart = np.abs(path[:, self.period :] - path[:, : self.samples - self.period])[:, : self.before]
        return self._from_baseline(path), apart.max(axis=1)

    def averaged(self, parameters: Mapping[str, np.ndarray], keys: np.ndarray, phase: np.ndarray, pulses: int) -> np.ndarray:
        """The source (column, time) averaged over pulses, with noise by `keys` (column, 4), from a `phase` (column,) of 0 to 1."""
        found = np.empty((len(keys), self.samples))
        longest = round(self.column(1).random_phase / self.column(1).h)
        leave = (phase * (longest + 1)).astype(int)
        for first in range(0, len(keys), COLUMNS):
            part = slice(first, first + COLUMNS)
            some = {name: values[part] for name, values in parameters.items()}
            path = self._path(self.samples + (pulses - 1) * self.period, some, keys[part], leave[part])
            found[part] = np.mean([path[:, pulse * self.period :][:, : self.samples] for pulse in range(pulses)], axis=0)
        return self._from_baseline(found)

    def _path(
        self,
        samples: int,
        parameters: Mapping[str, np.ndarray],
        keys: np.ndarray | None = None,
        leave: np.ndarray | None = None,
        settle: float = np.inf,
    ) -> np.ndarray:
        columns, column = len(next(iter(parameters.values()))), self.column(samples)
        path = np.empty((columns, samples, 1))
        replace(column, burn_in=min(settle, column.burn_in)).integrate(
            path, np.zeros((columns, 4), np.uint32) if keys is None else keys, leave, parameters
        )
        return path[..., 0]

    def _from_baseline(self, path: np.ndarray) -> np.ndarray:
        return np.asarray(path - path[:, : self.before].mean(axis=1, keepdims=True))
