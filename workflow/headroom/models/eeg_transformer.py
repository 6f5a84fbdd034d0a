"""Attention over time on a whole recording (Vaswani et al. 2017), one block as in the published estimator of column parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Lt

from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Kind, Target
from headroom.core.protocols import Role, Workspace
from headroom.core.settings import settings
from headroom.models._network_parts import one_answer
from headroom.networks.training import Training

if TYPE_CHECKING:
    from headroom.core.shape import DataShape
    from headroom.networks.fitted import NetworkFit
    from headroom.networks.whole_windows import AttentionOverTime

Count = Annotated[int, Ge(1)]


@settings
class EegTransformer:
    """All channels of a few samples are a token; what is read out is the mean over time."""

    role: ClassVar[Role] = "model"
    seeded: ClassVar[bool] = True
    answers: ClassVar[tuple[Kind, ...]] = ("window",)
    patch: Count = 1
    """Samples in a token."""
    width: Count = 128
    """Features of a token."""
    heads: Count = 4
    """Attention heads, which share the width."""
    hidden: Count = 512
    """Units of the hidden layer behind the attention."""
    dropout: Annotated[float, Ge(0), Lt(1)] = 0.1
    """Share of the attention that training leaves out."""
    training: Training = Training(epochs=150, patience=50)
    """Optimiser and budget."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        found = [f"training: {problem}" for problem in self.training.problems()]
        return found + ([f"width is {self.width}, which {self.heads} heads cannot share"] if self.width % self.heads else [])

    def work(self, data: DataShape) -> float:
        """Multiply-adds of the answer to one example."""
        tokens = data.length // self.patch
        each = self.patch * data.channels * self.width + 4 * self.width**2 + 2 * tokens * self.width + 2 * self.width * self.hidden
        return tokens * each + self.width * data.answers

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[NetworkFit, list[dict[str, float]]]:
        """Trained by the engine, one row per validation; raises HeadroomError where windows are shorter than a token."""
        from headroom.networks.fitted import fit_to

        one_answer("eeg_transformer", train)
        if train.length < self.patch:
            raise HeadroomError(f"eeg_transformer: found windows of {train.length} samples; expected at least patch = {self.patch}")
        sizes = len(train.inputs.channels), train.length, len(target.names)
        fit, history = fit_to("eeg_transformer", lambda: self._module(*sizes), train, valid, target, self, workspace, "last")
        return fit, history

    def restore(self, state: Mapping[str, np.ndarray]) -> NetworkFit:
        """The fit that was saved."""
        from headroom.networks.fitted import restored

        length = self.patch * len(state["weights.place"])
        module = self._module(len(state["scale.mean"]), length, len(state["scale.track_mean"]))
        return restored("eeg_transformer", module, state, self.training.threads)

    def _module(self, channels: int, length: int, targets: int) -> AttentionOverTime:
        from headroom.networks.whole_windows import AttentionOverTime

        return AttentionOverTime(channels, length, self.patch, self.width, self.heads, self.hidden, targets, self.dropout)
