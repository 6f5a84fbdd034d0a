"""Where a network runs, and what makes its runs repeat bit for bit."""

import os

import numpy as np
import torch

from headroom.core.errors import HeadroomError
from headroom.core.randomness import stream
from headroom.networks.memory import keep_freed_memory


def prepare(device: str, seed: int, threads: int) -> torch.device:
    """Seed torch, fix the threads, ask for deterministic kernels, keep freed memory; the device: cpu, cuda, mps, or auto to choose.

    Raises HeadroomError where the device is not there. Operations without a deterministic kernel warn and run.
    """
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # without it cuBLAS sums in any order
    keep_freed_memory()
    torch.set_num_threads(threads)
    for kind in (np.float32, np.float64):
        np.finfo(kind)  # numpy looks for the smallest number once, and would warn that there is none below the normal ones
    torch.set_flush_denormal(True)  # vanishing gradients fill Adam's moments with them, and each costs a hundred cycles on a CPU
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]  # costs time, changes no result
    torch.manual_seed(int(stream(seed, "torch").integers(2**63)))
    return _choose(device)


def _choose(device: str) -> torch.device:
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if device == "auto":
        return torch.device(next(name for name, usable in there.items() if usable))
    if not there.get(device.split(":")[0], False):
        usable = ", ".join(name for name, found in there.items() if found)
        raise HeadroomError(f"device: {device} is not available to torch {torch.__version__} here; available: auto, {usable}")
    return torch.device(device)


def random_state(device: torch.device) -> dict[str, torch.Tensor]:
    """The states of torch's generators, so that dropout goes on where it stopped."""
    states = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        states["cuda"] = torch.cuda.get_rng_state(device)
    if device.type == "mps":
        states["mps"] = torch.mps.get_rng_state()
    return states


def set_random_state(states: dict[str, torch.Tensor], device: torch.device) -> None:
    """The inverse of `random_state`."""
    torch.set_rng_state(states["cpu"])
    if "cuda" in states:
        torch.cuda.set_rng_state(states["cuda"], device)
    if "mps" in states:
        torch.mps.set_rng_state(states["mps"])
