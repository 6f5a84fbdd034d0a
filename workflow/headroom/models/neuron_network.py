"""One small network for all channels, each seen on its own: what a neuron's own past says of its future."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from annotated_types import Ge

from headroom.core.examples import Examples, Kind, Target
from headroom.core.protocols import Role, Workspace
from headroom.core.scaling import require_same_channels
from headroom.core.settings import settings
from headroom.networks.training import Training

if TYPE_CHECKING:
    from headroom.core.shape import DataShape
    from headroom.networks.fitted import NetworkFit


@settings
class NeuronNetwork:
    """A perceptron on a channel's own lags, with the same weights for every channel, trained after every step of the window."""

    role: ClassVar[Role] = "model"
    seeded: ClassVar[bool] = True
    answers: ClassVar[tuple[Kind, ...]] = ("ahead",)
    lags: Annotated[int, Ge(1)] = 8
    """Newest samples that are read."""
    hidden: Annotated[int, Ge(1)] = 32
    """Units of its two hidden layers."""
    knots: Annotated[int, Ge(2)] = 24
    """Levels, evenly over the training data's range, whose nearness to the newest sample is read too."""
    training: Training = Training(steps=2000, batch_size=1, learning_rate=2e-2, schedule="one_cycle", validate_every=500)
    """Optimiser and budget. A window of many channels holds thousands of answers: small batches are enough."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        return [f"training: {problem}" for problem in self.training.problems()]

    def work(self, data: DataShape) -> float:
        """Multiply-adds of the answer to one example."""
        return data.length * data.channels * self.hidden * (self.lags + self.knots + self.hidden + data.offsets)

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[NetworkFit, list[dict[str, float]]]:
        """Trained by the engine, one row per validation; raises HeadroomError where targets are not the inputs themselves."""
        from headroom.networks.fitted import fit_to
        from headroom.networks.neurons import Neurons, knots_of

        require_same_channels("neuron_network", train)
        lags, offsets, knots = min(self.lags, train.length), len(train.offsets), knots_of(train, self.knots)
        return fit_to("neuron_network", lambda: Neurons(lags, self.hidden, offsets, knots), train, valid, target, self, workspace, "dense")

    def restore(self, state: Mapping[str, np.ndarray]) -> NetworkFit:
        """The fit that was saved."""
        from headroom.networks.fitted import restored
        from headroom.networks.neurons import Knots, Neurons

        knots = Knots(state["weights.knots.places"])
        lags = state["weights.own.weight"].shape[1] - len(knots.places)
        return restored("neuron_network", Neurons(lags, self.hidden, len(state["offsets"]), knots), state, self.training.threads)
