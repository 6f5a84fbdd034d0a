"""Cortical columns as they are often published: Euler steps of a millisecond and an input drawn anew for each (Jansen and Rit 1995).

At this step the scheme distorts the rhythm: `jansen_rit` integrates the same equations to second order. This one repeats published data.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import numpy as np
from annotated_types import Ge, Gt

from headroom.core.randomness import Streams
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.core.shape import Extent
from headroom.core.signal import Signal
from headroom.core.units import joined
from headroom.simulators._jansen_rit_column import STATES, UNITS

Positive = Annotated[float, Gt(0)]
NAMES = ("A_e", "A_i", "b_e", "b_i", "C", "drive_low", "drive_high")
INNER = (1.0, 0.8, 0.25, 0.25)
"""The four connections as fractions of C."""
E_0, V_0, R = 2.5, 6.0, 0.56
"""Half of the highest firing rate [1/s], the potential there [mV], steepness [1/mV]."""


@settings
class JansenRitEuler:
    """The states and equations of `jansen_rit`, y <- y + dt f(y, p), with p uniform and held for a step; every state starts at 0."""

    substeps: ClassVar[int] = 1

    trials: Annotated[int, Ge(1)] = 20
    """Realisations."""
    samples: Annotated[int, Ge(2)] = 10_000
    """Samples per trial."""
    dt: Positive = 0.001
    """Sampling interval and integration step [s]."""
    burn_in: Annotated[float, Ge(0)] = 2.0
    """Simulated before the recording starts [s]; 0 leaves the transient from rest in it."""
    A_e: Positive = 3.25
    """Largest excitatory postsynaptic potential [mV]."""
    A_i: Positive = 22.0
    """Largest inhibitory postsynaptic potential [mV]."""
    b_e: Positive = 100.0
    """Rate of excitatory synapses [1/s]."""
    b_i: Positive = 50.0
    """Rate of inhibitory synapses [1/s]."""
    C: Annotated[float, Ge(0)] = 135.0
    """Number of synapses."""
    drive_low: float = 120.0
    """Lowest input [1/s]."""
    drive_high: float = 320.0
    """Highest input [1/s]."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        swapped = self.drive_low > self.drive_high
        return [f"drive_low is {self.drive_low:g}, above drive_high = {self.drive_high:g}"] if swapped else []

    def simulate(self, rng: Streams) -> Recording:
        """States y0 .. y5 (trial, time, state); trial i draws its inputs from rng(i) alone."""
        waited = round(self.burn_in / self.dt)
        steps = waited + self.samples - 1
        drives = np.stack([rng(trial).uniform(self.drive_low, self.drive_high, steps) for trial in range(self.trials)])
        state, path = np.zeros((self.trials, len(STATES))), np.empty((self.trials, self.samples, len(STATES)))
        for step in range(steps + 1):
            if step >= waited:
                path[:, step - waited] = state
            if step < steps:
                state = self.step(state, drives[:, step])
        return Recording(Signal(path, self.dt, STATES, joined(UNITS)), np.empty((self.trials, 0)))

    def extent(self) -> Extent:
        """Size of the states that a recording holds."""
        return Extent(self.trials, self.samples, len(STATES))

    def work(self) -> float:
        """Steps, of all columns at once."""
        return self.samples + self.burn_in / self.dt

    def size(self) -> int:
        """Values that a recording holds."""
        return self.trials * self.samples * len(STATES)

    @property
    def h(self) -> float:
        """Integration step [s]."""
        return self.dt

    def step(self, states: np.ndarray, drive: np.ndarray | float | None = None) -> np.ndarray:
        """The states (..., 6) one step later under an input p (...) [1/s], its mean unless given."""
        mean = (self.drive_low + self.drive_high) / 2
        y0, y1, y2, y3, y4, y5 = np.moveaxis(states, -1, 0)
        a_1, a_2, a_3, a_4 = (self.C * fraction for fraction in INNER)
        excited = (mean if drive is None else drive) + a_2 * _rate(a_1 * y0)
        slopes = (
            y3,
            y4,
            y5,
            self.A_e * self.b_e * _rate(y1 - y2) - 2 * self.b_e * y3 - self.b_e**2 * y0,
            self.A_e * self.b_e * excited - 2 * self.b_e * y4 - self.b_e**2 * y1,
            self.A_i * self.b_i * a_4 * _rate(a_3 * y0) - 2 * self.b_i * y5 - self.b_i**2 * y2,
        )
        return states + self.dt * np.stack(slopes, axis=-1)

    def parameters(self, recording: Recording) -> Mapping[str, np.ndarray]:
        """Every parameter of every trial (trial,) [its unit]: the same for all."""
        return {name: np.full(recording.states.trials, getattr(self, name)) for name in NAMES}

    def noise_gain(self, parameters: Mapping[str, np.ndarray] | None = None) -> np.ndarray:
        """SD that the uniform input adds to the states in a step (..., 6)."""
        known = parameters or {name: np.asarray(getattr(self, name)) for name in NAMES}
        gain = np.zeros((*known["C"].shape, len(STATES)))
        gain[..., 4] = self.dt * known["A_e"] * known["b_e"] * (known["drive_high"] - known["drive_low"]) / np.sqrt(12)
        return gain

    def linearised(self) -> Any:
        """Compiled move(state, coefficients, pulse, after, jacobian): the step at the mean input, and its derivative by the state."""
        from headroom.simulators._jansen_rit_euler_tangent import move

        return move

    def coefficients(self, parameters: Mapping[str, np.ndarray] | None = None) -> np.ndarray:
        """What `linearised` needs of each column (..., coefficient)."""
        known = parameters or {name: np.asarray(getattr(self, name)) for name in NAMES}
        mean = (known["drive_low"] + known["drive_high"]) / 2
        own = [np.full_like(mean, self.dt), *(known[name] for name in NAMES[:5]), mean]
        return np.stack(np.broadcast_arrays(*own), axis=-1).astype(float)

    def pulses(self) -> np.ndarray:
        """No pulses (step,)."""
        return np.zeros(self.samples - 1)


def _rate(potential: np.ndarray) -> np.ndarray:
    """Firing rate [1/s] at a potential [mV]."""
    return np.asarray(2 * E_0 / (1 + np.exp(R * (V_0 - potential))))
