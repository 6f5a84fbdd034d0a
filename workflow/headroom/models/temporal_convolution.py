"""A temporal convolutional network (Bai et al. 2018): causal dilated convolutions over time, all channels at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

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
    from headroom.networks.temporal_convolution import TemporalConvolution as Module


@settings
class TemporalConvolution:
    """Blocks of two convolutions whose dilation doubles from block to block: 4 blocks of width 3 see 61 samples."""

    role: ClassVar[Role] = "model"
    seeded: ClassVar[bool] = True
    answers: ClassVar[tuple[Kind, ...]] = ("ahead",)
    hidden: Annotated[int, Ge(1)] = 64
    """Feature maps."""
    blocks: Annotated[int, Ge(1)] = 4
    """Blocks of two convolutions."""
    kernel: Annotated[int, Ge(2)] = 3
    """Width of a convolution [samples of its dilation]."""
    residual: bool = False
    """Whether the head's output is added to the window's last sample, so that it starts from persistence."""
    loss: Literal["last", "dense"] = "dense"
    """Loss of the prediction after the window's last sample, or after each of its samples (many-to-many)."""
    training: Training = Training()
    """Optimiser and budget."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        return [f"training: {problem}" for problem in self.training.problems()]

    def work(self, data: DataShape) -> float:
        """Multiply-adds of the answer to one example."""
        blocks = 2 * self.blocks * self.kernel * self.hidden
        return data.length * self.hidden * (data.channels + blocks + data.answers)

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[NetworkFit, list[dict[str, float]]]:
        """Trained by the engine, one row per validation; raises what the engine raises."""
        from headroom.networks.fitted import fit_to

        if self.residual:
            require_same_channels("temporal_convolution with a residual head", train)
        sizes = len(train.inputs.channels), len(train.offsets), len(train.track.channels)
        return fit_to("temporal_convolution", lambda: self._module(*sizes), train, valid, target, self, workspace, self.loss)

    def restore(self, state: Mapping[str, np.ndarray]) -> NetworkFit:
        """The fit that was saved."""
        from headroom.networks.fitted import restored

        module = self._module(len(state["scale.mean"]), len(state["offsets"]), len(state["scale.track_mean"]))
        return restored("temporal_convolution", module, state, self.training.threads)

    def _module(self, channels: int, offsets: int, targets: int) -> Module:
        from headroom.networks.temporal_convolution import TemporalConvolution as Module

        return Module(channels, self.hidden, self.blocks, self.kernel, offsets, targets, self.residual)
