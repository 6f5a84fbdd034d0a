"""The training loop, once for every network: early stopping, schedules, exact resumption. Plain torch.

Two runs with the same settings, data and seed end with the same bits, whether or not one of them was killed on the way: the order
of batches depends on seed and epoch alone, and a checkpoint holds whatever else a step depends on.
"""

import copy
import hashlib
import json
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from math import inf, isfinite

import torch
from torch import Tensor, nn

from headroom.core.errors import Diverged, Interrupted
from headroom.core.protocols import Workspace
from headroom.core.randomness import stream
from headroom.networks import checkpoint
from headroom.networks.device import random_state, set_random_state
from headroom.networks.interruption import termination
from headroom.networks.optimiser import gradient_norm, make_optimiser, moments, restore_moments
from headroom.networks.progress import Progress, pace
from headroom.networks.schedules import learning_rate
from headroom.networks.training import Training

CHECKPOINT_SECONDS = 20.0  # at most this much work is lost to a kill
VALIDATION_BATCH = 2048


@dataclass(frozen=True)
class Objective:
    """Examples by number, and the mean loss of a batch of them."""

    count: int
    loss: Callable[[nn.Module, Tensor], Tensor]
    """Given the module and an index (example,): a scalar."""


def optimise(module: nn.Module, train: Objective, valid: Objective, training: Training, workspace: Workspace, identity: str) -> list[dict[str, float]]:
    """Train `module` in place; it ends with the weights of the best validation, or with the last ones where nothing validates.

    Gives one row per validation. `identity` is text that changes with the model's settings and the data: a checkpoint with
    another one is not resumed. Raises Diverged at a loss that is not finite (unless it is to be recorded), Interrupted after a
    checkpoint where a termination signal arrived, HeadroomError where another process trains in the same folder.
    """
    run = Run(module, train, valid, training, workspace, identity)
    folder = workspace.checkpoints
    with checkpoint.locked(folder) if folder else nullcontext(), termination() as signalled:
        run.resume()
        while not run.finished:
            run.advance()
            if signalled():
                run.save()
                raise Interrupted(run.interruption(signalled()))
            run.save_if_due()
        module.load_state_dict(run.best)
        if folder:
            checkpoint.discard(folder)
    return run.progress.history


class Run:
    """One fit on its way."""

    def __init__(
        self, module: nn.Module, train: Objective, valid: Objective, training: Training, workspace: Workspace, identity: str
    ) -> None:
        self.module, self.train, self.valid, self.training, self.workspace = module, train, valid, training, workspace
        self.device = next(module.parameters()).device
        self.epoch_steps = training.steps_per_epoch(train.count)
        self.budget = training.budget(train.count)
        self.optimiser = make_optimiser(module, training)
        self.progress = Progress(identity=self._digest(identity))
        self.best = copy.deepcopy(module.state_dict())
        self.order = torch.empty(0)
        self.order_epoch = -1
        self.started, self.started_step, self.saved = time.monotonic(), 0, time.monotonic()
        self.module.train()

    @property
    def finished(self) -> bool:
        """Whether the budget is spent, patience has run out, or the loss has diverged."""
        patience = self.training.patience
        impatient = patience is not None and self.valid.count > 0 and self.progress.without_improvement >= patience
        return self.progress.step >= self.budget or impatient or self.progress.diverged

    def advance(self) -> None:
        """One optimiser step, and a validation where one is due."""
        progress, training = self.progress, self.training
        batch = self._batch()
        progress.rate = learning_rate(training, progress.step, self.budget, progress.plateau)
        for group in self.optimiser.param_groups:
            group["lr"] = progress.rate
        loss = self.train.loss(self.module, batch)
        value = loss.item()
        if not isfinite(value):
            self._diverge(value, "training loss")
            return
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        if training.clip is not None:
            nn.utils.clip_grad_norm_(self.module.parameters(), training.clip)
        self.optimiser.step()
        progress.step += 1
        progress.add(value, len(batch))
        if progress.step % (training.validate_every or self.epoch_steps) == 0 or progress.step == self.budget:
            self._validate()

    def _batch(self) -> Tensor:
        epoch, place = divmod(self.progress.step, self.epoch_steps)
        if epoch != self.order_epoch:
            order = stream(self.workspace.seed, "batches", epoch).permutation(self.train.count)
            self.order, self.order_epoch = torch.from_numpy(order).to(self.device), epoch
        size = self.training.batch_size
        return self.order[place * size : (place + 1) * size]

    def _validate(self) -> None:
        progress = self.progress
        train_loss, norm = progress.mean_loss(), gradient_norm(self.module)
        valid_loss = self._valid_loss()
        if not isfinite(norm) or (self.valid.count and not isfinite(valid_loss)):
            self._diverge(train_loss, f"validation loss {valid_loss:g}, training loss")
            return
        progress.record(self._epoch, train_loss, valid_loss, norm)
        progress.plateau.saw(valid_loss if self.valid.count else train_loss, self.training)
        if not self.valid.count or valid_loss < progress.best_loss:
            self.best = copy.deepcopy(self.module.state_dict())
        progress.judge(valid_loss)
        self.workspace.report(self._line(train_loss, valid_loss))

    def _valid_loss(self) -> float:
        if not self.valid.count:
            return float("nan")
        self.module.eval()
        with torch.inference_mode():
            parts = torch.arange(self.valid.count, device=self.device).split(VALIDATION_BATCH)
            total = sum(self.valid.loss(self.module, part).item() * len(part) for part in parts)
        self.module.train()
        return total / self.valid.count

    @property
    def _epoch(self) -> int:
        return -(-self.progress.step // self.epoch_steps)

    def _diverge(self, loss: float, what: str) -> None:
        progress, norm = self.progress, gradient_norm(self.module)
        where = f"epoch {progress.step // self.epoch_steps + 1}, step {progress.step + 1}, learning rate {progress.rate:g}, gradient norm {norm:g}"
        line = f"training: {what} is {loss:g} at {where}"
        if self.training.on_divergence == "raise":
            raise Diverged(f"{line}; lower training.learning_rate or set training.clip, or on_divergence: record to go on without it")
        progress.record(self._epoch, loss, float("nan"), norm, diverged=True)
        self.workspace.report(f"{line}; stopped there, the best weights so far are kept")

    def _line(self, train_loss: float, valid_loss: float) -> str:
        speed = pace(self.progress.step - self.started_step, time.monotonic() - self.started, self.budget - self.progress.step)
        valid = f" valid {valid_loss:.4g}" if self.valid.count else ""
        epochs = -(-self.budget // self.epoch_steps)
        place = f"epoch {self._epoch}/{epochs} step {self.progress.step}/{self.budget}"
        return f"{place}: train {train_loss:.4g}{valid} learning rate {self.progress.rate:.3g}; {speed}"

    def _digest(self, identity: str) -> str:
        shapes = [(name, list(tensor.shape), str(tensor.dtype)) for name, tensor in self.module.state_dict().items()]
        fixed = (asdict(self.training), self.workspace.seed, self.train.count, self.valid.count, shapes, self.device.type, torch.__version__)
        return hashlib.sha256(json.dumps([identity, *fixed]).encode()).hexdigest()
