"""A published LSTM decoder of forelimb steps, as published or trained at every frame of its window."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Lt

from headroom.core.examples import Examples, Kind, Target
from headroom.core.protocols import Role, Workspace
from headroom.core.settings import settings
from headroom.networks.training import Training

if TYPE_CHECKING:
    from headroom.core.shape import DataShape
    from headroom.networks.fitted import NetworkFit
    from headroom.networks.step_decoder import StepDecoder


@settings
class LstmDecoder:
    """LSTM layers, batch normalisation, a layer of features, and heads: of all classes, and of each but the first against the others.

    Causal: a moment before the window's end is answered for that many frames late.
    """

    role: ClassVar[Role] = "model"
    seeded: ClassVar[bool] = True
    answers: ClassVar[tuple[Kind, ...]] = ("category",)
    hidden: Annotated[int, Ge(1)] = 64
    """Units of an LSTM layer."""
    layers: Annotated[int, Ge(1)] = 2
    """LSTM layers, one above the other."""
    features: Annotated[int, Ge(1)] = 32
    """Units between the LSTM and the heads."""
    dropout: Annotated[float, Ge(0), Lt(1)] = 0.5
    """Share of the states and features that training leaves out."""
    neuron_dropout: Annotated[float, Ge(0), Lt(1)] = 0.0
    """Share of the neurons that training hides, each for a whole window."""
    many_to_many: bool = False
    """Whether every frame of the window is trained, or only what is asked for, as published."""
    class_weights: bool = False
    """Whether the losses weigh rare classes more, each head by the shares of its own classes."""
    training: Training = Training(epochs=30, batch_size=64, learning_rate=1e-3)
    """Optimiser and budget."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        return [f"training: {problem}" for problem in self.training.problems()]

    def work(self, data: DataShape) -> float:
        """Multiply-adds of the answer to one example."""
        first, others = data.channels + self.hidden, (self.layers - 1) * 2 * self.hidden
        return data.length * self.hidden * (4 * (first + others) + self.features) + 2 * self.features * data.answers

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[NetworkFit, list[dict[str, float]]]:
        """Trained by the engine, one row per validation; raises what the engine raises."""
        from headroom.models._frame_statistics import class_shares
        from headroom.networks.fitted import fit_to

        build = partial(self._module, len(train.inputs.channels), int(train.offsets[0]), class_shares(train))
        return fit_to("lstm_decoder", build, train, valid, target, self, workspace, "within")

    def restore(self, state: Mapping[str, np.ndarray]) -> NetworkFit:
        """The fit that was saved."""
        from headroom.networks.fitted import restored

        classes = len(state["scale.track_mean"])
        module = self._module(len(state["scale.mean"]), int(state["offsets"][0]), np.full(classes, 1 / classes))
        return restored("lstm_decoder", module, state, self.training.threads)

    def _module(self, channels: int, offset: int, shares: np.ndarray) -> StepDecoder:
        import torch

        from headroom.networks.stacked_lstm import StackedLstm
        from headroom.networks.step_decoder import Answering, StepDecoder
        from headroom.networks.tasks import Losses, Tasks, rarities

        rarity, sides = rarities(torch.from_numpy(shares).float())
        if not self.class_weights:
            rarity, sides = torch.ones_like(rarity), torch.ones_like(sides)
        body = StackedLstm(channels, self.hidden, self.layers, self.features, self.dropout)
        tasks = Tasks(self.features, rarity, sides, Losses(focus=0.0, together=True, activity=False, uncertain=False))
        return StepDecoder(body, tasks, torch.zeros(channels), Answering(offset, "last", self.many_to_many, 0.0, self.neuron_dropout))
