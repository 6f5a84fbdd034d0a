"""The counters of a fit and its history: all of a checkpoint that is not a tensor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, nan
from typing import Any

from headroom.networks.schedules import Plateau


@dataclass
class Progress:
    """Where a fit is. Nothing here depends on the clock, so that two runs write the same bytes."""

    identity: str = ""
    step: int = 0
    """Optimiser steps taken."""
    rate: float = 0.0
    """Learning rate of the last step."""
    gradient_norm: float = nan
    """Norm of the gradient of the step before a checkpoint."""
    loss_sum: float = 0.0
    """Sum of the training losses since the last validation, one for each example seen."""
    seen: int = 0
    """Examples seen since the last validation."""
    best_loss: float = inf
    without_improvement: int = 0
    """Validations since the best one."""
    diverged: bool = False
    plateau: Plateau = field(default_factory=Plateau)
    history: list[dict[str, float]] = field(default_factory=list)

    @classmethod
    def of(cls, counters: Mapping[str, Any]) -> "Progress":
        """The inverse of `dataclasses.asdict`."""
        return cls(**{**counters, "plateau": Plateau(**counters["plateau"])})

    def add(self, loss: float, examples: int) -> None:
        """After a step on a batch with this mean loss."""
        self.loss_sum += loss * examples
        self.seen += examples

    def take_mean_loss(self) -> float:
        """Mean training loss since the last validation; the sums start anew."""
        mean = self.loss_sum / self.seen if self.seen else nan
        self.loss_sum, self.seen = 0.0, 0
        return mean

    def judge(self, valid_loss: float) -> bool:
        """Whether this validation is the best one so far; counts those that were not."""
        if valid_loss < self.best_loss:
            self.best_loss, self.without_improvement = valid_loss, 0
            return True
        self.without_improvement += 1
        return False

    def record(self, epoch: int, train_loss: float, valid_loss: float, gradient_norm: float) -> None:
        """A row of the history."""
        losses = {"train_loss": train_loss, "valid_loss": valid_loss}
        place = {"epoch": epoch, "step": self.step}
        self.history.append({**place, **losses, "learning_rate": self.rate, "gradient_norm": gradient_norm, "diverged": int(self.diverged)})


def pace(steps: int, seconds: float, left: int) -> str:
    """Steps per second, and the seconds that the rest takes at this speed."""
    speed = steps / max(seconds, 1e-9)
    return f"{speed:.0f} steps/s, about {left / max(speed, 1e-9):.0f} s left"
