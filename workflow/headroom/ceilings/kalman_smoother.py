"""The extended Kalman smoother: what hidden states the true equations read from partial, noisy observation (Rauch, Tung, Striebel 1965)."""

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Any, ClassVar, Literal, Protocol, runtime_checkable

import numpy as np
from annotated_types import Ge

from headroom.ceilings._linear_sensor import linear_sensor
from headroom.core.dataset import Dataset
from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Kind
from headroom.core.prediction import Expectation
from headroom.core.protocols import Simulator
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.core.shape import DataShape
from headroom.core.signal import Signal

LEAST_NOISE = 1e-8
"""Measurement noise that is assumed where there is none [SD of the channel]."""


@runtime_checkable
class Linearised(Protocol):
    """A simulator whose state moves by a smooth map that is known with its derivative, and by Gaussian noise."""

    substeps: int

    def linearised(self) -> Any:
        """Compiled move(state, coefficients, pulse, after, jacobian)."""

    def coefficients(self, parameters: Any) -> np.ndarray:
        """What it is told of each trial (trial, coefficient)."""

    def noise_gain(self, parameters: Any) -> np.ndarray:
        """What a standard normal adds to each trial's states in a step (trial, state)."""

    def pulses(self) -> np.ndarray:
        """The known input of each step of a recording (step,)."""

    def parameters(self, recording: Recording) -> Mapping[str, np.ndarray]:
        """Every parameter of every trial (trial,)."""


@settings
class KalmanSmoother:
    """Means of all states given what is observed of a trial, from the simulator's own step, noise and parameters.

    The map is linearised and the state taken for Gaussian, so that it is no bound. An input drawn anew each step from another
    distribution, such as the published uniform one, enters as Gaussian of the same variance. Where nothing is known yet, mean and
    covariance are those of the states in the training trials.
    """

    sees: ClassVar[Literal["observation", "exact_state"]] = "observation"
    gives: ClassVar[Literal["bound", "reference"]] = "reference"
    answers: ClassVar[tuple[Kind, ...]] = ("same_time",)

    smooth: bool = True
    """Whether it sees what is observed after a moment, too; else it is the causal filter."""
    lag: Annotated[int, Ge(0)] | None = None
    """How far before and after a moment it sees: what models of that context could know [samples]. Null: the whole trial."""
    passes: Annotated[int, Ge(1)] = 2
    """How often the map is linearised: first about the filter's means, then about the smoothed ones."""
    parameter_error: Mapping[str, float] = field(default_factory=dict)
    """By what fraction parameters are taken for larger than they are, by name: how robust it is."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        low = [name for name, error in self.parameter_error.items() if error <= -1]
        return [f"parameter_error.{name}: found {self.parameter_error[name]:g}; expected a fraction above -1" for name in low]

    def work(self, simulator: Simulator, data: DataShape) -> float:
        """Steps of the filter."""
        seen = data.inputs.trials * data.inputs.samples if self.lag is None else data.test * (2 * self.lag + 1)
        return seen * getattr(simulator, "substeps", 1) * self.passes

    def expect(self, simulator: Simulator, recording: Recording, dataset: Dataset, rng: np.random.Generator) -> Expectation:
        """The means; raises HeadroomError for other systems, other targets than states, and sensors that are not linear."""
        if not isinstance(simulator, Linearised):
            raise HeadroomError(f"kalman_smoother: {type(simulator).__name__} has no map with a derivative; use it for jansen_rit")
        test, states = dataset.test, recording.states
        if dataset.target.kind != "same_time" or not np.array_equal(test.track.truth(), states.values):
            raise HeadroomError("kalman_smoother: the targets are not the states at the same time; use it for the task reconstruction")
        parameters = self._mistaken(simulator.parameters(recording))
        gains, coefficients = simulator.noise_gain(parameters), simulator.coefficients(parameters)
        if gains.shape[1] != len(states.channels):
            raise HeadroomError(f"kalman_smoother: the recording holds {len(states.channels)} states of {gains.shape[1]}; record them all")
        sensor, shift = linear_sensor("kalman_smoother", test.inputs, states)
        known = states.values[np.unique(dataset.train.trial)].reshape(-1, len(states.channels))
        common = {"sensor": sensor, "error": _variance(test.inputs), "every": simulator.substeps}
        common |= {"mean": known.mean(axis=0), "covariance": np.atleast_2d(np.cov(known.T))}
        point = np.empty((len(test), 1, len(states.channels)))
        for trial in np.unique(test.trial):
            mine = np.flatnonzero(test.trial == trial)
            model = {"coefficients": coefficients[trial], "noise": np.outer(gains[trial], gains[trial]), **common}
            point[mine] = self._trial(simulator, model, test.inputs.values[trial] - shift, test.take(mine))
        return Expectation(point=point, note=self._note(test.inputs))

    def _trial(self, simulator: Linearised, model: Mapping[str, Any], observed: np.ndarray, examples: Examples) -> np.ndarray:
        """Means (example, offset, state) of one trial observed (time, channel)."""
        from headroom.ceilings._kalman import Model, estimated
        from headroom.ceilings._kalman_windows import estimated_in_windows

        moments = examples.last[:, None] + np.asarray(examples.offsets)
        run, given = (simulator.linearised(), Model(**model)), (np.ascontiguousarray(observed, float), simulator.pulses())
        if self.lag is None:
            return estimated(*run, *given, smooth=self.smooth, passes=self.passes).means[moments * simulator.substeps]
        means = estimated_in_windows(*run, *given, moments.ravel(), self.lag, smooth=self.smooth, passes=self.passes)
        return means.reshape(*moments.shape, -1)

    def _mistaken(self, parameters: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """The parameters with the errors in them."""
        unknown = [name for name in self.parameter_error if name not in parameters]
        if unknown:
            raise HeadroomError(f"kalman_smoother: found no parameter {unknown[0]!r}; expected some of {', '.join(parameters)}")
        return {name: value * (1 + self.parameter_error.get(name, 0)) for name, value in parameters.items()}

    def _note(self, observed: Signal) -> str:
        """One line on what was done."""
        kind = "smoother" if self.smooth else "causal filter"
        seen = "whole trials" if self.lag is None else f"{self.lag} samples {'either side' if self.smooth else 'back'}"
        wrong = "".join(f"; {name} taken {error:+.0%} wrong" for name, error in self.parameter_error.items())
        quiet = f"; no noise, taken for {LEAST_NOISE:g} SD" if observed.noise_sd is None or not observed.noise_sd.all() else ""
        return f"extended Kalman {kind}, {seen}{wrong}{quiet}"


def _variance(observed: Signal) -> np.ndarray:
    """Variance of each channel's measurement noise (channel,)."""
    least = LEAST_NOISE * observed.truth().std(axis=(0, 1))
    known = np.zeros(len(observed.channels)) if observed.noise_sd is None else observed.noise_sd
    return np.maximum(known, np.where(least > 0, least, LEAST_NOISE)) ** 2
