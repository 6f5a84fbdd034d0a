"""What references of inferred parameters have in common: a deterministic response, its prior, and Gaussian noise of known memory."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from headroom.ceilings._whitening import leading, whitening
from headroom.core.combinations import combined
from headroom.core.dataset import Dataset
from headroom.core.errors import HeadroomError
from headroom.core.prior import Prior
from headroom.core.protocols import Simulator
from headroom.core.recording import Recording
from headroom.core.signal import Signal

TRIED = 2000
"""Draws of the prior whose responses say which directions matter."""
AT_ONCE = 1024
"""Responses that are held at once: 10 MB."""
SAME = 1e-4
"""By what share of its SD a recording may differ from the response to its parameters: it is kept in single precision."""


@runtime_checkable
class Evoked(Protocol):
    """A simulator whose recordings are responses, functions of a few parameters alone."""

    names: tuple[str, ...]
    bounds: np.ndarray  # (parameter, 2): lowest and highest
    drawn: str  # "uniform" or "normal"

    def responses(self, parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Responses (example, time) to parameters (example, parameter), and whether the prior holds these (example,)."""


def require_evoked(kind: str, simulator: Simulator) -> Evoked:
    """The simulator, if it is one; raises HeadroomError otherwise."""
    if not isinstance(simulator, Evoked):
        raise HeadroomError(f"{kind}: {type(simulator).__name__} has no response to parameters; use it for erp")
    return simulator


def parameters_of(kind: str, recording: Recording, dataset: Dataset) -> np.ndarray:
    """Parameters (example, parameter) of the test examples; raises HeadroomError where the targets are not made of them."""
    test = dataset.test
    if dataset.target.kind == "window" and test.offsets and recording.parameter_names:
        parameters = recording.parameters[test.trial]
        if np.allclose(combined(dataset.target.names, parameters, recording.parameter_names), test.targets()[:, 0]):
            return np.asarray(parameters, float)
    raise HeadroomError(f"{kind}: the targets are not the system's parameters; use it for the task inference")


@dataclass(frozen=True)
class Reduced:
    """Directions of a recording, few, in which its noise is white with variance 1."""

    weights: np.ndarray  # (time, direction)
    simulator: Evoked

    def of(self, values: np.ndarray) -> np.ndarray:
        """Signals (example, direction) of signals (example, time)."""
        return np.asarray(values @ self.weights)

    def responses(self, parameters: np.ndarray) -> np.ndarray:
        """The same of the responses to parameters (example, parameter)."""
        return self.of(self.simulator.responses(parameters)[0])

    def log_likelihood(self, parameters: np.ndarray, seen: np.ndarray) -> np.ndarray:
        """Of parameters (example, parameter), each from what was seen (example, direction), up to a constant; see `Known`."""
        known = self.known(parameters)
        return np.where(known.held, -0.5 * ((known.responses - seen) ** 2).sum(axis=1), -np.inf)

    def known(self, parameters: np.ndarray) -> "Known":
        """The responses to parameters (example, parameter), worked out some at a time."""
        responses, held = np.empty((len(parameters), self.weights.shape[1])), np.empty(len(parameters), bool)
        for first in range(0, len(parameters), AT_ONCE):
            part = slice(first, first + AT_ONCE)
            found, held[part] = self.simulator.responses(parameters[part])
            responses[part] = self.of(found)
        return Known(responses, held)


@dataclass(frozen=True)
class Known:
    """Responses (example, direction), and whether the prior holds their parameters (example,)."""

    responses: np.ndarray
    held: np.ndarray

    def log_likelihood(self, seen: np.ndarray) -> np.ndarray:
        """Of all parameters (example,) from one recording (direction,), up to a constant; minus infinity outside the prior."""
        return np.where(self.held, -0.5 * ((self.responses - seen) ** 2).sum(axis=1), -np.inf)


def reduced(kind: str, simulator: Evoked, observed: Signal, recording: Recording, rng: np.random.Generator) -> Reduced:
    """The directions that tell responses apart; raises HeadroomError where what is observed is not the response in Gaussian noise."""
    source = recording.states.values
    if observed.values.shape != source.shape or not np.allclose(observed.truth(), source, atol=SAME * source.std(), rtol=SAME):
        raise HeadroomError(f"{kind}: what is observed is not the source itself; use a sensor that filters the source, such as eeg_source")
    if observed.noise_sd is None or not observed.noise_sd.all():
        raise HeadroomError(f"{kind}: without measurement noise a response tells its parameters exactly; use it with noise")
    white = whitening(_covariance(observed))
    responses, held = simulator.responses(Prior.of(simulator).draw(TRIED, rng))
    return Reduced(white @ leading(responses[held] @ white)[1], simulator)


def _covariance(observed: Signal) -> np.ndarray:
    """Covariance (time, time) of the one channel's noise."""
    from scipy.linalg import toeplitz

    assert observed.noise_sd is not None
    memory = getattr(observed, "noise_memory", None)
    correlation = np.eye(observed.samples) if memory is None else toeplitz(memory[: observed.samples])
    return np.asarray(observed.noise_sd[0] ** 2 * correlation)
