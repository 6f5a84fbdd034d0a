"""One fit on its way: batches, steps, validation and what counts as divergence."""

import copy
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil, isfinite

import torch
from torch import Tensor, nn

from headroom.core.errors import Diverged
from headroom.core.protocols import Workspace
from headroom.core.randomness import stream
from headroom.networks.optimiser import Adam
from headroom.networks.progress import Progress, pace
from headroom.networks.schedules import learning_rate
from headroom.networks.training import Training

VALIDATION_BATCH = 2048
"""Examples that are validated at once, unless an objective says fewer."""


@dataclass(frozen=True)
class Objective:
    """Examples by number, and the mean loss of a batch of them."""

    count: int
    loss: Callable[[nn.Module, Tensor], Tensor]
    """Given the module and an index (example,): a scalar."""
    at_once: int = VALIDATION_BATCH
    """Examples whose loss fits into memory at once."""
    renew: Callable[[int], None] = lambda epoch: None
    """Called when an epoch starts or is resumed: where examples change from epoch to epoch, they do so here."""


class Run:
    """One fit on its way."""

    def __init__(self, module: nn.Module, train: Objective, valid: Objective, training: Training, workspace: Workspace) -> None:
        training = training.counted(train.count)
        self.module, self.train, self.valid, self.training, self.workspace = module, train, valid, training, workspace
        self.device = next(module.parameters()).device
        self.epoch_steps = training.steps_per_epoch(train.count)
        self.budget = training.budget(train.count)
        self.optimiser = Adam(module, training)
        self.progress = Progress()
        self.best: Mapping[str, Tensor] = copy.deepcopy(module.state_dict())
        self.order, self.order_epoch = torch.empty(0), -1
        self.started, self.started_step = time.monotonic(), 0
        self.unclipped: Tensor | None = None
        module.train()

    def resumed(self) -> None:
        """Speed is counted from here."""
        self.started, self.started_step = time.monotonic(), self.progress.step

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
        loss = self.train.loss(self.module, batch)
        value = loss.item()
        if not isfinite(value):
            self._diverge(value)
            return
        self.optimiser.clear()
        loss.backward()
        self.unclipped = nn.utils.clip_grad_norm_(self.module.parameters(), training.clip) if training.clip else None
        self.optimiser.step(progress.rate)
        progress.step += 1
        progress.add(value, len(batch))
        if progress.step % (training.validate_every or self.epoch_steps) == 0 or progress.step == self.budget:
            self._validate()

    def _batch(self) -> Tensor:
        epoch, place = divmod(self.progress.step, self.epoch_steps)
        if epoch != self.order_epoch:
            order = stream(self.workspace.seed, "batches", epoch).permutation(self.train.count)
            self.order, self.order_epoch = torch.from_numpy(order).to(self.device), epoch
            self.train.renew(epoch)
        size = self.training.batch_size
        return self.order[place * size : (place + 1) * size]

    def _validate(self) -> None:
        progress = self.progress
        train_loss, valid_loss = progress.take_mean_loss(), self._valid_loss()
        norm = self.gradient_norm()
        if not isfinite(norm) or (self.valid.count and not isfinite(valid_loss)):
            self._diverge(train_loss, valid_loss)
            return
        progress.record(self._epoch, train_loss, valid_loss, norm)
        watched = valid_loss if self.valid.count else train_loss
        progress.plateau.saw(watched, self.training)
        if progress.judge(watched) or not self.valid.count:
            self.best = copy.deepcopy(self.module.state_dict())
        self.workspace.report(self._line(train_loss, valid_loss))

    def _valid_loss(self) -> float:
        if not self.valid.count:
            return float("nan")
        self.module.eval()
        with torch.inference_mode():
            parts = torch.arange(self.valid.count, device=self.device).split(min(VALIDATION_BATCH, self.valid.at_once))
            total = sum(self.valid.loss(self.module, part).item() * len(part) for part in parts)
        self.module.train()
        return total / self.valid.count

    def gradient_norm(self) -> float:
        """Norm of the last step's gradient before clipping; right after a resumption the one that the checkpoint names."""
        if self.unclipped is not None:
            return self.unclipped.item()
        gradients = [parameter.grad for parameter in self.module.parameters() if parameter.grad is not None]
        return nn.utils.get_total_norm(gradients).item() if gradients else self.progress.gradient_norm

    @property
    def _epoch(self) -> int:
        return ceil(self.progress.step / self.epoch_steps)

    def _diverge(self, train_loss: float, valid_loss: float = float("nan")) -> None:
        """The weights are those after `step` steps; the last gradient is the one that made them."""
        progress, norm = self.progress, self.gradient_norm()
        losses = f"training loss {train_loss:g}" + (f", validation loss {valid_loss:g}" if isfinite(train_loss) else "")
        place = f"epoch {max(1, self._epoch)}, after step {progress.step} of {self.budget}"
        line = f"training: {losses} at {place}: learning rate {progress.rate:g}, gradient norm {norm:g}"
        if self.training.on_divergence == "raise":
            raise Diverged(f"{line}; lower training.learning_rate or set training.clip (on_divergence: record goes on without this fit)")
        progress.diverged = True
        progress.record(self._epoch, train_loss, valid_loss, norm)
        self.workspace.report(f"{line}; stopped there, the best weights so far are kept")

    def _line(self, train_loss: float, valid_loss: float) -> str:
        progress = self.progress
        speed = pace(progress.step - self.started_step, time.monotonic() - self.started, self.budget - progress.step)
        valid = f" valid {valid_loss:.4g}" if self.valid.count else ""
        place = f"epoch {self._epoch}/{ceil(self.budget / self.epoch_steps)} step {progress.step}/{self.budget}"
        return f"{place}: train {train_loss:.4g}{valid}, learning rate {progress.rate:.3g}; {speed}"
