"""Jansen-Rit columns: the compiled Strang step against the same scheme in numpy and against the C++ of the `vbi` package.

    PYTHONPATH=workflow python benchmarks/jansen_rit.py [--columns 1000] [--seconds 10] [--rounds 5]

One process, one thread, contestants in turn; medians of nanoseconds of processor time for a column's step of 1 ms, noise and the
recording of y1 - y2 at every step included. benchmarks/README.md says what is compared with what, and how to have `vbi` at hand.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1", NUMBA_NUM_THREADS="1")

import numpy as np

from headroom.core.randomness import streams
from headroom.simulators.jansen_rit import JansenRit

Run = Callable[[], Any]
Contestant = Callable[[], Run]
"""Prepares a run, untimed."""
DT = 0.001
NOISE = 22.0
PRECISIONS = ("float32", "float64")


def simulated(columns: int, steps: int, precision: str) -> Contestant:
    """This project's simulator as a study calls it: every trial's generator is made, and the recording's memory is new."""
    simulator = column(columns, steps, precision)
    return lambda: lambda: simulator.simulate(streams(0))


def compiled(columns: int, steps: int, precision: str) -> Contestant:
    """What of it compares with the peers: the integration into memory at hand, as (column, time) of float64."""
    keys = np.random.default_rng(0).integers(0, 2**32, (columns, 4), dtype=np.uint32)
    path = np.zeros((columns, steps, 1))
    return lambda: lambda: column(columns, steps, precision).integrate(path, keys)


def column(columns: int, steps: int, precision: str) -> JansenRit:
    """Columns of the usual parameters under strong noise."""
    return JansenRit(trials=columns, samples=steps, record="eeg", precision=precision, burn_in=0.0, drive_noise=NOISE)


def batched_numpy(columns: int, steps: int, precision: str) -> Contestant:
    """The same scheme, all columns at once in preallocated arrays (state, column), written for speed."""
    real = np.dtype(precision).type
    h, a, b = DT, 100.0, 50.0
    flow = [[real(v) for v in half_flow(rate, h)] for rate in (a, b)]
    slopes = np.array([1.0, 135.0, 33.75], real)[:, None] * real(0.56)
    full = np.array([h * 3.25 * a * 5, h * 3.25 * a * 5 * 108, h * 22 * b * 5 * 33.75], real)[:, None]
    mean, sd, threshold = real(h * 3.25 * a * 220), real(np.sqrt(h) * 3.25 * a * NOISE), real(0.56 * 6)

    def half(y: np.ndarray, v: np.ndarray) -> None:
        for rows, (stay, move, pull, damp) in zip((slice(0, 2), slice(2, 3)), flow, strict=True):
            old = y[rows].copy()
            y[rows] *= stay
            y[rows] += move * v[rows]
            v[rows] *= damp
            v[rows] += pull * old

    path = np.zeros((steps, columns), real)

    def run() -> np.ndarray:
        rng = np.random.Generator(np.random.SFC64(0))
        y, v = np.zeros((3, columns), real), np.zeros((3, columns), real)
        seen, noise = np.empty((3, columns), real), np.empty(columns, real)
        for step in range(steps):
            np.subtract(y[1], y[2], out=path[step])
            half(y, v)
            np.subtract(y[1], y[2], out=seen[0])
            seen[1:] = y[0]
            seen *= -slopes
            seen += threshold
            np.exp(seen, out=seen)
            seen += 1
            np.divide(full, seen, out=seen)
            v += seen
            rng.standard_normal(out=noise, dtype=real)
            noise *= sd
            noise += mean
            v[1] += noise
            half(y, v)
        return path

    return lambda: run


def half_flow(rate: float, h: float) -> tuple[float, float, float, float]:
    """The flow of y'' + 2 k y' + k^2 y = 0 over h / 2."""
    turn, decay = rate * h / 2, np.exp(-rate * h / 2)
    return decay * (1 + turn), decay * h / 2, -decay * rate * turn, decay * (1 - turn)


def vbi(columns: int, steps: int, method: str) -> Contestant:
    """vbi's C++ class, uncoupled columns, double precision; only its integration is timed, not the hand-over of lists."""
    from vbi.models.cpp._src.jr_sde import JR_sde

    gain, *contacts = ([value] * columns for value in (3.25, 135.0, 108.0, 33.75, 33.75))
    intensity = 3.25 * 0.1 * NOISE * np.sqrt(0.001)  # [mV/ms per sqrt(ms)]
    uncoupled, start = [[0.0] * columns] * columns, [0.0] * (6 * columns)
    constants = (22.0, 0.1, 0.05, 0.56, 6.0, 0.005)  # B [mV], a and b [1/ms], r [1/mV], v0 [mV], the highest rate [1/ms]

    def prepare() -> Run:
        made = JR_sde(columns, 1.0, 0.0, float(steps), 0.0, uncoupled, start, gain, *constants, *contacts, 0.22, intensity, 1)
        return getattr(made, f"{method}Integrate")

    return prepare


def measured(contestants: Mapping[str, Contestant], rounds: int) -> dict[str, float]:
    """Median seconds of processor time of every contestant; in each round all take their turn, and a first round does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds + 1):
        for name, prepare in contestants.items():
            run = prepare()
            started = time.process_time()
            run()
            seconds[name].append(time.process_time() - started)
    return {name: statistics.median(values[1:]) for name, values in seconds.items()}


def main() -> None:
    """Prints a table: nanoseconds for a column's step, and how many times as long as ours in either precision."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--columns", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    columns, steps = asked.columns, round(asked.seconds / DT)
    contestants = {f"compiled, {precision}": compiled(columns, steps, precision) for precision in PRECISIONS}
    contestants |= {f"simulate(), {precision}": simulated(columns, steps, precision) for precision in PRECISIONS}
    contestants |= {f"numpy, {precision}": batched_numpy(columns, steps, precision) for precision in PRECISIONS}
    try:
        contestants |= {f"vbi C++ {method}, float64": vbi(columns, steps, method) for method in ("euler", "heun")}
    except ImportError as error:
        print(f"without vbi: {error}; see benchmarks/README.md")
    medians = measured(contestants, asked.rounds)
    single, double = (medians[f"compiled, {precision}"] for precision in PRECISIONS)
    print(f"{'':24}{'ns / step':>12}{'x float32':>12}{'x float64':>12}")
    for name, seconds in medians.items():
        print(f"{name:24}{seconds / columns / steps * 1e9:12.2f}{seconds / single:12.1f}{seconds / double:12.1f}")


if __name__ == "__main__":
    main()
