"""Brunel networks: the compiled engine against Brian2's cpp_standalone, and NEST where it is installed.

    PYTHONPATH=workflow python benchmarks/brunel.py [--networks 50] [--seconds 10] [--rounds 5]

One process after the other, one thread, contestants in turn; medians of the processor time for a neuron's step of .1 ms. Every contestant
draws its own noise and external input and keeps voltages every millisecond and all spikes. Building is not counted: Brian2's program is
compiled once, and its own report of the run is taken, without starting up and loading; the kernel is compiled before the first round.
"""

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1", NUMBA_NUM_THREADS="1")

import numpy as np

from headroom.core.randomness import streams
from headroom.simulators import _brunel_reference as reference
from headroom.simulators._brunel_engines import described, draw_start
from headroom.simulators._brunel_wiring import wiring_of
from headroom.simulators.brunel import Brunel

Contestant = Callable[[], float]
"""Runs once; returns its seconds of processor time, which is what Brian2's program reports of itself (`std::clock`)."""


def compiled(system: Brunel) -> Contestant:
    """`Brunel.simulate` as the pipeline calls it, graphs and the assembly of the recording included."""
    replace(system, trials=1, duration=0.1, start=0.0).simulate(streams(0))

    def run() -> float:
        started = time.process_time()
        system.simulate(streams(0))
        return time.process_time() - started

    return run


def standalone(system: Brunel, folder: Path) -> Contestant:
    """All networks as one group in one compiled program, built here and run again in every round."""
    start = draw_start(system, streams(0))
    wirings = [wiring_of(start.graph[trial % len(start.graph)], system.weights) for trial in range(system.trials)]
    reference.build_and_run(folder, described(system, seed=0), start.voltage, wirings)

    def run() -> float:
        subprocess.run(["./main"], cwd=folder / "program", check=True, capture_output=True)
        return float((folder / "program" / "results" / "last_run_info.txt").read_text().split()[0])

    return run


def nest(system: Brunel) -> Contestant:
    """One network after another in NEST: iaf_psc_delta on its .1 ms grid; raises ImportError where there is none.

    The same drive and variance of the membrane noise, but NEST's own order within a step: input counts at once and the threshold is
    tested after it, so that these networks fire 5 % more often (31.8 against 29.9 Hz on three graphs).
    """
    import nest as simulator

    simulator.set_verbosity("M_ERROR")
    start = draw_start(system, streams(0))

    def run() -> float:
        return sum(_nest_network(simulator, system, start.graph[trial % len(start.graph)], trial) for trial in range(system.trials))

    return run


def _nest_network(kernel: Any, system: Brunel, graph: np.ndarray, trial: int) -> float:
    kernel.ResetKernel()
    kernel.SetKernelStatus({"resolution": system.step * 1e3, "rng_seed": trial + 1, "local_num_threads": 1})
    capacitance = 250.0  # [pF]: any; a noise current is scaled to it
    cell = {
        "C_m": capacitance,
        "tau_m": system.tau * 1e3,
        "E_L": system.rest,
        "V_th": system.threshold,
        "V_reset": system.reset,
        "t_ref": system.refractory * 1e3,
    }
    neurons = kernel.Create("iaf_psc_delta", system.neurons, params=cell)
    rate = system.external_inputs * system.external_rate
    outside = kernel.Create("poisson_generator", params={"rate": rate})
    kernel.Connect(outside, neurons, syn_spec={"weight": system.weight, "delay": system.step * 1e3})
    current = system.noise * np.sqrt(system.step) * capacitance / (system.step * 1e3)
    noise = kernel.Create("noise_generator", params={"std": current, "dt": system.step * 1e3})
    kernel.Connect(noise, neurons)
    target, source = np.nonzero(graph)
    numbers = np.asarray(neurons.tolist())
    synapses = {"weight": graph[target, source].astype(float), "delay": np.full(len(source), system.delay * 1e3)}
    kernel.Connect(numbers[source], numbers[target], "one_to_one", synapses)
    for kind, settings in (("multimeter", {"record_from": ["V_m"], "interval": system.dt * 1e3}), ("spike_recorder", {})):
        recorder = kernel.Create(kind, params=settings)
        pair = (recorder, neurons) if kind == "multimeter" else (neurons, recorder)
        kernel.Connect(*pair)
    kernel.Prepare()
    started = time.process_time()
    kernel.Run(system.duration * 1e3)
    seconds = time.process_time() - started
    kernel.Cleanup()
    return seconds


def measured(contestants: Mapping[str, Contestant], rounds: int) -> dict[str, float]:
    """Median seconds of every contestant; in each round all take their turn, and a first round does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds + 1):
        for name, run in contestants.items():
            seconds[name].append(run())
    return {name: statistics.median(values[1:]) for name, values in seconds.items()}


def main() -> None:
    """Prints a table: nanoseconds for a neuron's step, and how many times as long as the compiled engine's in either precision."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    system = Brunel(trials=asked.networks, duration=asked.seconds, start=0.0, connectivity="redrawn")
    precisions = {name: replace(system, precision=name) for name in ("float32", "float64")}
    contestants = {f"compiled, {name}": compiled(one) for name, one in precisions.items()}
    with tempfile.TemporaryDirectory() as scratch:
        if missing := reference.missing_tools():
            print(f"without Brian2: {' and '.join(missing)} not found")
        else:
            contestants |= {f"Brian2 standalone, {name}": standalone(one, Path(scratch) / name) for name, one in precisions.items()}
        try:
            contestants["NEST, float64"] = nest(system)
        except ImportError as error:
            print(f"without NEST: {error}")
        medians = measured(contestants, asked.rounds)
    steps = system.trials * system.neurons * round(system.duration / system.step)
    print(f"{'':28}{'ns / step':>12}{'x float32':>12}{'x float64':>12}")
    for name, seconds in medians.items():
        ratios = [seconds / medians[f"compiled, {precision}"] for precision in precisions]
        print(f"{name:28}{seconds / steps * 1e9:12.2f}{ratios[0]:12.1f}{ratios[1]:12.1f}")


if __name__ == "__main__":
    main()
