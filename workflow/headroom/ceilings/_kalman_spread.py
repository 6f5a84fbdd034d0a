"""How uncertain the Kalman smoother is: the covariances given all observations, by the way back of Bierman (1973)."""

from typing import Any

import numpy as np
from numba import njit

from headroom.ceilings._kalman import MATHEMATICS, sandwich


@njit(fastmath=MATHEMATICS, error_model="numpy")
def narrow(model: Any, room: Any) -> None:
    """The filter's covariances <- those given all observations, once it has run forward."""
    size = len(model.mean)
    weight, half, taken = np.zeros((size, size)), np.empty((size, size)), np.empty((size, size))
    for step in range(len(room.means) - 1, -1, -1):
        for i in range(size):
            for k in range(size):
                taken[i, k] = weight[i, k]
        sandwich(taken, room.covariances[step], half, False)
        for i in range(size):
            for k in range(size):
                room.covariances[step, i, k] -= taken[i, k]
        if step % model.every == 0:
            for channel in range(len(model.error) - 1, -1, -1):
                unsee(weight, model.sensor[channel], room.kept[step, channel])
        if step:
            sandwich(weight, room.jacobians[step - 1], half, True)


@njit(fastmath=MATHEMATICS, error_model="numpy")
def unsee(weight: Any, row: Any, kept: Any) -> None:
    """How strongly observations hold the state before one channel was seen, from how strongly those after it do."""
    size, along = len(row), 1 / kept[len(row) + 1]
    across = np.zeros(size)
    for i in range(size):
        for k in range(size):
            across[i] += weight[i, k] * kept[k]
        along += kept[i] * across[i]
    for i in range(size):
        for j in range(size):
            weight[i, j] += along * row[i] * row[j] - row[i] * across[j] - across[i] * row[j]
