"""What a sensor makes of the states, found from both: observed = sensor x states + shift."""

import numpy as np

from headroom.core.errors import HeadroomError
from headroom.core.signal import Signal

ROWS = 20_000
"""Samples that the sensor is found from."""
CLOSE = 1e-6
"""Largest deviation from a linear sensor, in SDs of the channel."""


def linear_sensor(ceiling: str, observed: Signal, states: Signal) -> tuple[np.ndarray, np.ndarray]:
    """Weights (channel, state) and shift (channel,); raises HeadroomError unless the noise-free observation is linear in the states."""
    truth, values = observed.truth(), states.values
    if truth.shape[:2] != values.shape[:2]:
        raise HeadroomError(f"{ceiling}: observation and states differ in trials or samples; use it with a sensor that keeps the clock")
    seen, known = (array.reshape(-1, array.shape[2]) for array in (truth, values))
    some = slice(None, None, max(1, len(seen) // ROWS))
    scale, spread = _sd(known), _sd(seen)
    design = np.column_stack([known[some] / scale, np.ones(len(known[some]))])
    found = np.linalg.lstsq(design, seen[some] / spread, rcond=None)[0]
    found[np.abs(found) < CLOSE * CLOSE] = 0
    sensor, shift = (found[:-1] / scale[:, None] * spread).T, found[-1] * spread
    if not (np.abs(known @ sensor.T + shift - seen) < CLOSE * spread).all():
        raise HeadroomError(f"{ceiling}: what is observed is no linear function of the states; use it with sensors that are")
    return np.ascontiguousarray(sensor), shift


def _sd(values: np.ndarray) -> np.ndarray:
    sd = values.std(axis=0)
    return np.where(sd > 0, sd, 1.0)
