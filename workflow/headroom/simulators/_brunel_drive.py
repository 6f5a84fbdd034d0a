"""What neurons receive from outside: membrane noise and Poisson synapses, drawn in blocks by one numpy generator."""

from dataclasses import dataclass
from functools import cache
from math import exp, lgamma, log, log1p
from statistics import NormalDist

import numpy as np

RESOLUTION = 2.0**-32
"""Of a uniform draw: what is less probable never happens."""
ENTRIES = 4096
"""Of the table of normal numbers: twelve bits."""


@cache
def normal_table() -> np.ndarray:
    """Means of a standard normal number in bins of equal probability (bin,), scaled to variance 1.

    The sum of two of them is normal up to an excess kurtosis of -.0013 and 5.3 SD, at a fraction of the cost of numpy's ziggurat.
    """
    normal = NormalDist()
    edges = [normal.inv_cdf(bin / ENTRIES) for bin in range(1, ENTRIES)]
    density = np.array([0.0, *map(normal.pdf, edges), 0.0])
    means = -np.diff(density) * ENTRIES
    return means / means.std()


@dataclass(frozen=True)
class Drive:
    """Independent input of every neuron."""

    noise: float
    """SD of the membrane noise in one step [mV]."""
    inputs: int
    """External synapses of a neuron."""
    probability: float
    """That one of them spikes in a step."""
    weight: float
    """By how much its spike moves the voltage [mV]."""

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype) -> tuple[np.ndarray, np.ndarray]:
        """Membrane noise and the jumps by external synapses, both (shape) [mV]; binomial counts, as Brian2's PoissonInput."""
        from headroom.simulators._brunel_kernel import inputs

        raw = rng.integers(0, 2**64 - 1, shape, dtype=np.uint64, endpoint=True)
        noise, kicks = np.empty(shape, dtype), np.empty(shape, dtype)
        normal = (normal_table() * (self.noise / np.sqrt(2))).astype(dtype) if self.noise else np.empty(0, dtype)
        inputs(raw.reshape(-1), normal, self.thresholds(), dtype.type(self.weight), noise.reshape(-1), kicks.reshape(-1))
        return noise, kicks

    def thresholds(self) -> np.ndarray:
        """Binomial distribution function in units of 2^-32: a uniform draw that reaches k of them stands for k spikes."""
        below = np.cumsum([self._mass(count) for count in range(self.inputs)])
        return (below[1 - below >= RESOLUTION] / RESOLUTION).astype(np.uint32)

    def _mass(self, count: int) -> float:
        """Binomial probability of `count` spikes."""
        if self.probability in (0, 1):
            return float(count == self.inputs * self.probability)
        ways = lgamma(self.inputs + 1) - lgamma(count + 1) - lgamma(self.inputs - count + 1)
        return exp(ways + count * log(self.probability) + (self.inputs - count) * log1p(-self.probability))


def scattered(rng: np.random.Generator, kicks: np.ndarray, expected: np.ndarray, size: float) -> None:
    """Adds Poisson jumps of `size` [mV] to kicks (future, step, neuron), `expected` (neuron,) of them in a step.

    Given their number, the events of a Poisson process are uniform: a few events cost less than a draw in every step.
    """
    flat = kicks.reshape(-1, kicks.shape[-1])
    events = rng.poisson(expected * len(flat))
    neuron = np.repeat(np.arange(len(events)), events)
    np.add.at(flat, (rng.integers(0, len(flat), len(neuron)), neuron), kicks.dtype.type(size))
