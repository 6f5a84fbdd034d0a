"""Harmonic regression with the frequencies and the mixing known: what is left to estimate are the phases."""

from typing import ClassVar, Literal, Protocol, runtime_checkable

import numpy as np

from headroom.core.dataset import Dataset
from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples
from headroom.core.prediction import Expectation
from headroom.core.protocols import Simulator
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.core.signal import Signal


@runtime_checkable
class HarmonicSystem(Protocol):
    """A simulator of sinusoids with known frequencies."""

    def advance(self) -> np.ndarray:
        """Growth of each phase since the first sample (time, oscillator) [rad]."""

    def mixing_matrix(self) -> np.ndarray:
        """Weight of each oscillator in each channel (channel, oscillator)."""


@settings
class HarmonicReference:
    """x = M (a sin(omega t) + b cos(omega t)), the 2K amplitudes of a trial by least squares on all its training samples."""

    sees: ClassVar[Literal["observation", "exact_state"]] = "observation"
    gives: ClassVar[Literal["bound", "reference"]] = "reference"

    def expect(self, simulator: Simulator, recording: Recording, dataset: Dataset, rng: np.random.Generator) -> Expectation:
        """The fit, extrapolated to the test samples; raises HeadroomError for other systems and for trials without training samples."""
        if not isinstance(simulator, HarmonicSystem):
            raise HeadroomError(f"harmonic_reference: {type(simulator).__name__} has no known frequencies and mixing; use it for sinusoids")
        test, train = dataset.test, dataset.train
        gain, shift = _scaling(test.track, recording.states)
        angle = simulator.advance()[:, None, :]  # (time, 1, oscillator)
        mixing = gain[:, None] * simulator.mixing_matrix()
        basis = np.concatenate([mixing * np.sin(angle), mixing * np.cos(angle)], axis=2)  # (time, channel, amplitude)
        trials, row = np.unique(test.trial, return_inverse=True)
        curves = np.stack([_fit(basis, train, trial, shift) for trial in trials])  # (trial, time, channel)
        steps = test.last[:, None] + np.asarray(test.offsets)
        return Expectation(point=curves[row[:, None], steps], note="known frequencies and mixing, all training samples of each trial")


def _fit(basis: np.ndarray, train: Examples, trial: int, shift: np.ndarray) -> np.ndarray:
    """The curve (time, channel) of one trial, channels weighted by their noise."""
    seen = _training_samples(train, trial)
    noise_sd = train.track.noise_sd
    weight = np.ones(len(shift)) if noise_sd is None or not noise_sd.all() else 1 / noise_sd
    design = (basis[seen] * weight[:, None]).reshape(-1, basis.shape[2])
    wanted = ((train.track.values[trial, seen] - shift) * weight).ravel()
    return basis @ np.linalg.lstsq(design, wanted, rcond=None)[0] + shift


def _training_samples(train: Examples, trial: int) -> np.ndarray:
    """Indices of the samples that the training examples of a trial touch, as input or as target."""
    last = train.last[train.trial == trial]
    if len(last) == 0:
        raise HeadroomError(f"harmonic_reference: trial {trial} has no training samples to take phases from; split by block")
    touched = np.concatenate([np.arange(1 - train.length, 1), np.asarray(train.offsets)])
    return np.unique(last[:, None] + touched)


def _scaling(track: Signal, states: Signal) -> tuple[np.ndarray, np.ndarray]:
    """Gain and shift (channel,) with track = gain x states + shift: what a standardising step has done."""
    truth = track.truth()
    if truth.shape != states.values.shape:
        raise HeadroomError("harmonic_reference: the observed channels are not the simulator's; use it with the identity sensor")
    mean = states.values.mean(axis=(0, 1))
    centred = states.values - mean
    gain = (centred * truth).sum(axis=(0, 1)) / (centred**2).sum(axis=(0, 1))
    shift = truth.mean(axis=(0, 1)) - gain * mean
    if not np.allclose(gain * states.values + shift, truth, atol=1e-8 * float(truth.std())):
        raise HeadroomError("harmonic_reference: the observed signal is not a rescaled state; use it with the identity sensor")
    return gain, shift
