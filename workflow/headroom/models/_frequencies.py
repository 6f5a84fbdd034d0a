"""Frequencies of sinusoids in noise: periodogram peaks one by one, each refined jointly with those before it.

With white noise the refined frequencies are the maximum-likelihood estimate (Rife & Boorstyn 1976). The amplitudes, one set per
trial and channel, are eliminated (variable projection, Golub & Pereyra 1973), so that only the frequencies are iterated on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

ROUNDS = 8
CONVERGED = 1e-9  # relative fall of the squared error in a round


@dataclass(frozen=True)
class Segment:
    """Series that were sampled at the same times."""

    times: np.ndarray  # (sample,), in samples
    values: np.ndarray  # (sample, series)


def design(frequencies: np.ndarray, times: np.ndarray) -> np.ndarray:
    """A constant, cosines and sines (..., 1 + 2 frequency) at times (...) in samples; frequencies in cycles per sample."""
    angle = 2 * np.pi * times[..., None] * frequencies
    return np.concatenate([np.ones_like(times, dtype=float)[..., None], np.cos(angle), np.sin(angle)], axis=-1)


def amplitudes(segment: Segment, frequencies: np.ndarray) -> np.ndarray:
    """Least-squares coefficients (1 + 2 frequency, series) of `design`."""
    return np.linalg.lstsq(design(frequencies, segment.times), segment.values, rcond=1e-10)[0]


def pursue(segments: Sequence[Segment], most: int) -> Iterator[np.ndarray]:
    """The best 1, 2, ... up to `most` frequencies [cycles per sample], found greedily; ends where no further peak is resolved."""
    frequencies = np.empty(0)
    for _ in range(most):
        peak = _peak(segments, frequencies)
        if peak is None:
            return
        frequencies = _refined(segments, np.append(frequencies, peak))
        yield frequencies


def _peak(segments: Sequence[Segment], found: np.ndarray) -> float | None:
    """Where the residual's power, summed over series, is largest, at least half a resolution from those found."""
    longest = max(int(np.ptp(segment.times)) + 1 for segment in segments)
    size = 2 ** int(np.ceil(np.log2(4 * longest)))
    power = np.zeros(size // 2 + 1)
    for segment in segments:
        residual = segment.values - design(found, segment.times) @ amplitudes(segment, found)
        gridded = np.zeros((longest, residual.shape[1]))
        gridded[segment.times - segment.times[0]] = residual
        for series in gridded.T:
            power += np.abs(np.fft.rfft(series, size)) ** 2
    grid = np.arange(size // 2 + 1) / size
    taken = np.concatenate([[0.0], found])
    free = np.abs(grid[:, None] - taken).min(axis=1) > 0.5 / longest
    if not free.any() or power[free].max() <= 0:
        return None
    return float(grid[np.argmax(np.where(free, power, -1.0))])


def _refined(segments: Sequence[Segment], frequencies: np.ndarray) -> np.ndarray:
    """Gauss-Newton steps on all frequencies, each halved until the squared error falls."""
    error, step = _error_and_step(segments, frequencies)
    for _ in range(ROUNDS):
        before = error
        for _ in range(4):
            candidate = frequencies + step
            lower, onward = _error_and_step(segments, candidate)
            if lower < error:
                frequencies, error, step = candidate, lower, onward
                break
            step = step / 2
        if before - error <= CONVERGED * before:
            break
    return frequencies


def _error_and_step(segments: Sequence[Segment], frequencies: np.ndarray) -> tuple[float, np.ndarray]:
    """Squared error after the best amplitudes, and the Gauss-Newton step on the frequencies (Kaufman's 1975 approximation)."""
    count = len(frequencies)
    hessian, gradient, error = np.zeros((count, count)), np.zeros(count), 0.0
    for segment in segments:
        basis = design(frequencies, segment.times)
        orthogonal, triangle = np.linalg.qr(basis)
        projected = orthogonal.T @ segment.values
        coefficients = np.linalg.lstsq(triangle, projected, rcond=1e-10)[0][1:]  # (2 frequency, series)
        residual = segment.values - orthogonal @ projected
        turn = 2 * np.pi * segment.times[:, None]
        slope = np.concatenate([-turn * basis[:, 1 + count :], turn * basis[:, 1 : 1 + count]], axis=1)  # d basis / d frequency
        slope -= orthogonal @ (orthogonal.T @ slope)
        curvature = (slope.T @ slope) * (coefficients @ coefficients.T)
        hessian += curvature.reshape(2, count, 2, count).sum(axis=(0, 2))
        gradient += ((slope.T @ residual) * coefficients).sum(axis=1).reshape(2, count).sum(axis=0)
        error += float((residual**2).sum())
    return error, np.linalg.lstsq(hessian, gradient, rcond=1e-10)[0]
