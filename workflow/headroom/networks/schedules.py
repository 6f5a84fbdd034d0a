"""The learning rate at every step. A schedule is a function of the step and of what validation found, so it resumes exactly."""

from dataclasses import dataclass
from math import cos, inf, pi

from headroom.networks.training import Training

START, END = 25.0, 1e4  # one cycle rises from 1/25 of its peak and ends 10,000 times below where it started
ENOUGH = 1e-4  # a relative fall of the loss below this is a plateau


@dataclass
class Plateau:
    """How often the validation loss has stalled; part of a checkpoint."""

    factor: float = 1.0
    best: float = inf
    stalled: int = 0

    def saw(self, loss: float, training: Training) -> None:
        """Once after each validation: the factor falls when the loss has stalled for longer than the patience."""
        if loss < self.best * (1 - ENOUGH):
            self.best, self.stalled = loss, 0
            return
        self.stalled += 1
        if self.stalled > training.plateau_patience:
            self.factor, self.stalled = self.factor * training.plateau_factor, 0


def learning_rate(training: Training, step: int, budget: int, plateau: Plateau) -> float:
    """The learning rate of step 0, 1, ... up to `budget` - 1.

    warmup and plateau rise linearly over `warmup_steps`; one_cycle (Smith & Topin 2019) rises and falls as half cosines.
    """
    if training.schedule == "one_cycle":
        return training.learning_rate * _one_cycle(step, budget, training.warmup_steps)
    if training.schedule == "none":
        return training.learning_rate
    risen = min(1.0, (step + 1) / training.warmup_steps) if training.warmup_steps else 1.0
    return training.learning_rate * risen * plateau.factor


def _one_cycle(step: int, budget: int, warmup_steps: int) -> float:
    peak = (warmup_steps or 0.3 * budget) - 1
    if step <= peak:
        return _half_cosine(1 / START, 1.0, step / peak if peak else 1.0)
    return _half_cosine(1.0, 1 / (START * END), (step - peak) / max(1e-9, budget - 1 - peak))


def _half_cosine(first: float, last: float, share: float) -> float:
    return last + (first - last) * (1 + cos(pi * share)) / 2
