"""The largest Lyapunov exponent from the equations: a small difference is moved by their derivative (Benettin et al. 1980)."""

from typing import Any

import numpy as np
from numba import njit


@njit(error_model="numpy")
def growth(move: Any, coefficients: Any, start: Any, kicks: Any, pulses: Any, settle: int) -> float:
    """Mean log growth a step of a difference along the path from `start` (state,), after `settle` steps.

    move(state, coefficients, pulse, after, jacobian) is a step and its derivative; kicks (step, state) is added after each: two paths
    that share their noise part or meet by the derivative alone.
    """
    size = len(start)
    state, after, jacobian = start.copy(), np.empty(size), np.empty((size, size))
    gap, turned, total = np.full(size, size**-0.5), np.empty(size), 0.0
    for step in range(len(kicks)):
        move(state, coefficients, pulses[step], after, jacobian)
        length = 0.0
        for i in range(size):
            turned[i] = 0.0
            for k in range(size):
                turned[i] += jacobian[i, k] * gap[k]
            length += turned[i] ** 2
            state[i] = after[i] + kicks[step, i]
        length = np.sqrt(length)
        for i in range(size):
            gap[i] = turned[i] / length
        if step >= settle:
            total += np.log(length)
    return total / (len(kicks) - settle)
