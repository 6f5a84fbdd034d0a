"""A network from its start to its end, in blocks of drawn input."""

from dataclasses import dataclass

import numpy as np

from headroom.simulators._brunel_cells import Cells
from headroom.simulators._brunel_drive import Drive
from headroom.simulators._brunel_wiring import Wiring

BLOCK = 65_536
"""Random numbers of a kind drawn at once: they stay in the processor's cache. Part of a recording's identity."""


@dataclass
class State:
    """All that decides a network's future beside its input; the kernel changes it in place."""

    voltage: np.ndarray  # (neuron,) [mV]
    ready: np.ndarray  # (neuron,): the step from which a neuron is not refractory
    arriving: np.ndarray  # (delay, neuron) [mV]: row s % delay is the recurrent input of step s


@dataclass(frozen=True)
class Spikes:
    """Spikes in the order of their steps, and of their neurons within a step."""

    step: np.ndarray  # (spike,)
    neuron: np.ndarray  # (spike,)


def at_rest(voltage: np.ndarray, cells: Cells) -> State:
    """A state in which nobody has fired yet, from voltages (neuron,) [mV]."""
    ready = np.full(len(voltage), np.iinfo(np.int32).min, np.int32)
    return State(voltage.copy(), ready, np.zeros((cells.delay, len(voltage)), voltage.dtype))


def run(
    rng: np.random.Generator, cells: Cells, wiring: Wiring, drive: Drive, state: State, samples: int, every: int, shown: np.ndarray
) -> tuple[np.ndarray, Spikes]:
    """Voltages (sample, shown) [mV] every `every` steps from the state on, itself the first sample, and the spikes of all neurons."""
    neurons, dtype = len(state.voltage), state.voltage.dtype
    path = np.empty((samples, len(shown)), dtype)
    path[0] = state.voltage[shown]
    block = max(1, BLOCK // (neurons * every))
    spikes = []
    for first in range(0, samples - 1, block):
        count = min(block, samples - 1 - first)
        noise, kicks = drive.draw(rng, (count * every, neurons), dtype)
        spikes.append(replay(cells, wiring, state, noise, kicks, first * every, every, shown, path[first + 1 : first + 1 + count]))
    none = np.zeros(0, np.int32)
    steps, fired = zip(*((part.step, part.neuron) for part in spikes), strict=True) if spikes else ((none,), (none,))
    return path, Spikes(np.concatenate(steps), np.concatenate(fired))


def replay(
    cells: Cells,
    wiring: Wiring,
    state: State,
    noise: np.ndarray,
    kicks: np.ndarray,
    now: int,
    every: int,
    shown: np.ndarray,
    path: np.ndarray,
) -> Spikes:
    """Moves the state on under given input, noise and kicks (step, neuron) [mV]; fills path (sample, shown) and returns the spikes."""
    from headroom.simulators._brunel_kernel import advance

    step, neuron = np.empty(noise.size, np.int32), np.empty(noise.size, np.int32)
    count = advance(
        state.voltage,
        state.ready,
        state.arriving,
        wiring.first,
        wiring.targets,
        wiring.weight,
        cells.constants(state.voltage.dtype),
        cells.refractory,
        noise,
        kicks,
        now,
        every,
        shown,
        path,
        step,
        neuron,
    )
    return Spikes(step[:count].copy(), neuron[:count].copy())
