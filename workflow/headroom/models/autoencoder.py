"""An autoencoder with a narrow code (Hinton & Salakhutdinov 2006); the defaults are the published reconstructor of hidden states.

As published, the loss counts observed outputs alone: those of hidden states are never trained, and what they say is that of a random
read-out. `loss: all` trains them too.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, MinLen

from headroom.core.centred import reach_of
from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Kind, Target
from headroom.core.protocols import Role, Workspace
from headroom.core.settings import settings
from headroom.networks.training import Training

if TYPE_CHECKING:
    from headroom.core.shape import DataShape
    from headroom.networks.fitted import NetworkFit
    from headroom.networks.perceptron import Perceptron


@settings
class Autoencoder:
    """Encoder with ReLU, a linear code, decoder with ReLU, all states as outputs."""

    role: ClassVar[Role] = "model"
    seeded: ClassVar[bool] = True
    answers: ClassVar[tuple[Kind, ...]] = ("same_time",)
    encoder: Annotated[tuple[Annotated[int, Ge(1)], ...], MinLen(1)] = (128, 64)
    """Units of the encoder's layers; the decoder has them in reverse."""
    code: Annotated[int, Ge(1)] = 3
    """Units of the code in the middle."""
    loss: Literal["observed", "all"] = "observed"
    """Which outputs are trained: those whose state is an input channel of the same name, or all states."""
    context: Annotated[int, Ge(0)] | None = 0
    """Samples either side that are read; null: all that the task shows."""
    training: Training = Training(epochs=50, batch_size=256)
    """Optimiser and budget; 50 epochs of Adam are published, the batch size is not."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        return [f"training: {problem}" for problem in self.training.problems()]

    def work(self, data: DataShape) -> float:
        """Multiply-adds of the answer to one example."""
        steps = data.length if self.context is None else 2 * self.context + 1
        sizes = self._sizes(steps * data.channels, data.answers)
        return float(sum(before * after for before, after in pairwise(sizes)))

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[NetworkFit, list[dict[str, float]]]:
        """Trained by the engine, one row per validation; raises HeadroomError where nothing that is seen is an output."""
        from headroom.networks.fitted import fit_to

        reach, channels = reach_of("autoencoder", train, self.context), train.inputs.channels
        sizes = (train.offsets[0], reach), (2 * reach + 1) * len(channels), len(target.names)
        judged = [place for place, name in enumerate(target.names) if name in channels] if self.loss == "observed" else None
        if judged == []:
            found = f"sees {', '.join(channels)}, none of the states {', '.join(target.names)}"
            raise HeadroomError(f"autoencoder: {found}, so there is no observed output to train; set loss: all")
        return fit_to("autoencoder", lambda: self._module(*sizes, judged), train, valid, target, self, workspace, "last")

    def restore(self, state: Mapping[str, np.ndarray]) -> NetworkFit:
        """The fit that was saved."""
        from headroom.networks.fitted import restored

        inputs = state["weights.layers.0.weight"].shape[1]
        reach = (inputs // len(state["scale.mean"]) - 1) // 2
        module = self._module((int(state["offsets"][0]), reach), inputs, len(state["scale.track_mean"]), None)
        return restored("autoencoder", module, state, self.training.threads)

    def _sizes(self, inputs: int, targets: int) -> tuple[int, ...]:
        return (inputs, *self.encoder, self.code, *reversed(self.encoder), targets)

    def _module(self, place: tuple[int, int], inputs: int, targets: int, judged: list[int] | None) -> Perceptron:
        from torch import nn

        from headroom.networks.perceptron import Perceptron

        return Perceptron(place, self._sizes(inputs, targets), nn.ReLU, code=len(self.encoder) + 1, judged=judged)
