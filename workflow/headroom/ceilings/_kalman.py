"""The extended Kalman filter and its smoother, compiled, for any system that moves by a smooth map and Gaussian noise.

Channels enter one after the other, so that nothing but numbers is inverted (Kalman 1960). Backwards it is the smoother of Rauch, Tung
and Striebel (1965) in the form of Bierman (1973), which inverts no covariance: with one noise for six states these are nearly singular.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

MATHEMATICS = {"contract"}


class Model(NamedTuple):
    """x' = move(x) + normal of covariance `noise`; observed = sensor x + normal of variance `error`, every `every` steps."""

    coefficients: np.ndarray  # what move(state, coefficients, pulse, after, jacobian) is told
    noise: np.ndarray  # (state, state), of a step
    sensor: np.ndarray  # (channel, state)
    error: np.ndarray  # (channel,), variance
    every: int
    mean: np.ndarray  # (state,), before the first observation
    covariance: np.ndarray  # (state, state)


class Room(NamedTuple):
    """What a run writes: the estimates, and what the way back needs."""

    means: np.ndarray  # (step, state)
    covariances: np.ndarray  # (step, state, state)
    jacobians: np.ndarray  # (step, state, state), from each step to the next
    kept: np.ndarray  # (step, channel, state + 2): gain, surprise and its variance


def room_for(model: Model, steps: int) -> Room:
    """Empty arrays for so many steps."""
    channels, size = model.sensor.shape
    shapes = (steps, size), (steps, size, size), (steps, size, size), (steps, channels, size + 2)
    return Room(*(np.empty(shape) for shape in shapes))


@njit(fastmath=MATHEMATICS, error_model="numpy")
def sandwich(matrix: Any, by: Any, half: Any, turned: bool) -> None:
    """matrix <- by matrix by', or by' matrix by if `turned`, for a symmetric matrix."""
    size = len(matrix)
    for i in range(size):
        for j in range(size):
            total = 0.0
            for k in range(size):
                total += (by[k, i] if turned else by[i, k]) * matrix[k, j]
            half[i, j] = total
    for i in range(size):
        for j in range(i + 1):
            total = 0.0
            for k in range(size):
                total += half[i, k] * (by[k, j] if turned else by[j, k])
            matrix[i, j] = matrix[j, i] = total


@njit(fastmath=MATHEMATICS, error_model="numpy")
def see(mean: Any, covariance: Any, row: Any, seen: float, error: float, kept: Any) -> None:
    """mean and covariance <- those given one channel, row x state, with the value `seen`."""
    size, surprise, variance = len(mean), seen, error
    for i in range(size):
        total = 0.0
        for k in range(size):
            total += covariance[i, k] * row[k]
        kept[i] = total
        surprise -= row[i] * mean[i]
        variance += row[i] * total
    for i in range(size):
        mean[i] += kept[i] * surprise / variance
        for j in range(i + 1):
            covariance[i, j] = covariance[j, i] = covariance[i, j] - kept[i] * kept[j] / variance
    for i in range(size):
        kept[i] /= variance
    kept[size], kept[size + 1] = surprise, variance


@njit(fastmath=MATHEMATICS, error_model="numpy")
def forward(move: Any, model: Any, observed: Any, pulses: Any, about: Any, room: Any) -> None:
    """Filter observed (sample, channel) into `room`; pulses (step,) is what `move` is told.

    The map is linearised about the path `about` (step, state), or about the filter's own means where that is empty.
    """
    size = len(model.mean)
    mean, covariance = model.mean.copy(), model.covariance.copy()
    after, half = np.empty(size), np.empty((size, size))
    for step in range(len(room.means)):
        if step:
            jacobian, start = room.jacobians[step - 1], about[step - 1] if len(about) else mean
            move(start, model.coefficients, pulses[step - 1], after, jacobian)
            for i in range(size):
                for k in range(size):
                    after[i] += jacobian[i, k] * (mean[k] - start[k])
            sandwich(covariance, jacobian, half, False)
            for i in range(size):
                mean[i] = after[i]
                for k in range(size):
                    covariance[i, k] += model.noise[i, k]
        if step % model.every == 0:
            for channel in range(len(model.error)):
                seen = observed[step // model.every, channel]
                see(mean, covariance, model.sensor[channel], seen, model.error[channel], room.kept[step, channel])
        for i in range(size):
            room.means[step, i] = mean[i]
            for k in range(size):
                room.covariances[step, i, k] = covariance[i, k]


@njit(fastmath=MATHEMATICS, error_model="numpy")
def backward(model: Any, room: Any, last: int) -> None:
    """The filter's means <- those given all observations, from the end down to step `last`; its covariances stay."""
    size = len(model.mean)
    pull, after = np.zeros(size), np.empty(size)  # what later observations ask of the state
    for step in range(len(room.means) - 1, last - 1, -1):
        for i in range(size):
            for k in range(size):
                room.means[step, i] -= room.covariances[step, i, k] * pull[k]
        if step % model.every == 0:
            for channel in range(len(model.error) - 1, -1, -1):
                kept = room.kept[step, channel]
                change = kept[size] / kept[size + 1]
                for i in range(size):
                    change += kept[i] * pull[i]
                for i in range(size):
                    pull[i] -= model.sensor[channel, i] * change
        if step:
            for i in range(size):
                after[i] = pull[i]
            for i in range(size):
                pull[i] = 0.0
                for k in range(size):
                    pull[i] += room.jacobians[step - 1, k, i] * after[k]


def estimated(
    move: Any,
    model: Model,
    observed: np.ndarray,
    pulses: np.ndarray,
    *,
    smooth: bool = True,
    passes: int = 1,
) -> Room:
    """Means, at every step, given observed (time, channel): all of it, or its past if not `smooth`; covariances are the filter's.

    In a second pass the map is linearised about the smoothed means of the first, and so on: towards the most probable path (Bell 1994).
    """
    room = room_for(model, (len(observed) - 1) * model.every + 1)
    about = np.empty((0, len(model.mean)))
    for _ in range(passes if smooth else 1):
        forward(move, model, observed, pulses, about, room)
        if smooth:
            backward(model, room, 0)
            about = room.means.copy()
    return room
