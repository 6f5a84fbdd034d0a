"""Random numbers by name: the same name gives the same numbers, whatever ran before and on however many cores."""

import hashlib
from collections.abc import Callable

import numpy as np

Streams = Callable[[int], np.random.Generator]
"""A generator for each trial, so that any trial can be drawn again alone."""


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """A generator that depends on `seed` and `names` alone.

    The names are hashed into the entropy of a numpy `SeedSequence` (O'Neill 2015), so neighbouring names are unrelated.
    """
    text = "\x1f".join(str(name) for name in (seed, *names))
    entropy = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    return np.random.default_rng(np.random.SeedSequence(entropy))


def streams(seed: int, *names: str | int) -> Streams:
    """One independent generator per trial: `streams(seed, "simulate", system)(trial)`."""
    return lambda trial: stream(seed, *names, trial)
