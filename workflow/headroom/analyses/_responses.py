"""Systems whose recordings are responses to a few parameters: which they are, and draws of their prior."""

from collections.abc import Mapping
from typing import Any

import numpy as np

NEEDED = ("responses", "names", "bounds", "drawn", "dt", "before", "simulate")
NOTHING = "No system of this study is a response to parameters that are drawn anew for each recording."
ELSEWHERE = ("trials", "noise_shift", "shift_at", "draws_of")
"""Settings that no response to parameters depends on."""
STANDARD = {"A_e": 3.25, "A_i": 22.0, "b_e": 100.0, "b_i": 50.0, "C": 135.0, "a_1": 1.0, "a_2": 0.8, "a_3": 0.25, "a_4": 0.25}
"""The column of Jansen and Rit (1995)."""


def able(simulators: Mapping[str, Any]) -> dict[str, Any]:
    """Those whose response is a function of their parameters alone; the first of several with the same responses."""
    found: dict[str, Any] = {}
    for name, one in simulators.items():
        responds = all(hasattr(one, need) for need in NEEDED) and not getattr(one, "drive_noise", 0) and len(one.names)
        if responds and all(_described(one) != _described(other) for other in found.values()):
            found[name] = one
    return found


def _described(simulator: Any) -> tuple[type, dict[str, Any]]:
    """What responses follow from."""
    return type(simulator), {name: value for name, value in vars(simulator).items() if name not in ELSEWHERE}


def standard(simulator: Any) -> np.ndarray:
    """The usual parameters (parameter,); the middle of the range where that does not hold the usual value, or none is known."""
    ranges = zip(simulator.names, simulator.bounds, strict=True)
    return np.array([value if low <= (value := STANDARD.get(name, np.nan)) <= high else (low + high) / 2 for name, (low, high) in ranges])


def times(simulator: Any, samples: int) -> np.ndarray:
    """Time since the pulse (sample,) [s]."""
    return np.asarray(np.arange(samples) * simulator.dt - simulator.before)
