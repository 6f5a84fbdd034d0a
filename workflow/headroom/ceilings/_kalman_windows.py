"""The same smoother where only a window about each sample is seen: what a model with that context could know."""

from typing import Any

import numpy as np
from numba import njit

from headroom.ceilings._kalman import Model, Room, backward, forward, room_for


@njit(error_model="numpy")
def run(
    move: Any, model: Any, observed: Any, pulses: Any, moments: Any, reach: Any, passes: int, about: Any, room: Any, found: Any
) -> None:
    """found (moment, state) <- the means, each from its window of reach[0] samples before and reach[1] after."""
    for number in range(len(moments)):
        moment = moments[number]
        first, last = max(0, moment - reach[0]), min(len(observed) - 1, moment + reach[1])
        steps, place = (last - first) * model.every + 1, (moment - first) * model.every
        mine = Room(room.means[:steps], room.covariances[:steps], room.jacobians[:steps], room.kept[:steps])
        for again in range(passes):
            path = about[: steps if again else 0]
            forward(move, model, observed[first : last + 1], pulses[first * model.every :], path, mine)
            backward(model, mine, place if again == passes - 1 else 0)
            for step in range(steps):
                for i in range(len(model.mean)):
                    about[step, i] = mine.means[step, i]
        for i in range(len(model.mean)):
            found[number, i] = mine.means[place, i]


def estimated_in_windows(
    move: Any,
    model: Model,
    observed: np.ndarray,
    pulses: np.ndarray,
    moments: np.ndarray,
    lag: int,
    *,
    smooth: bool = True,
    passes: int = 1,
) -> np.ndarray:
    """Means (moment, state) of the states at samples `moments` given observed (time, channel) from `lag` samples before to `lag` after.

    Without `smooth`, up to the moment itself. Each window starts anew from the model's mean and covariance.
    """
    size, reach = len(model.mean), (lag, lag if smooth else 0)
    room = room_for(model, 2 * lag * model.every + 1)
    found, about = np.empty((len(moments), size)), np.empty((len(room.means), size))
    run(move, model, observed, pulses, moments, reach, passes, about, room, found)
    return found
