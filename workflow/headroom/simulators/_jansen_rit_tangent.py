"""The Jansen-Rit step with its Jacobian, compiled: what a Kalman filter and the tangent-space method linearise by.

It is the step of _jansen_rit_column.advance, column by column, and the product of the derivatives of its three parts.
"""

import numpy as np
from numba import njit

from headroom.simulators._jansen_rit_column import Flow, Kick, Step

NATS_PER_BIT = float(np.log(2))
STAY_E, MOVE_E, PULL_E, DAMP_E, STAY_I, MOVE_I, PULL_I, DAMP_I = range(2 * len(Flow._fields))
THRESHOLD, SLOPE_0, SLOPE_1, SLOPE_2, FULL_0, FULL_1, FULL_2, MEAN, PULSE_0, PULSE_1, PULSE_2, _ = (8 + i for i in range(len(Kick._fields)))


def coefficients_of(step: Step) -> np.ndarray:
    """All that `move` needs of each column (..., coefficient)."""
    return np.stack(np.broadcast_arrays(*step.excitatory, *step.inhibitory, *step.kick), axis=-1).astype(float)


@njit(error_model="numpy")
def flow(v: np.ndarray, c: np.ndarray) -> None:
    """Half a step of the three linear synapses, of a state or of its derivative (6,), in place."""
    v[0], v[3] = c[STAY_E] * v[0] + c[MOVE_E] * v[3], c[PULL_E] * v[0] + c[DAMP_E] * v[3]
    v[1], v[4] = c[STAY_E] * v[1] + c[MOVE_E] * v[4], c[PULL_E] * v[1] + c[DAMP_E] * v[4]
    v[2], v[5] = c[STAY_I] * v[2] + c[MOVE_I] * v[5], c[PULL_I] * v[2] + c[DAMP_I] * v[5]


@njit(error_model="numpy")
def move(state: np.ndarray, c: np.ndarray, pulse: float, after: np.ndarray, jacobian: np.ndarray) -> None:
    """after (6,) <- the state a step later, without noise; jacobian (6, 6) <- d after / d state; `pulse` is its share of the step."""
    for i in range(6):
        after[i] = state[i]
    flow(after, c)
    fired_0 = 1 / (1 + 2.0 ** (c[THRESHOLD] - c[SLOPE_0] * (after[1] - after[2])))
    fired_1 = 1 / (1 + 2.0 ** (c[THRESHOLD] - c[SLOPE_1] * after[0]))
    fired_2 = 1 / (1 + 2.0 ** (c[THRESHOLD] - c[SLOPE_2] * after[0]))
    after[3] += c[FULL_0] * fired_0 + c[PULSE_0] * pulse
    after[4] += c[FULL_1] * fired_1 + c[MEAN] + c[PULSE_1] * pulse
    after[5] += c[FULL_2] * fired_2 + c[PULSE_2] * pulse
    flow(after, c)
    slope_0 = NATS_PER_BIT * c[SLOPE_0] * c[FULL_0] * fired_0 * (1 - fired_0)
    slope_1 = NATS_PER_BIT * c[SLOPE_1] * c[FULL_1] * fired_1 * (1 - fired_1)
    slope_2 = NATS_PER_BIT * c[SLOPE_2] * c[FULL_2] * fired_2 * (1 - fired_2)
    v = np.empty(6)
    for column in range(6):
        for i in range(6):
            v[i] = 1.0 if i == column else 0.0
        flow(v, c)
        v[3] += slope_0 * (v[1] - v[2])
        v[4] += slope_1 * v[0]
        v[5] += slope_2 * v[0]
        flow(v, c)
        for i in range(6):
            jacobian[i, column] = v[i]
