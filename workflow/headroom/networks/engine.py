"""The training loop, once for every network: early stopping, schedules, exact resumption. Plain torch.

Two runs with the same settings, data and seed end with the same bits, whether or not one of them was killed on the way: the order
of batches depends on seed and epoch alone, and a checkpoint holds whatever else a step depends on.
"""

import hashlib
import json
import time
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

import torch
from torch import nn

from headroom.core.errors import Interrupted
from headroom.core.protocols import Workspace
from headroom.networks import checkpoint
from headroom.networks.device import random_state, set_random_state
from headroom.networks.interruption import termination
from headroom.networks.optimiser import moments, restore_moments
from headroom.networks.progress import Progress
from headroom.networks.run import Objective, Run
from headroom.networks.training import Training

CHECKPOINT_SECONDS = 20.0  # at most about this much work is lost to a kill

Rows = list[dict[str, float]]


def optimise(module: nn.Module, train: Objective, valid: Objective, training: Training, workspace: Workspace, identity: str) -> Rows:
    """Train `module` in place; it ends with the weights of the best validation, or with the last ones where nothing validates.

    Gives one row per validation. `identity` is text that changes with the model's settings and the data: a checkpoint with
    another one is not resumed. Raises Diverged at a loss that is not finite (unless it is to be recorded), Interrupted after a
    checkpoint where a termination signal arrived, HeadroomError where another process trains in the same folder.
    """
    folder = workspace.checkpoints
    run = Run(module, train, valid, training, workspace)
    run.progress.identity = _digest(run, identity)
    with checkpoint.locked(folder) if folder else nullcontext(), termination() as signalled:
        if folder:
            _resume(run, folder)
        saved = time.monotonic()
        while not run.finished:
            run.advance()
            if signalled():
                raise Interrupted(_interrupt(run, folder, signalled()))
            if folder and time.monotonic() - saved > CHECKPOINT_SECONDS:
                _save(run, folder)
                saved = time.monotonic()
        module.load_state_dict(run.best)
        if folder:
            checkpoint.discard(folder)
    return run.progress.history


def _digest(run: Run, identity: str) -> str:
    """What must be equal for a checkpoint to be this run's own."""
    shapes = [(name, list(tensor.shape), str(tensor.dtype)) for name, tensor in run.module.state_dict().items()]
    counts = (run.train.count, run.valid.count)
    fixed = (asdict(run.training), run.workspace.seed, counts, shapes, run.device.type, torch.__version__)
    return hashlib.sha256(json.dumps([identity, *fixed]).encode()).hexdigest()


def _save(run: Run, folder: Path) -> None:
    run.progress.gradient_norm = run.gradient_norm()
    groups = {
        "model": run.module.state_dict(),
        "best": run.best,
        "optimiser": moments(run.optimiser),
        "random": random_state(run.device),
    }
    checkpoint.save(folder, groups, asdict(run.progress))


def _resume(run: Run, folder: Path) -> None:
    found = checkpoint.load(folder)
    if found is None:
        return
    groups, counters = found
    if counters.get("identity") != run.progress.identity:
        run.workspace.report("training: the checkpoint is of other settings or data; starting from the first step")
        return
    run.module.load_state_dict(groups["model"])
    run.best = {name: tensor.to(run.device) for name, tensor in groups["best"].items()}
    restore_moments(run.optimiser, groups.get("optimiser", {}))
    run.progress = Progress.of(counters)
    run.resumed()
    set_random_state(groups["random"], run.device)
    run.workspace.report(f"training: goes on from step {run.progress.step}")


def _interrupt(run: Run, folder: Path | None, name: str) -> str:
    where = f"training: {name} after step {run.progress.step} of {run.budget}"
    if folder is None:
        return f"{where}; no folder for checkpoints was given, so the fit starts anew next time"
    _save(run, folder)
    return f"{where}; checkpoint written to {folder}, the same command goes on from it"
