"""Principal components of whole recordings, in units of their noise: what a network of parameters reads.

Where the noise is known it is whitened first (Mahalanobis 1936), so that components are those of signal against noise, and the
noise of each is independent with an SD of 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np

from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Scale
from headroom.core.scaling import scale_of
from headroom.core.signal import Signal

PREFIX = "components."


@dataclass(frozen=True)
class Components:
    """Directions that whole recordings are projected on."""

    mean: np.ndarray  # (length x channel,): of the training recordings
    directions: np.ndarray  # (length x channel, component)

    def of(self, examples: Examples) -> Examples:
        """The examples with components in the place of samples: windows of length 1; raises HeadroomError for another length."""
        signal = examples.inputs
        if examples.length != signal.samples or examples.length * len(signal.channels) != len(self.mean):
            found = f"windows of {examples.length} of {signal.samples} samples in {len(signal.channels)} channels"
            raise HeadroomError(f"models: found {found}; expected whole trials as in training, as the task inference gives them")
        names = tuple(f"component {number + 1}" for number in range(self.directions.shape[1]))
        known = _separable(signal)
        clean, noise_sd = (self._projected(signal.truth()), np.ones(len(names))) if known else (None, None)
        projected = Signal(self._projected(signal.values), signal.dt, names, clean=clean, noise_sd=noise_sd)
        old = scale_of(examples)
        scale = Scale(np.zeros(len(names)), np.ones(len(names)), old.track_mean, old.track_sd)
        return replace(examples, inputs=projected, length=1, offsets=(0,), scale=scale)

    def _projected(self, values: np.ndarray) -> np.ndarray:
        """(trial, 1, component) of (trial, time, channel)."""
        flat = values.reshape(len(values), -1)
        return ((flat - self.mean) @ self.directions)[:, None]

    def state(self) -> dict[str, np.ndarray]:
        """As named arrays."""
        return {f"{PREFIX}{part.name}": getattr(self, part.name) for part in fields(self)}

    @classmethod
    def restored(cls, state: Mapping[str, np.ndarray]) -> "Components":
        """The inverse of `state`."""
        return cls(*(state[f"{PREFIX}{part.name}"] for part in fields(cls)))


def components(train: Examples, number: int) -> Components:
    """The first components of the noise-free training recordings against the noise.

    Where the noise is unknown, those of the standardised recordings themselves, each with an SD of 1.
    """
    signal, trials = train.inputs, np.unique(train.trial)
    known = _separable(signal)
    flat = (signal.truth() if known else signal.values)[trials].reshape(len(trials), -1).astype(float)
    sd = np.tile(signal.noise_sd if known and signal.noise_sd is not None else scale_of(train).sd, signal.samples)
    correlation = signal.noise_correlation() if known else None
    root = None if correlation is None else np.linalg.cholesky(correlation)
    mean = flat.mean(axis=0)
    sizes, axes = _principal(_solved(root, ((flat - mean) / sd).T).T)
    kept = slice(min(number, int((sizes > 1e-9 * sizes[0]).sum())))
    directions = _solved(root, axes[kept].T, transposed=True) / sd[:, None]
    directions = directions if known else directions * (np.sqrt(len(flat)) / sizes[kept])
    return Components(mean, directions)


def _principal(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Singular values (component,) and axes (component, value) of rows (row, value); of many rows their triangle tells the same."""
    fewer = np.linalg.qr(rows, mode="r") if len(rows) > 2 * rows.shape[1] else rows
    _, sizes, axes = np.linalg.svd(fewer, full_matrices=False)
    return sizes, axes


def _separable(signal: Signal) -> bool:
    """Whether the noise's covariance follows from what the signal says of it: of one channel, or white and independent."""
    known = signal.clean is not None and signal.noise_sd is not None and bool(signal.noise_sd.all())
    return known and (len(signal.channels) == 1 or signal.noise_memory is None)


def _solved(root: np.ndarray | None, columns: np.ndarray, transposed: bool = False) -> np.ndarray:
    """Columns (value, ...) divided by a lower triangle, if there is one."""
    from scipy.linalg import solve_triangular

    return columns if root is None else np.asarray(solve_triangular(root, columns, lower=True, trans="T" if transposed else "N"))
