"""How a network is trained: optimiser, budget, schedule, early stopping. Read while config.yaml is checked, so no torch here."""

from dataclasses import replace
from math import ceil
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Lt

from headroom.core.settings import settings


@settings
class Training:
    """One budget and one optimiser for a fit."""

    optimiser: Literal["adam", "adamw"] = "adam"
    """Adam (Kingma & Ba 2015), or AdamW (Loshchilov & Hutter 2019) whose weight decay is decoupled from the gradient."""
    learning_rate: Annotated[float, Gt(0)] = 1e-3
    """Largest learning rate."""
    weight_decay: Annotated[float, Ge(0)] = 0.0
    """Decay of the weights."""
    batch_size: Annotated[int, Ge(1)] = 32
    """Examples in a step."""
    epochs: Annotated[int, Ge(1)] | None = 30
    """Passes over the training examples; not read where `steps` is given."""
    steps: Annotated[int, Ge(1)] | None = None
    """Optimiser steps."""
    validate_every: Annotated[int, Ge(1)] | None = None
    """Steps from one validation to the next; by default one pass over the training examples."""
    patience: Annotated[int, Ge(1)] | None = None
    """Validations without improvement after which training stops; by default, or without validation, it never stops early."""
    clip: Annotated[float, Gt(0)] | None = None
    """Largest norm of the gradient; by default it is not clipped."""
    schedule: Literal["none", "warmup", "plateau", "one_cycle"] = "none"
    """Learning rate over time: constant, constant after a linear warm-up, falling at plateaus, or one cosine cycle."""
    warmup_steps: Annotated[int, Ge(0)] = 0
    """Steps of rising learning rate; one_cycle takes 30 % of the budget where this is 0."""
    warmup_epochs: Annotated[int, Ge(0)] = 0
    """The same in passes over the training examples; not read where `warmup_steps` is given."""
    plateau_factor: Annotated[float, Gt(0), Lt(1)] = 0.5
    """What a plateau multiplies the learning rate by."""
    plateau_patience: Annotated[int, Ge(0)] = 5
    """Validations without improvement that the learning rate waits before it falls."""
    on_divergence: Literal["raise", "record"] = "raise"
    """At a loss that is not finite: fail, or stop there, keep the best weights and say so in the history."""
    threads: Annotated[int, Ge(1)] = 1
    """CPU threads; more than one may change the bits of some networks."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        found = []
        if self.epochs is None and self.steps is None:
            found.append("epochs and steps are both null; give one of them")
        if self.schedule == "warmup" and not (self.warmup_steps or self.warmup_epochs):
            found.append("schedule is warmup but warmup_steps is 0; give a number of steps")
        if self.steps is not None and self.warmup_steps >= self.steps:
            found.append(f"warmup_steps is {self.warmup_steps}, not below steps = {self.steps}")
        return found

    def steps_per_epoch(self, examples: int) -> int:
        """Batches in one pass; the last may be smaller."""
        return ceil(examples / self.batch_size)

    def counted(self, examples: int) -> "Training":
        """The same with the warm-up in steps."""
        return replace(self, warmup_steps=self.warmup_steps or self.warmup_epochs * self.steps_per_epoch(examples))

    def budget(self, examples: int) -> int:
        """Optimiser steps in all."""
        return self.steps or (self.epochs or 0) * self.steps_per_epoch(examples)
