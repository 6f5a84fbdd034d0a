"""Convolutions over the time of an evoked potential that name the parameters behind it (LeCun et al. 1989)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Lt

from headroom.core.examples import Examples, Kind, Target
from headroom.core.protocols import Role, Workspace
from headroom.core.scaling import scale_of
from headroom.core.settings import settings
from headroom.models._network_parts import one_answer
from headroom.networks.training import Training

if TYPE_CHECKING:
    from headroom.core.shape import DataShape
    from headroom.networks.evoked import Convolved
    from headroom.networks.fitted import NetworkFit

STRIDE = 80
"""Samples to a moment of the last layer."""


@settings
class EvokedConvolution:
    """Five strided convolutions and a hidden layer. It may be trained with fresh noise in each epoch, which takes simulated data."""

    role: ClassVar[Role] = "model"
    seeded: ClassVar[bool] = True
    answers: ClassVar[tuple[Kind, ...]] = ("window",)
    hidden: Annotated[int, Ge(1)] = 32
    """Channels of the first two convolutions; the others have twice as many."""
    dense: Annotated[int, Ge(1)] = 128
    """Units of the hidden layer."""
    dropout: Annotated[float, Ge(0), Lt(1)] = 0.3
    """Share of the hidden units that training leaves out."""
    fresh_noise: bool = False
    """Whether noise is drawn anew in each epoch, by seed and epoch: training is then handed the noise-free signal."""
    training: Training = Training(
        optimiser="adamw", steps=900, batch_size=64, learning_rate=4e-3, weight_decay=0.1, schedule="one_cycle", validate_every=150
    )
    """Optimiser and budget."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        return [f"training: {problem}" for problem in self.training.problems()]

    def work(self, data: DataShape) -> float:
        """Multiply-adds of the answer to one example."""
        h, last = self.hidden, 2 * self.hidden * (data.length // STRIDE + 1)
        convolved = data.length * (15 * data.channels * h / 5 + 5 * h * h / 10 + 10 * h * h / 20 + 20 * h * h / 40 + 20 * h * h / 80)
        return convolved + last * self.dense + self.dense * data.answers

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[NetworkFit, list[dict[str, float]]]:
        """Trained by the engine, one row per validation; raises HeadroomError where fresh noise is asked of a recording."""
        from headroom.networks.fitted import fit_to

        one_answer("evoked_convolution", train)
        sizes = gain(train), train.length, len(target.names)
        name = "evoked_convolution"
        return fit_to(name, lambda: self._module(*sizes), train, valid, target, self, workspace, "last", fresh_noise=self.fresh_noise)

    def restore(self, state: Mapping[str, np.ndarray]) -> NetworkFit:
        """The fit that was saved."""
        from headroom.networks.fitted import restored

        moments = state["weights.head.0.weight"].shape[1] // (2 * self.hidden)
        module = self._module(state["weights.gain"], STRIDE * moments, len(state["scale.track_mean"]))
        return restored("evoked_convolution", module, state, self.training.threads)

    def _module(self, gain: np.ndarray, length: int, targets: int) -> Convolved:
        from torch import from_numpy

        from headroom.networks.evoked import Convolved

        return Convolved(from_numpy(np.asarray(gain, np.float32)), length, self.hidden, self.dense, targets, self.dropout)


def gain(examples: Examples) -> np.ndarray:
    """SDs of the noise to an SD of each channel (channel,); 1 where the noise is unknown."""
    scale, sd = scale_of(examples), examples.inputs.noise_sd
    return scale.sd / sd if sd is not None and sd.all() else np.ones_like(scale.sd)
