"""Parameters that differ from trial to trial."""

from collections.abc import Mapping
from typing import Literal

import numpy as np

from headroom.simulators._jansen_rit_column import NAMES, Name

Drawn = Literal["uniform", "normal"]
Ranges = Mapping[Name, tuple[float, float]]
SIGNED = ("v_0", "drive_mean")
MAY_VANISH = ("C", "a_1", "a_2", "a_3", "a_4", "drive_noise", "pulse_rate")
SDS_IN_A_RANGE = 4


def wrong_ranges(ranges: Ranges) -> list[str]:
    """One line for each range that is none, or that holds values that its parameter cannot have."""
    found = []
    for name, (low, high) in ranges.items():
        if not low < high:
            found.append(f"ranges.{name}: found {low:g} to {high:g}; expected the lowest value first, and a higher one")
        elif name not in SIGNED and (low < 0 or (low == 0 and name not in MAY_VANISH)):
            least = "at least" if name in MAY_VANISH else "above"
            found.append(f"ranges.{name}: found {low:g} to {high:g}; expected values {least} 0")
    return found


def draw(rng: np.random.Generator, ranges: Ranges, drawn: Drawn) -> np.ndarray:
    """One trial's parameters (range,), in the order of NAMES whatever the order of the ranges."""
    limits = [ranges[name] for name in NAMES if name in ranges]
    return np.array([rng.uniform(low, high) if drawn == "uniform" else _normal(rng, low, high) for low, high in limits])


def _normal(rng: np.random.Generator, low: float, high: float) -> float:
    """Normal about the middle, drawn again until it lies inside: .95 do at once."""
    while True:
        value = rng.normal((low + high) / 2, (high - low) / SDS_IN_A_RANGE)
        if low <= value <= high:
            return value
