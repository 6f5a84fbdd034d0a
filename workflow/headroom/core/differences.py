"""Derivatives by central differences."""

from collections.abc import Callable

import numpy as np


def log_derivatives(function: Callable[[np.ndarray], np.ndarray], at: np.ndarray, step: float = 1e-3) -> np.ndarray:
    """d function / d log parameter (point, parameter, value) at points (point, parameter), none of which is 0.

    `function` gives values (point, value) of points (point, parameter) and is called once; `step` is a share of each parameter.
    """
    points, size = at.shape
    turned = np.exp(step * np.concatenate([np.eye(size), -np.eye(size)]))  # (turn, parameter)
    values = function((at[:, None] * turned).reshape(-1, size))
    up, down = np.moveaxis(values.reshape(points, 2, size, -1), 1, 0)
    return (up - down) / (2 * step)
