"""What the equations say of a network's next voltages, given its noisy ones: the block particle filter on one recorded trial."""

from typing import TYPE_CHECKING

import numpy as np

from headroom.core.recording import Recording
from headroom.simulators._brunel_wiring import wiring_of

if TYPE_CHECKING:
    from headroom.simulators.brunel import Brunel

COUNTS = ((0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2))
"""Excitatory and inhibitory spikes that may arrive in one step; more of them are rarer than one step in a million."""


def forecasts(
    system: "Brunel",
    recording: Recording,
    trial: int,
    observed: np.ndarray,
    noise_sd: float,
    asked: np.ndarray,
    offsets: tuple[int, ...],
    particles: int,
    key: int,
    *,
    connected: bool,
) -> tuple[np.ndarray, int]:
    """Means over particles (example, offset, neuron) [mV], and how often a neuron's particles had lost it.

    observed (time, neuron) [mV] with white noise of `noise_sd` [mV]; asked (example,) are the samples, rising, after which forecasts
    are wanted. Not `connected`: each neuron's recurrent input is independent and Poisson, at the rates of its sources in the trial.
    """
    from scipy.special import ndtri

    from headroom.simulators._brunel_filter import forecast
    from headroom.simulators._brunel_particles import GAUSSIAN_BITS

    wiring = wiring_of(recording.extras["graph"][trial % len(recording.extras["graph"])], system.weights.astype(np.float32))
    place = np.full(len(observed), -1)
    place[asked] = np.arange(len(asked))
    answer = np.zeros((len(asked), len(offsets), system.neurons))
    drive, cells = system.drive, system.cells
    levels, jumps = _alone(system, recording, trial) if not connected else (np.zeros((0, 0), np.uint64), np.zeros(0, np.float32))
    rescued = forecast(
        observed.astype(np.float32),
        noise_sd,
        place,
        np.asarray(offsets),
        particles,
        np.uint64(key),
        wiring.first,
        wiring.targets,
        wiring.weight,
        cells.constants(np.dtype(np.float32)),
        cells.refractory,
        cells.delay,
        system.every,
        np.float32(drive.noise),
        ndtri((np.arange(2**GAUSSIAN_BITS) + 0.5) / 2**GAUSSIAN_BITS).astype(np.float32),
        drive.thresholds(),
        np.float32(drive.weight),
        levels,
        jumps,
        answer,
    )
    return answer, int(rescued)


def _alone(system: "Brunel", recording: Recording, trial: int) -> tuple[np.ndarray, np.ndarray]:
    """Cumulative probabilities (neuron, category) in units of 2^-16 of what may arrive in a step, and its jump [mV]."""
    from headroom.simulators._brunel_engines import arrivals

    (excitation, up), (inhibition, down) = arrivals(system, recording, trial)
    mass = np.stack([_poisson(excitation, several) * _poisson(inhibition, other) for several, other in COUNTS], axis=1)
    cumulative = np.cumsum(mass / mass.sum(axis=1, keepdims=True), axis=1)[:, :-1]
    return np.round(cumulative * 2**16).astype(np.uint64), np.array([a * up + b * down for a, b in COUNTS], np.float32)


def _poisson(expected: np.ndarray, count: int) -> np.ndarray:
    return np.asarray(np.exp(-expected) * expected**count / (2 if count == 2 else 1))
