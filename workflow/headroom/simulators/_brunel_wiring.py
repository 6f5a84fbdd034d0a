"""Who reaches whom: random graphs, and their form for the kernel."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Wiring:
    """Synapses sorted by source: source j reaches targets[first[j] : first[j + 1]], each with weight[j]."""

    first: np.ndarray  # (neuron + 1,)
    targets: np.ndarray  # (synapse,)
    weight: np.ndarray  # (neuron,) [mV]


def random_graph(rng: np.random.Generator, weight: np.ndarray, probability: float) -> np.ndarray:
    """Jump of the row's neuron when the column's neuron spikes (target, source) [mV]: each pair is connected with `probability`.

    No neuron reaches itself. In Brian2's `connect(p=...)` it may, without effect: its own spike arrives while it is refractory.
    """
    neurons = len(weight)
    connected = rng.random((neurons, neurons)) < probability
    np.fill_diagonal(connected, False)
    return np.where(connected, weight, 0).astype(weight.dtype)


def wiring_of(graph: np.ndarray, weight: np.ndarray) -> Wiring:
    """The wiring of a graph (target, source) whose sources have one `weight` each (source,)."""
    source, target = np.nonzero(graph.T)
    return _sorted_by_source(source, target, weight)


def fixed_in_degree(rng: np.random.Generator, weight: np.ndarray, excitatory: int, inputs: tuple[int, int]) -> Wiring:
    """Every neuron hears `inputs` of the first `excitatory` neurons and of the others, drawn with replacement (Brunel 2000)."""
    neurons = len(weight)
    source = np.concatenate(
        [
            rng.integers(0, excitatory, (neurons, inputs[0]), dtype=np.int32),
            rng.integers(excitatory, neurons, (neurons, inputs[1]), dtype=np.int32),
        ],
        axis=1,
    )
    target = np.repeat(np.arange(neurons, dtype=np.int32), sum(inputs))
    small = np.uint16 if neurons <= np.iinfo(np.uint16).max else np.int32
    order = np.argsort(source.ravel().astype(small), kind="stable")
    return _sorted_by_source(source.ravel()[order], target[order], weight)


def silent(neurons: int, dtype: np.dtype) -> Wiring:
    """No synapses at all."""
    return Wiring(np.zeros(neurons + 1, np.int64), np.zeros(0, np.int32), np.zeros(neurons, dtype))


def _sorted_by_source(source: np.ndarray, target: np.ndarray, weight: np.ndarray) -> Wiring:
    first = np.searchsorted(source, np.arange(len(weight) + 1)).astype(np.int64)
    return Wiring(first, np.ascontiguousarray(target, np.int32), weight)
