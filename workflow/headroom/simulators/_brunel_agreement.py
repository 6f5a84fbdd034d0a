"""Both engines on one small network: the same statistics of each, and the same voltages under one recorded input.

Brian2 runs in this process and computes with numpy, so that no compiler is needed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from headroom.simulators import _brunel_brian2 as program
from headroom.simulators._brunel_cells import in_steps
from headroom.simulators._brunel_engines import described, draw_start, simulate
from headroom.simulators._brunel_reference import block_diagonal
from headroom.simulators._brunel_run import at_rest, replay
from headroom.simulators._brunel_wiring import wiring_of

if TYPE_CHECKING:
    from headroom.simulators.brunel import Brunel

NEURONS = 100
NETWORKS = 8
DURATION, START = 2.2, 0.2
"""Simulated time and what is dropped of it [s]: with eight networks rates are known to .1 Hz."""
REPLAYED = 0.15
"""Time under recorded input [s]."""


@dataclass(frozen=True)
class Observed:
    """What one engine gave."""

    rate: float
    """Mean over neurons [Hz]."""
    intervals: np.ndarray  # (interval,) between spikes of a neuron [s]
    cv: float
    """Mean over neurons of the coefficient of variation of their intervals."""
    voltage: np.ndarray  # (value,) [mV]
    path: np.ndarray  # (step, neuron) under the recorded input [mV]


def compare(system: "Brunel", rng: np.random.Generator) -> dict[str, Observed]:
    """What each engine makes of the system at a small size, by name; raises ImportError where Brian2 is missing."""
    import brian2

    small = _small(system)
    seeds = rng.integers(2**62, size=3)
    with _in_numpy(brian2):
        paths = _replayed(small, np.random.default_rng(seeds[0]), brian2)
        reference = _by_brian2(small, int(seeds[1]), brian2)
    recording = simulate(small, lambda trial: np.random.default_rng([seeds[2], trial]))
    extras = recording.extras
    kept = extras["spike_step"] >= 0
    number = extras["spike_trial"][kept] * small.neurons + extras["spike_neuron"][kept]
    compiled = (recording.states.values, extras["spike_step"][kept], number)
    found = {"brian2": reference, "compiled": compiled}
    return {name: _observed(small, *found[name], path) for name, path in paths.items()}


def _small(system: "Brunel") -> "Brunel":
    duration, start = (system.dt * in_steps(time, system.dt) for time in (DURATION, START))
    small = replace(system, trials=NETWORKS, duration=duration, start=start, neurons=min(system.neurons, NEURONS))
    return replace(small, connectivity="fixed", engine="compiled", precision="float64")


@contextmanager
def _in_numpy(brian2: Any) -> Iterator[None]:
    """Brian2 without a compiler; its global settings are put back."""
    target, step = brian2.prefs.codegen.target, brian2.defaultclock.dt
    brian2.prefs.codegen.target = "numpy"
    try:
        yield
    finally:
        brian2.prefs.codegen.target = target
        brian2.defaultclock.dt = step


def _replayed(system: "Brunel", rng: np.random.Generator, brian2: Any) -> dict[str, np.ndarray]:
    """Voltages (step, neuron) [mV] by engine, after every integration step under the same input from the same start."""
    steps = in_steps(REPLAYED, system.step)
    start = draw_start(system, lambda trial: np.random.default_rng(rng.integers(2**62)))
    wiring, voltage = wiring_of(start.graph[0], system.weights), start.voltage[0]
    given = system.drive.draw(rng, (steps, system.neurons), voltage.dtype)
    path = np.empty((steps, system.neurons))
    replay(system.cells, wiring, at_rest(voltage, system.cells), *given, 0, 1, np.arange(system.neurons), path)
    said = described(system, seed=0) | {"dt": system.step}
    network, voltages, _ = program.build(said, block_diagonal(voltage[None], [wiring]), given)
    network.run(steps * system.step * brian2.second)
    before = np.asarray(voltages.v).T  # Brian2 records what stands before a step, `replay` what stands after it
    return {"brian2": before[1:], "compiled": path[:-1]}


def _by_brian2(system: "Brunel", seed: int, brian2: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Voltages [mV], and the steps and the neurons of all spikes."""
    brian2.seed(seed % 2**31)
    start = draw_start(system, lambda trial: np.random.default_rng([seed, trial]))
    wiring = wiring_of(start.graph[0], system.weights)
    arrays = block_diagonal(start.voltage, [wiring] * system.trials)
    network, voltages, spikes = program.build(described(system, seed=0), arrays)
    voltages.active = False
    network.run(system.start * brian2.second)
    voltages.active = True
    network.run((system.duration - system.start) * brian2.second)
    step = np.rint(np.asarray(spikes.t) / system.step).astype(int) - in_steps(system.start, system.step)
    return np.asarray(voltages.v), step[step >= 0], np.asarray(spikes.i)[step >= 0]


def _observed(system: "Brunel", voltage: np.ndarray, step: np.ndarray, number: np.ndarray, path: np.ndarray) -> Observed:
    order = np.lexsort((step, number))
    trains = np.split(step[order] * system.step, np.flatnonzero(np.diff(number[order])) + 1)
    intervals = [np.diff(train) for train in trains]
    variation = [each.std() / each.mean() for each in intervals if len(each) > 10]
    rate = len(step) / (system.trials * system.neurons * (system.duration - system.start))
    cv = float(np.mean(variation)) if variation else float("nan")
    return Observed(rate, np.concatenate(intervals), cv, voltage.ravel(), path)
