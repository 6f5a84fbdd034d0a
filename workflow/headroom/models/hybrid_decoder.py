"""A published CNN-BiLSTM with attention for forelimb steps: as its code or as its text has it, its ablations, many-to-many, causal."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Lt, MinLen

from headroom.core.examples import Examples, Kind, Target
from headroom.core.protocols import Role, Workspace
from headroom.core.settings import settings
from headroom.networks.training import Training

if TYPE_CHECKING:
    from torch import Tensor

    from headroom.core.shape import DataShape
    from headroom.networks.fitted import NetworkFit
    from headroom.networks.step_decoder import StepDecoder

Part = Literal[
    "convolution", "normalisation_mix", "recurrence", "bidirectionality", "attention", "multitask", "focal_loss", "mixup", "class_weights"
]
FOCUS = 2.0
"""Focusing of the published focal loss."""


@settings
class HybridDecoder:
    """Convolutions over time, BiLSTM, attention and four heads: all classes, each swing against the rest, and the neurons' activity.

    Trained with focal loss, class weights of each head's own, mixup, AdamW and one cycle of the learning rate, stepped at every batch.
    """

    role: ClassVar[Role] = "model"
    seeded: ClassVar[bool] = True
    answers: ClassVar[tuple[Kind, ...]] = ("category",)
    variant: Literal["published", "described"] = "published"
    """As its code had it; or as its text claims: position-sensitive and dynamically scaled attention, a skip from every convolution,
    adaptive focal loss, losses weighted by learnt variances."""
    many_to_many: bool = False
    """Whether every frame of the window is trained and answers for itself, or the mean over the window answers, as published."""
    causal: bool = False
    """Whether no frame sees a later one: convolutions, recurrence, attention and normalisation look back only."""
    widths: Annotated[tuple[Annotated[int, Ge(8)], ...], MinLen(1)] = (64, 128, 256)
    """Feature maps of each convolution, in multiples of 8."""
    hidden: Annotated[int, Ge(8)] = 128
    """Units of an LSTM layer and direction, in multiples of 8."""
    layers: Annotated[int, Ge(1)] = 2
    """LSTM layers, one above the other."""
    dropout: Annotated[float, Ge(0), Lt(1)] = 0.3
    """Share of the features that training leaves out."""
    neuron_dropout: Annotated[float, Ge(0), Lt(1)] = 0.0
    """Share of the neurons that training hides, each for a whole window."""
    mixup: Annotated[float, Ge(0)] = 0.2
    """Both parameters of the beta distribution that windows are mixed by; 0: they are not mixed."""
    without: tuple[Part, ...] = ()
    """Parts that are left out, for ablations."""
    training: Training = Training(
        optimiser="adamw", learning_rate=1e-3, weight_decay=1e-2, batch_size=32, epochs=30, schedule="one_cycle", clip=1.0
    )
    """Optimiser and budget."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        wrong = [f"training: {problem}" for problem in self.training.problems()]
        sizes = {"hidden": [self.hidden], "widths": [*self.widths]}
        wrong += [f"{name}: found {size}; expected multiples of 8" for name, all_of in sizes.items() for size in all_of if size % 8]
        if self.causal and not self.many_to_many:
            wrong.append("causal is true without many_to_many: a window's mean sees all of it; set both or neither")
        if "attention" not in self.without and {"convolution", "recurrence"} <= set(self.without):
            wrong.append("without holds convolution and recurrence: attention would read the raw channels; leave it out too")
        return wrong

    def work(self, data: DataShape) -> float:
        """Multiply-adds of the answer to one example."""
        wide, total = data.channels, 0.0
        if "convolution" not in self.without:
            for width in self.widths:
                total, wide = total + 3 * wide * width, width
            total += data.channels * wide
        if "recurrence" not in self.without:
            directions = 1 if self.causal or "bidirectionality" in self.without else 2
            for _ in range(self.layers):
                total += directions * 4 * self.hidden * (wide + self.hidden)
                wide = directions * self.hidden
        total += 0 if "attention" in self.without else wide * (4 * wide + 2 * data.length)
        return data.length * total + 2 * wide * data.answers

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[NetworkFit, list[dict[str, float]]]:
        """Trained by the engine, one row per validation; raises what the engine raises."""
        import torch

        from headroom.models._frame_statistics import activity_direction, class_shares
        from headroom.networks.fitted import fit_to

        direction, shares = torch.from_numpy(activity_direction(train)).float(), class_shares(train)
        build = partial(self._module, train.length, int(train.offsets[0]), shares, direction)
        return fit_to("hybrid_decoder", build, train, valid, target, self, workspace, "within")

    def restore(self, state: Mapping[str, np.ndarray]) -> NetworkFit:
        """The fit that was saved."""
        import torch

        from headroom.networks.fitted import restored

        classes, positions = len(state["scale.track_mean"]), state.get("weights.body.attention.position")
        length = 1 if positions is None else (positions.shape[1] + 1) // 2  # asked for by the table of distances alone
        direction = torch.zeros(len(state["scale.mean"]))
        module = self._module(length, int(state["offsets"][0]), np.full(classes, 1 / classes), direction)
        return restored("hybrid_decoder", module, state, self.training.threads)

    def _module(self, length: int, offset: int, shares: np.ndarray, direction: Tensor) -> StepDecoder:
        import torch

        from headroom.networks.hybrid import Build, Hybrid
        from headroom.networks.step_decoder import Answering, Reading, StepDecoder
        from headroom.networks.tasks import Losses, Tasks, rarities

        described, without = self.variant == "described", self.without
        sizes = len(direction), length, self.widths, self.hidden, self.layers
        body = Hybrid(Build(*sizes, self.dropout, described, self.causal, without))
        rarity, sides = rarities(torch.from_numpy(shares).float())
        if "class_weights" in without:
            rarity, sides = torch.ones_like(rarity), torch.ones_like(sides)
        focus = 0.0 if "focal_loss" in without else None if described else FOCUS
        together = "multitask" not in without
        tasks = Tasks(body.width, rarity, sides, Losses(focus, together, activity=together, uncertain=described))
        reading: Reading = "mean" if not self.many_to_many else "last" if self.causal else "moment"
        mixup = 0.0 if "mixup" in without else self.mixup
        return StepDecoder(body, tasks, direction, Answering(offset, reading, self.many_to_many, mixup, self.neuron_dropout))
