"""The Jansen-Rit step compiled: LANES columns advance together, in arrays that stay in the first-level cache.

Whole blocks of lanes are always computed, so every lane meets the same instructions: a trial's bits do not depend on its place.
Compiled in every process that simulates, in one to two seconds: numba's cache on disk would be pickled, and lie in the source tree.
"""

from functools import cache
from typing import Any

import numpy as np
from numba import njit

from headroom.simulators._jansen_rit_column import STATES, Flow, Kick, Step
from headroom.simulators._lane_arithmetic import exp2_32, exp2_64, wide_vectors
from headroom.simulators._lane_noise import KEY_WORDS, PER_CALL, fill

LANES = 32
TILE = 48  # rows that are turned from (row, lane) to (lane, row) at a time, while they are in the cache
MATHEMATICS = {"contract"}
ROWS = (*STATES, *(f"{name}_e" for name in Flow._fields), *(f"{name}_i" for name in Flow._fields), *Kick._fields)
ROW = {name: row * LANES for row, name in enumerate(ROWS)}
Y0, Y1, Y2, Y3, Y4, Y5 = (ROW[name] for name in STATES)
STAY_E, MOVE_E, PULL_E, DAMP_E, STAY_I, MOVE_I, PULL_I, DAMP_I = (ROW[f"{name}_{of}"] for of in "ei" for name in Flow._fields)
THRESHOLD, SLOPE_0, SLOPE_1, SLOPE_2, FULL_0, FULL_1, FULL_2, MEAN, PULSE_0, PULSE_1, PULSE_2, NOISE = (ROW[f] for f in Kick._fields)


def lanes_of(states: np.ndarray, step: Step, real: Any) -> np.ndarray:
    """The block that a compiled run works on (row x lane, flat), from states (column, 6) of at most LANES columns."""
    values = [*states.T, *step.excitatory, *step.inhibitory, *step.kick]
    block = np.empty((len(ROWS), LANES), real)
    for row, value in zip(block, values, strict=True):
        row[:] = np.resize(value, LANES)
    return block.ravel()


def keys_of(keys: np.ndarray) -> np.ndarray:
    """The same of keys (column, KEY_WORDS)."""
    return np.resize(keys, (LANES, KEY_WORDS)).T.astype(np.uint32).ravel()


@njit(inline="always")
def flow(y: Any, v: Any, stay: Any, move: Any, pull: Any, damp: Any) -> tuple[Any, Any]:
    """Half a step of a linear synapse."""
    return stay * y + move * v, pull * y + damp * v


@cache
def compiled(precision: str) -> Any:
    """The function run(lanes, keys, pulse, first, wait, every, rows, path) in float32 or float64.

    It moves `lanes` on by len(pulse) steps, of which the first has the number `first`; there are `wait` steps before the first sample
    and `every` from each to the next; path (column, sample x rows) receives
    the 6 rows of states, or the one row y1 - y2, of the first lanes.
    """
    real = {"float32": np.float32, "float64": np.float64}[precision]
    exp2 = {"float32": exp2_32, "float64": exp2_64}[precision]
    one = real(1)

    @njit(inline="always")
    def step(x: Any, noise: Any, row: Any, pulse: Any) -> None:
        for j in range(LANES):
            stay_e, move_e, pull_e, damp_e = x[STAY_E + j], x[MOVE_E + j], x[PULL_E + j], x[DAMP_E + j]
            stay_i, move_i, pull_i, damp_i = x[STAY_I + j], x[MOVE_I + j], x[PULL_I + j], x[DAMP_I + j]
            y0, y3 = flow(x[Y0 + j], x[Y3 + j], stay_e, move_e, pull_e, damp_e)
            y1, y4 = flow(x[Y1 + j], x[Y4 + j], stay_e, move_e, pull_e, damp_e)
            y2, y5 = flow(x[Y2 + j], x[Y5 + j], stay_i, move_i, pull_i, damp_i)
            threshold = x[THRESHOLD + j]
            below_0 = one + exp2(threshold - x[SLOPE_0 + j] * (y1 - y2))
            below_1 = one + exp2(threshold - x[SLOPE_1 + j] * y0)
            below_2 = one + exp2(threshold - x[SLOPE_2 + j] * y0)
            both = below_1 * below_2
            share = one / (below_0 * both)  # one division for three sigmoids: divisions would take most of the time
            other = share * below_0
            y3 += x[FULL_0 + j] * (share * both) + x[PULSE_0 + j] * pulse
            y4 += x[FULL_1 + j] * (other * below_2) + x[MEAN + j] + x[PULSE_1 + j] * pulse + x[NOISE + j] * real(noise[row + j])
            y5 += x[FULL_2 + j] * (other * below_1) + x[PULSE_2 + j] * pulse
            x[Y0 + j], x[Y3 + j] = flow(y0, y3, stay_e, move_e, pull_e, damp_e)
            x[Y1 + j], x[Y4 + j] = flow(y1, y4, stay_e, move_e, pull_e, damp_e)
            x[Y2 + j], x[Y5 + j] = flow(y2, y5, stay_i, move_i, pull_i, damp_i)

    @njit(inline="always")
    def keep(x: Any, rows: Any, tile: Any, start: Any) -> None:
        if rows == 1:
            for j in range(LANES):
                tile[start + j] = x[Y1 + j] - x[Y2 + j]
        else:
            for j in range(rows * LANES):
                tile[start + j] = x[j]

    @njit(inline="always")
    def hand_over(tile: Any, path: Any) -> None:
        for column in range(path.shape[0]):
            for row in range(path.shape[1]):
                path[column, row] = tile[row * LANES + column]

    vector = f"{precision}[::1]"
    signature = f"void({vector}, uint32[::1], {vector}, int64, int64, int64, int64, float64[:, ::1])"

    @njit(signature, fastmath=MATHEMATICS, error_model="numpy", nogil=True)
    def run(x: Any, keys: Any, pulse: Any, first: Any, wait: Any, every: Any, rows: Any, path: Any) -> None:
        wide_vectors()  # type: ignore[call-arg]
        noise, tile = np.zeros(PER_CALL * LANES, np.float32), np.empty(TILE * LANES, real)
        noisy, kept, handed = False, 0, 0
        for j in range(LANES):
            noisy |= x[NOISE + j] != 0
        for number in range(len(pulse) + 1):
            if number >= wait and (number - wait) % every == 0:
                keep(x, rows, tile, kept * LANES)
                kept += rows
            if kept == TILE or number == len(pulse):
                hand_over(tile, path[:, handed : handed + kept])
                handed, kept = handed + kept, 0
            if number == len(pulse):
                break
            now = first + number
            if noisy and (number == 0 or now % PER_CALL == 0):
                fill(noise, keys, now // PER_CALL, LANES)
            step(x, noise, (now % PER_CALL) * LANES, pulse[number])

    return run
