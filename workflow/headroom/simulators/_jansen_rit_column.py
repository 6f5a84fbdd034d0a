"""The Jansen-Rit column and one step of it by Strang splitting, for any number of columns (Jansen and Rit 1995; Strang 1968).

Between kicks each synapse is a linear filter y'' + 2 k y' + k^2 y = 0 whose flow is known exactly. A step is half a step of that
flow, a kick of the velocities by firing rates and noise, and half a step of flow again: order 2, one force evaluation, one Gaussian.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

import numpy as np

Name = Literal["A_e", "A_i", "b_e", "b_i", "C", "a_1", "a_2", "a_3", "a_4", "e_0", "v_0", "r", "drive_mean", "drive_noise", "pulse_rate"]
NAMES: tuple[Name, ...] = get_args(Name)
STATES = ("y0", "y1", "y2", "y3", "y4", "y5")
UNITS = ("mV", "mV", "mV", "mV/s", "mV/s", "mV/s")
BITS_PER_NAT = 1 / np.log(2)  # exp2 is what a processor can do cheaply

Parameters = Mapping[str, np.ndarray]
"""Every parameter of NAMES in the unit of the setting of that name; arrays of one shape, one entry a column."""


class Flow(NamedTuple):
    """The exact flow of y'' + 2 k y' + k^2 y = 0: y <- stay y + move y', y' <- pull y + damp y'."""

    stay: np.ndarray
    move: np.ndarray  # [s]
    pull: np.ndarray  # [1/s]
    damp: np.ndarray


class Kick(NamedTuple):
    """What the velocities y3, y4, y5 gain in a step; S(v) = 2 e_0 / (1 + 2^(threshold - slope v))."""

    threshold: np.ndarray  # r v_0 [bit]
    slope_0: np.ndarray  # r [bit/mV]: of y1 - y2
    slope_1: np.ndarray  # r C a_1: of y0
    slope_2: np.ndarray  # r C a_3: of y0
    full_0: np.ndarray  # gain of y3 where S is 2 e_0 [mV/s]
    full_1: np.ndarray
    full_2: np.ndarray
    mean: np.ndarray  # gain of y4 by drive_mean [mV/s]
    pulse_0: np.ndarray  # gains by a pulse that lasts the whole step [mV/s]
    pulse_1: np.ndarray
    pulse_2: np.ndarray
    noise: np.ndarray  # SD of the gain of y4 [mV/s]


class Step(NamedTuple):
    """All that a step needs of each column."""

    excitatory: Flow  # of y0 and y1, half a step
    inhibitory: Flow  # of y2, half a step
    kick: Kick


def half_flow(rate: np.ndarray, h: float) -> Flow:
    """The flow of a synapse of `rate` [1/s] over h / 2 [s]."""
    turn = rate * h / 2
    decay = np.exp(-turn)
    return Flow(decay * (1 + turn), decay * h / 2, -decay * rate * turn, decay * (1 - turn))


def step_of(p: Parameters, h: float, pyramidal: float = 0.0, inhibitory: float = 0.0) -> Step:
    """The step of `h` seconds; `pyramidal` and `inhibitory` are the pulse's weights there, that on excitatory cells being 1."""
    excite, inhibit = h * p["A_e"] * p["b_e"], h * p["A_i"] * p["b_i"]
    slope = p["r"] * BITS_PER_NAT
    kick = Kick(
        threshold=slope * p["v_0"],
        slope_0=slope,
        slope_1=slope * p["C"] * p["a_1"],
        slope_2=slope * p["C"] * p["a_3"],
        full_0=excite * 2 * p["e_0"],
        full_1=excite * 2 * p["e_0"] * p["C"] * p["a_2"],
        full_2=inhibit * 2 * p["e_0"] * p["C"] * p["a_4"],
        mean=excite * p["drive_mean"],
        pulse_0=excite * p["pulse_rate"] * pyramidal,
        pulse_1=excite * p["pulse_rate"],
        pulse_2=inhibit * p["pulse_rate"] * inhibitory,
        noise=excite * p["drive_noise"] / np.sqrt(h),
    )
    return Step(half_flow(p["b_e"], h), half_flow(p["b_i"], h), kick)


def advance(states: np.ndarray, step: Step, push: np.ndarray | float = 0.0, pulse: np.ndarray | float = 0.0) -> np.ndarray:
    """The states (..., 6) one step later.

    `push` is what y4 gains beside its mean drive [mV/s], `pulse` the fraction of the step that a pulse lasts; they, and the fields
    of `step`, broadcast with (...).
    """
    y0, y1, y2, y3, y4, y5 = _flowed(np.moveaxis(states, -1, 0), step)
    k = step.kick
    y3 = y3 + k.full_0 * firing(k.threshold - k.slope_0 * (y1 - y2)) + k.pulse_0 * pulse
    y4 = y4 + k.full_1 * firing(k.threshold - k.slope_1 * y0) + k.mean + k.pulse_1 * pulse + push
    y5 = y5 + k.full_2 * firing(k.threshold - k.slope_2 * y0) + k.pulse_2 * pulse
    return np.stack(np.broadcast_arrays(*_flowed((y0, y1, y2, y3, y4, y5), step)), axis=-1)


def noise_gain(step: Step) -> np.ndarray:
    """What a standard normal of a step adds to the states at its end (..., 6): the noise enters y4 and flows for half a step."""
    gain = np.zeros((*np.shape(step.kick.noise), len(STATES)))
    gain[..., 1] = step.excitatory.move * step.kick.noise
    gain[..., 4] = step.excitatory.damp * step.kick.noise
    return gain


def firing(below: np.ndarray) -> np.ndarray:
    """Firing as a fraction of its maximum, for potentials `below` the threshold [bit]."""
    return 1 / (1 + np.exp2(np.minimum(below, 1000)))


def _flowed(states: np.ndarray | tuple[np.ndarray, ...], step: Step) -> list[np.ndarray]:
    filters = (step.excitatory, step.excitatory, step.inhibitory)
    pairs = [(states[i], states[i + 3], flow) for i, flow in enumerate(filters)]
    return [f.stay * y + f.move * v for y, v, f in pairs] + [f.pull * y + f.damp * v for y, v, f in pairs]
