"""Long short-term memory (Hochreiter & Schmidhuber 1997) with a Linear head; the defaults are the published forecaster's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, get_args

import numpy as np
from annotated_types import Ge, Lt

from headroom.core.examples import Examples, Kind, Target
from headroom.core.protocols import Role, Workspace
from headroom.core.scaling import require_same_channels
from headroom.core.settings import settings
from headroom.networks.training import Training

if TYPE_CHECKING:
    from headroom.core.shape import DataShape
    from headroom.networks.fitted import NetworkFit
    from headroom.networks.recurrent import Recurrent


@settings
class Lstm:
    """An LSTM that reads the window and answers every offset and target at once, a category by probabilities of its classes."""

    role: ClassVar[Role] = "model"
    seeded: ClassVar[bool] = True
    hidden: Annotated[int, Ge(1)] = 64
    """Units of each layer."""
    layers: Annotated[int, Ge(1)] = 1
    """Layers, one above the other."""
    residual: bool = False
    """Whether the head's output is added to the window's last sample, so that it starts from persistence."""
    layer_norm: bool = False
    """Whether the last layer's states are normalised before the head (Ba et al. 2016)."""
    dropout: Annotated[float, Ge(0), Lt(1)] = 0.0
    """Share of the states that training leaves out between the layers and before the head."""
    loss: Literal["last", "dense"] = "last"
    """Loss of the prediction after the window's last sample, or after each of its samples (many-to-many)."""
    training: Training = Training()
    """Optimiser and budget."""

    @property
    def answers(self) -> tuple[Kind, ...]:
        """A residual head adds to the last sample, which only a forecast can start from; causal answers know no middle and no whole."""
        if self.residual:
            return ("ahead",)
        return get_args(Kind) if self.loss == "last" else tuple(kind for kind in get_args(Kind) if kind not in ("same_time", "window"))

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        return [f"training: {problem}" for problem in self.training.problems()]

    def work(self, data: DataShape) -> float:
        """Multiply-adds of the answer to one example."""
        first, others = data.channels + self.hidden, (self.layers - 1) * 2 * self.hidden
        return data.length * 4 * self.hidden * (first + others) + self.hidden * data.answers

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[NetworkFit, list[dict[str, float]]]:
        """Trained by the engine, one row per validation; raises what the engine raises."""
        from headroom.networks.fitted import fit_to

        if self.residual:
            require_same_channels("lstm with a residual head", train)
        sizes = len(train.inputs.channels), len(train.offsets), len(train.track.channels)
        return fit_to("lstm", lambda: self._module(*sizes), train, valid, target, self, workspace, self.loss)

    def restore(self, state: Mapping[str, np.ndarray]) -> NetworkFit:
        """The fit that was saved."""
        from headroom.networks.fitted import restored

        module = self._module(len(state["scale.mean"]), len(state["offsets"]), len(state["scale.track_mean"]))
        return restored("lstm", module, state, self.training.threads)

    def _module(self, channels: int, offsets: int, targets: int) -> Recurrent:
        from headroom.networks.recurrent import Recurrent

        return Recurrent(channels, self.hidden, self.layers, offsets, targets, self.residual, self.layer_norm, self.dropout)
