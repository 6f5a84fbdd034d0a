"""A bidirectional LSTM over whole trials (Schuster & Paliwal 1997): every state from all that was observed before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from annotated_types import Ge

from headroom.core.centred import reach_of
from headroom.core.examples import Examples, Kind, Target
from headroom.core.protocols import Role, Workspace
from headroom.core.settings import settings
from headroom.networks.training import Training

if TYPE_CHECKING:
    from headroom.core.shape import DataShape
    from headroom.networks.bidirectional import Bidirectional as Module
    from headroom.networks.segments import SegmentFit


@settings
class Bidirectional:
    """A convolution over frames of samples, LSTM layers both ways over the frames, and a linear head for every sample of a frame.

    It is trained at each sample of segments that overlap by half, and is not bound to the task's window.

    Asked about a moment, it reads observations of the whole trial about it, whichever part of the split they are in; it is trained
    on the stretches of the training examples alone.
    """

    role: ClassVar[Role] = "model"
    seeded: ClassVar[bool] = True
    answers: ClassVar[tuple[Kind, ...]] = ("same_time",)
    hidden: Annotated[int, Ge(1)] = 64
    """Features of a frame, and units of each layer and direction."""
    layers: Annotated[int, Ge(1)] = 1
    """Layers, one above the other."""
    frame: Annotated[int, Ge(1)] = 5
    """Samples that are read in one step, and answered for together."""
    segment: Annotated[int, Ge(1)] = 500
    """Samples in a segment, or as many as the training examples span."""
    training: Training = Training(steps=600, batch_size=32, learning_rate=5e-3, schedule="one_cycle", clip=1.0, validate_every=150)
    """Optimiser and budget; an example is a segment."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        short = [f"segment is {self.segment}, shorter than frame = {self.frame}"] if self.segment < self.frame else []
        return [*short, *(f"training: {problem}" for problem in self.training.problems())]

    def work(self, data: DataShape) -> float:
        """Multiply-adds of the answer at one sample."""
        enter = 9 * self.hidden * data.channels
        recurrent = 8 * self.hidden * (2 * self.hidden + (self.layers - 1) * 3 * self.hidden) / self.frame
        return enter + recurrent + 3 * self.hidden * data.answers

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[SegmentFit, list[dict[str, float]]]:
        """Trained by the engine, one row per validation; raises HeadroomError where the examples of a trial leave gaps."""
        from headroom.networks.segments import fit_segments

        reach_of("bidirectional", train, 0)
        sizes, parts = (len(train.inputs.channels), len(target.names)), (train, valid)
        return fit_segments("bidirectional", lambda: self._module(*sizes), parts, target, self, workspace, self.segment, self.frame)

    def restore(self, state: Mapping[str, np.ndarray]) -> SegmentFit:
        """The fit that was saved."""
        from headroom.networks.segments import restored_segments

        module = self._module(len(state["scale.mean"]), len(state["scale.track_mean"]))
        return restored_segments("bidirectional", module, state, self.training.threads)

    def _module(self, channels: int, targets: int) -> Module:
        from headroom.networks.bidirectional import Bidirectional as Module

        return Module(channels, self.hidden, self.layers, self.frame, targets)
