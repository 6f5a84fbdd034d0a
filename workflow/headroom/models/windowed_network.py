"""A perceptron on the samples about a moment: what a network says of all states without knowing the equations."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from annotated_types import Ge, MinLen

from headroom.core.centred import reach_of
from headroom.core.examples import Examples, Kind, Target
from headroom.core.protocols import Role, Workspace
from headroom.core.settings import settings
from headroom.networks.training import Training

if TYPE_CHECKING:
    from headroom.core.shape import DataShape
    from headroom.networks.fitted import NetworkFit
    from headroom.networks.perceptron import Perceptron


@settings
class WindowedNetwork:
    """Hidden layers with SiLU, trained on the squared error of all states."""

    role: ClassVar[Role] = "model"
    seeded: ClassVar[bool] = True
    answers: ClassVar[tuple[Kind, ...]] = ("same_time",)
    context: Annotated[int, Ge(0)] | None = None
    """Samples either side that are read; by default all that the task shows."""
    layers: Annotated[tuple[Annotated[int, Ge(1)], ...], MinLen(1)] = (128, 128)
    """Units of the hidden layers."""
    training: Training = Training(steps=4000, batch_size=256, learning_rate=3e-3, schedule="one_cycle", validate_every=1000)
    """Optimiser and budget."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        return [f"training: {problem}" for problem in self.training.problems()]

    def work(self, data: DataShape) -> float:
        """Multiply-adds of the answer to one example."""
        steps = data.length if self.context is None else 2 * self.context + 1
        sizes = (steps * data.channels, *self.layers, data.answers)
        return float(sum(before * after for before, after in pairwise(sizes)))

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[NetworkFit, list[dict[str, float]]]:
        """Trained by the engine, one row per validation; raises HeadroomError where the task shows less than the context."""
        from headroom.networks.fitted import fit_to

        reach, channels = reach_of("windowed_network", train, self.context), len(train.inputs.channels)
        sizes = (train.offsets[0], reach), (2 * reach + 1) * channels, len(target.names)
        return fit_to("windowed_network", lambda: self._module(*sizes), train, valid, target, self, workspace, "last")

    def restore(self, state: Mapping[str, np.ndarray]) -> NetworkFit:
        """The fit that was saved."""
        from headroom.networks.fitted import restored

        inputs = state["weights.layers.0.weight"].shape[1]
        reach = (inputs // len(state["scale.mean"]) - 1) // 2
        module = self._module((int(state["offsets"][0]), reach), inputs, len(state["scale.track_mean"]))
        return restored("windowed_network", module, state, self.training.threads)

    def _module(self, place: tuple[int, int], inputs: int, targets: int) -> Perceptron:
        from torch import nn

        from headroom.networks.perceptron import Perceptron

        return Perceptron(place, (inputs, *self.layers, targets), nn.SiLU)
