"""The Euler step of Jansen-Rit columns with its Jacobian, compiled: what a Kalman filter and the tangent-space method linearise by."""

import numpy as np
from numba import njit

from headroom.simulators.jansen_rit_euler import E_0, INNER, V_0, R

A_1, A_2, A_3, A_4 = INNER
DT, A_E, A_I, B_E, B_I, C, MEAN = range(7)


@njit(error_model="numpy")
def rate(potential: float) -> float:
    """Firing rate [1/s] at a potential [mV]."""
    return 2 * E_0 / (1 + np.exp(R * (V_0 - potential)))


@njit(error_model="numpy")
def steepness(fired: float) -> float:
    """Derivative of the firing rate by the potential, where that rate is `fired`."""
    return R * fired * (1 - fired / (2 * E_0))


@njit(error_model="numpy")
def move(state: np.ndarray, c: np.ndarray, pulse: float, after: np.ndarray, jacobian: np.ndarray) -> None:
    """after (6,) <- the state a step later at the mean input; jacobian (6, 6) <- d after / d state; `pulse` is not read."""
    h, excite, inhibit = c[DT], c[DT] * c[A_E] * c[B_E], c[DT] * c[A_I] * c[B_I]
    fired_0, fired_1, fired_2 = rate(state[1] - state[2]), rate(c[C] * A_1 * state[0]), rate(c[C] * A_3 * state[0])
    gains = excite * fired_0, excite * (c[MEAN] + c[C] * A_2 * fired_1), inhibit * c[C] * A_4 * fired_2
    for i in range(6):
        for k in range(6):
            jacobian[i, k] = 1.0 if i == k else 0.0
    for i in range(3):
        k = c[B_I] if i == 2 else c[B_E]
        after[i] = state[i] + h * state[3 + i]
        after[3 + i] = state[3 + i] + gains[i] - h * (2 * k * state[3 + i] + k * k * state[i])
        jacobian[i, 3 + i] = h
        jacobian[3 + i, 3 + i] -= 2 * h * k
        jacobian[3 + i, i] = -h * k * k
    slope = excite * steepness(fired_0)
    jacobian[3, 1] += slope
    jacobian[3, 2] -= slope
    jacobian[4, 0] += excite * c[C] ** 2 * A_1 * A_2 * steepness(fired_1)
    jacobian[5, 0] += inhibit * c[C] ** 2 * A_3 * A_4 * steepness(fired_2)
