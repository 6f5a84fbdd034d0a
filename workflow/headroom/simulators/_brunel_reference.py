"""Hands networks to Brian2 in a process of its own, and takes the result back."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from headroom.core.errors import HeadroomError
from headroom.simulators import _brunel_brian2
from headroom.simulators._brunel_run import Spikes
from headroom.simulators._brunel_wiring import Wiring


@dataclass(frozen=True)
class Batch:
    """Networks simulated together."""

    path: np.ndarray  # (trial, time, neuron) [mV]
    spikes: tuple[Spikes, ...]  # one for each trial, steps counted from the start of the simulation


def missing_tools() -> list[str]:
    """What Brian2 needs and this machine lacks: a C++ compiler, make."""
    wanted = [os.environ.get("CXX") or "g++", "make"]
    return [tool for tool in wanted if shutil.which(tool.split()[0]) is None]


def simulate(said: Mapping[str, Any], voltage: np.ndarray, wirings: Sequence[Wiring]) -> Batch:
    """Networks that start at voltage (trial, neuron) [mV], each with its own wiring; `said` as in `_brunel_brian2.build`.

    Raises HeadroomError with Brian2's last words where it fails.
    """
    trials, neurons = voltage.shape
    with tempfile.TemporaryDirectory(prefix="headroom-brian2-") as name:
        folder = Path(name)
        build_and_run(folder, said, voltage, wirings)
        flat = np.load(folder / "voltage.npy", mmap_mode="r")  # (time, trial x neuron)
        path = np.empty((trials, len(flat), neurons), said["precision"])
        for trial in range(trials):
            path[trial] = flat[:, trial * neurons : (trial + 1) * neurons]
        with np.load(folder / "spikes.npz") as fired:
            return Batch(path, _by_trial(fired["step"], fired["neuron"], trials, neurons))


def build_and_run(folder: Path, said: Mapping[str, Any], voltage: np.ndarray, wirings: Sequence[Wiring]) -> None:
    """The same, leaving Brian2's program in folder/program and what it found in `folder`, the only place where Brian2 writes."""
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(folder / "network.npz", allow_pickle=False, **block_diagonal(voltage, wirings))
    (folder / "network.json").write_text(json.dumps(dict(said)))
    inside = {"HOME": str(folder), "TMPDIR": str(folder), "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-P", str(Path(_brunel_brian2.__file__).resolve())]
    done = subprocess.run(command, cwd=folder, env=os.environ | inside, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        words = (done.stderr.strip() or f"exit status {done.returncode}").splitlines()[-1]
        raise HeadroomError(f"brunel: Brian2 did not run: {words}; engine: compiled needs neither Brian2 nor a C++ compiler")


def block_diagonal(voltage: np.ndarray, wirings: Sequence[Wiring]) -> dict[str, np.ndarray]:
    """All networks, started at voltage (trial, neuron) [mV], as one: neuron n of trial t is number t x neurons + n."""
    neurons = voltage.shape[1]
    sources = [np.repeat(np.arange(neurons), np.diff(wiring.first)) for wiring in wirings]
    return {
        "voltage": voltage.ravel(),
        "source": np.concatenate([source + trial * neurons for trial, source in enumerate(sources)]),
        "target": np.concatenate([wiring.targets + trial * neurons for trial, wiring in enumerate(wirings)]),
        "weight": np.concatenate([wiring.weight[source] for wiring, source in zip(wirings, sources, strict=True)]),
    }


def _by_trial(step: np.ndarray, number: np.ndarray, trials: int, neurons: int) -> tuple[Spikes, ...]:
    order = np.lexsort((number, step, number // neurons))
    step, number = step[order].astype(np.int32), number[order]
    first = np.searchsorted(number // neurons, np.arange(trials + 1))
    return tuple(Spikes(step[a:b], (number[a:b] % neurons).astype(np.int32)) for a, b in pairwise(first))
