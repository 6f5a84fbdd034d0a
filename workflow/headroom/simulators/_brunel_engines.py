"""From settings to a recording, by either engine."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from headroom.core.randomness import Streams, stream
from headroom.core.recording import Recording
from headroom.core.signal import Signal
from headroom.simulators import _brunel_reference as reference
from headroom.simulators._brunel_cells import in_steps
from headroom.simulators._brunel_run import Spikes, at_rest, run
from headroom.simulators._brunel_wiring import random_graph, wiring_of

if TYPE_CHECKING:
    from headroom.simulators.brunel import Brunel


@dataclass(frozen=True)
class Start:
    """What is drawn of the trials before they run."""

    generators: list[np.random.Generator]
    graph: np.ndarray  # (1 or trial, target, source) [mV]
    voltage: np.ndarray  # (trial, neuron) [mV]


def simulate(system: "Brunel", rng: Streams) -> Recording:
    """All trials; where Brian2 is asked for and cannot compile, a warning and the compiled engine."""
    start = draw_start(system, rng)
    missing = reference.missing_tools() if system.engine == "brian2" else []
    if missing:
        warnings.warn(f"brunel: {' and '.join(missing)} not found, which Brian2 needs; the compiled engine stands in", stacklevel=2)
    if system.engine == "brian2" and not missing:
        path, spikes = _by_brian2(system, start)
        return _recording(system, start, path, spikes, "brian2")
    return _recording(system, start, *_compiled(system, start), "compiled")


def draw_start(system: "Brunel", rng: Streams) -> Start:
    """Graphs and first voltages, and each trial's generator for all that follows."""
    generators = [rng(trial) for trial in range(system.trials)]
    sources = [stream(system.graph_seed, "brunel", "graph")] if system.connectivity == "fixed" else generators
    graph = np.stack([random_graph(source, system.weights, system.connection_probability) for source in sources])
    voltage = np.stack([system.rest + system.start_sd * generator.standard_normal(system.neurons) for generator in generators])
    return Start(generators, graph, voltage.astype(system.precision))


def described(system: "Brunel", seed: int) -> dict[str, Any]:
    """The system in the words of `_brunel_brian2.build`."""
    same = ("duration", "start", "dt", "step", "tau", "rest", "threshold", "reset", "refractory", "delay", "noise", "weight", "precision")
    return {name: getattr(system, name) for name in same} | {
        "inputs": system.external_inputs,
        "rate": system.external_rate,
        "seed": seed,
    }


def arrivals(system: "Brunel", recording: Recording, trial: int) -> tuple[tuple[np.ndarray, float], ...]:
    """Mean recurrent input of a trial: expected spikes per step (neuron,) and their jump [mV], for excitation and inhibition."""
    extras = recording.extras
    mine = (extras["spike_trial"] == trial) & (extras["spike_step"] >= 0)
    fired = np.bincount(extras["spike_neuron"][mine], minlength=system.neurons) / (recording.states.samples * system.every)
    graph = extras["graph"][trial % len(extras["graph"])]
    return (((graph > 0) @ fired, system.weight), ((graph < 0) @ fired, -system.inhibition * system.weight))


def _compiled(system: "Brunel", start: Start) -> tuple[np.ndarray, Sequence[Spikes]]:
    samples, shown = in_steps(system.duration, system.dt), np.arange(system.neurons)
    path = np.empty((system.trials, system.samples, system.neurons), system.precision)
    spikes = []
    for trial, generator in enumerate(start.generators):
        wiring = wiring_of(start.graph[trial % len(start.graph)], system.weights)
        state = at_rest(start.voltage[trial], system.cells)
        whole, fired = run(generator, system.cells, wiring, system.drive, state, samples, system.every, shown)
        path[trial] = whole[samples - system.samples :]
        spikes.append(fired)
    return path, spikes


def _by_brian2(system: "Brunel", start: Start) -> tuple[np.ndarray, Sequence[Spikes]]:
    wirings = [wiring_of(start.graph[trial % len(start.graph)], system.weights) for trial in range(system.trials)]
    seed = int(start.generators[0].integers(2**31))
    batch = reference.simulate(described(system, seed), start.voltage, wirings)
    return batch.path, batch.spikes


def _recording(system: "Brunel", start: Start, path: np.ndarray, spikes: Sequence[Spikes], engine: str) -> Recording:
    first = in_steps(system.start, system.dt) * system.every
    last = first + (system.samples - 1) * system.every
    kept = [_between(fired, first - system.cells.memory, last) for fired in spikes]
    extras = {
        "graph": start.graph,
        "excitatory": np.arange(system.neurons) < system.excitatory,
        "spike_trial": np.repeat(np.arange(len(kept), dtype=np.int32), [len(fired.step) for fired in kept]),
        "spike_neuron": np.concatenate([fired.neuron for fired in kept]),
        "spike_step": np.concatenate([fired.step - first for fired in kept]),
        "delay": np.array(system.delay),
        "step": np.array(system.step),
        "engine": np.array(engine),
    }
    channels = tuple(f"neuron {number + 1}" for number in range(system.neurons))
    return Recording(Signal(path, system.dt, channels, "mV"), np.empty((system.trials, 0)), extras=extras)


def _between(fired: Spikes, first: int, last: int) -> Spikes:
    low, high = np.searchsorted(fired.step, [first, last])
    return Spikes(fired.step[low:high], fired.neuron[low:high])
