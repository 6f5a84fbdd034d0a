"""Sinusoids fitted to trials: a trial's own amplitudes carried on in time, or what a window says of them.

In a trial with training samples the amplitudes and phases are that trial's own (least squares), carried on in absolute time. In
any other trial they are estimated from the window alone, by least squares that are drawn towards the amplitudes' spread over the
training trials (a Wiener filter): a window shorter than a period does not fix them.
"""

from dataclasses import dataclass

import numpy as np

from headroom.core.examples import Examples, Scale
from headroom.core.prediction import Prediction
from headroom.core.scaling import batches, pack, require_offsets, scale_of
from headroom.models._frequencies import Segment, amplitudes, design


@dataclass(frozen=True)
class Sinusoids:
    """Frequencies, amplitudes of the trials trained on, and a linear filter for other trials; standardised units."""

    frequencies: np.ndarray  # (frequency,), cycles per sample
    amplitudes: np.ndarray  # (trial, 1 + 2 frequency, channel)
    known: np.ndarray  # (trial,): whether the trial had training samples
    filters: np.ndarray  # (channel, length, offset)
    offsets: np.ndarray  # (offset,)
    scale: Scale

    def predict(self, examples: Examples) -> Prediction:
        """(example, offset, target) in physical units."""
        require_offsets("harmonic", examples, self.offsets)
        shape = (0, len(self.offsets), len(self.scale.track_mean))
        parts = [self._answer(examples, batch) for batch in batches(examples)]
        return Prediction(np.concatenate([np.empty(shape), *parts]) * self.scale.track_sd + self.scale.track_mean)

    def _answer(self, examples: Examples, batch: slice) -> np.ndarray:
        trial, start = (values[batch] for values in examples.origin())
        windows = (examples.windows(batch) - self.scale.mean) / self.scale.sd
        answers = np.einsum("elc,clo->eoc", windows, self.filters, optimize=True)
        known = (trial < len(self.known)) & self.known[np.minimum(trial, len(self.known) - 1)].astype(bool)
        times = start[known, None] + examples.length - 1 + self.offsets
        answers[known] = design(self.frequencies, times) @ self.amplitudes[trial[known]]
        return answers

    def state(self) -> dict[str, np.ndarray]:
        """Every array, and the scale."""
        own = {"frequencies": self.frequencies, "amplitudes": self.amplitudes, "known": self.known}
        return {**own, "filters": self.filters, "offsets": self.offsets, **pack(self.scale)}


def segments(train: Examples) -> list[Segment]:
    """The training samples, standardised, as series that share their sample times."""
    return [_segment(train, trials, times) for trials, times in _grouped(train)]


def estimate(train: Examples, frequencies: np.ndarray) -> Sinusoids:
    """Amplitudes of every training trial and filters for the others, at these frequencies [cycles per sample]."""
    channels = len(train.track.channels)
    found = np.zeros((train.track.trials, 1 + 2 * len(frequencies), channels))
    known = np.zeros(train.track.trials, np.uint8)
    noise = samples = 0.0
    for trials, times in _grouped(train):
        segment = _segment(train, trials, times)
        coefficients = amplitudes(segment, frequencies)
        found[trials] = coefficients.reshape(-1, len(trials), channels).transpose(1, 0, 2)
        known[trials] = 1
        residual = (segment.values - design(frequencies, times) @ coefficients).reshape(-1, channels)
        noise, samples = noise + (residual**2).sum(axis=0), samples + len(residual)
    filters = _filters(train, frequencies, found[known > 0], np.asarray(noise / samples))
    return Sinusoids(frequencies, found, known, filters, np.array(train.offsets), scale_of(train))


def _samples(train: Examples) -> np.ndarray:
    """Which samples (trial, time) the training windows and targets hold."""
    seen = np.zeros(train.track.values.shape[:2], bool)
    for step in (*range(train.length), *(train.length - 1 + offset for offset in train.offsets)):
        seen[train.trial, train.start + step] = True
    return seen


def _grouped(train: Examples) -> list[tuple[np.ndarray, np.ndarray]]:
    """Trials and sample times, for each set of trials whose training samples have the same times."""
    patterns, member = np.unique(_samples(train), axis=0, return_inverse=True)
    return [(np.flatnonzero(member.ravel() == i), np.flatnonzero(times)) for i, times in enumerate(patterns) if times.any()]


def _segment(train: Examples, trials: np.ndarray, times: np.ndarray) -> Segment:
    scale = scale_of(train)
    values = (train.track.values[trials[:, None], times] - scale.track_mean) / scale.track_sd
    return Segment(times, values.transpose(1, 0, 2).reshape(len(times), -1))


def _filters(train: Examples, frequencies: np.ndarray, found: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """The best linear predictors (channel, length, offset) if coefficients spread as in the training trials, phases at random."""
    constant, waves = found[:, :1], found[:, 1:].reshape(len(found), 2, len(frequencies), -1)
    power = np.tile((waves**2).mean(axis=(0, 1)), (2, 1))
    spread = np.concatenate([(constant**2).mean(axis=0), power])  # (1 + 2 frequency, channel)
    past = design(frequencies, np.arange(1.0 - train.length, 1.0))
    ahead = design(frequencies, np.array(train.offsets, dtype=float))
    filters = []
    for variance, error in zip(spread.T, noise, strict=True):
        covariance = (past * variance) @ past.T + (error + 1e-9) * np.eye(train.length)
        filters.append(np.linalg.solve(covariance, (past * variance) @ ahead.T))
    return np.stack(filters)
