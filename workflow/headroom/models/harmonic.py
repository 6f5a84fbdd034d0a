"""Harmonic regression: sinusoids of frequencies common to all trials, fitted to the training samples and extrapolated.

In a trial with training samples the amplitudes and phases are that trial's own (least squares), carried on in absolute time. In
any other trial they are estimated from the window alone, by least squares that are drawn towards the amplitudes' spread over the
training trials (a Wiener filter): a window shorter than a period does not fix them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge

from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Scale, Target
from headroom.core.prediction import Prediction
from headroom.core.protocols import Role, Workspace
from headroom.core.scaling import batches, pack, require_offsets, require_same_channels, scale_of, unpack
from headroom.core.settings import settings
from headroom.models._frequencies import Segment, amplitudes, design, pursue


@settings
class Harmonic:
    """A sum of sinusoids whose number is chosen on validation, or on the last fifth of the training windows without one."""

    role: ClassVar[Role] = "baseline"
    seeded: ClassVar[bool] = False
    most: Annotated[int, Ge(1)] = 10
    """Sinusoids at most."""

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple["Sinusoids", list[dict[str, float]]]:
        """One row for each number of sinusoids tried; raises HeadroomError where targets are not the inputs themselves."""
        require_same_channels("harmonic", train)
        seen, held = (train, valid) if len(valid) else _last_fifth(train)
        candidates = list(pursue(_segments(seen), self.most))
        if not candidates:
            raise HeadroomError("harmonic: the training samples are constant or too few for a periodogram; leave harmonic out")
        losses = [_loss(_estimate(seen, frequencies), held) for frequencies in candidates]
        best = int(np.argmin(losses)) + 1
        found = candidates[:best] if seen is train else list(pursue(_segments(train), best))
        return _estimate(train, found[-1]), [{"sinusoids": i + 1, "valid_loss": loss} for i, loss in enumerate(losses)]

    def restore(self, state: Mapping[str, np.ndarray]) -> "Sinusoids":
        """The fit that was saved."""
        own = {name: state[name] for name in ("frequencies", "amplitudes", "known", "filters", "offsets")}
        return Sinusoids(**own, scale=unpack(state))


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


def _segments(train: Examples) -> list[Segment]:
    return [_segment(train, trials, times) for trials, times in _grouped(train)]


def _estimate(train: Examples, frequencies: np.ndarray) -> Sinusoids:
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


def _loss(fitted: Sinusoids, held: Examples) -> float:
    """Mean squared error in units of each target's variance."""
    return float((((fitted.predict(held).point - held.targets()) / fitted.scale.track_sd) ** 2).mean())


def _last_fifth(train: Examples) -> tuple[Examples, Examples]:
    """Training windows, and the last of each trial's that share no sample with them."""
    edge = np.zeros(train.inputs.trials)
    for trial in np.unique(train.trial):
        edge[trial] = np.quantile(train.start[train.trial == trial], 0.8)
    early = train.last + max(0, *train.offsets) < edge[train.trial]
    late = train.start >= edge[train.trial]
    if not early.any():
        raise HeadroomError("harmonic: too few training windows to hold a fifth out; give a validation part or a longer recording")
    return train.take(early), train.take(late)
