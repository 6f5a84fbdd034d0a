"""A bidirectional LSTM that names the parameters behind a recording: the published estimator, with its published settings.

As published by Tilwani and others (github.com/lina-usc/Jansen-Rit-Model-Benchmarking-Deep-Learning, deeplearning_all_noise.ipynb), but for
what is unsound there: channels and targets are standardised on training recordings, and validation recordings stop the training.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Lt

from headroom.core.examples import Examples, Kind, Target
from headroom.core.protocols import Role, Workspace
from headroom.core.settings import settings
from headroom.models._network_parts import one_answer
from headroom.networks.training import Training

if TYPE_CHECKING:
    from headroom.core.shape import DataShape
    from headroom.networks.fitted import NetworkFit
    from headroom.networks.whole_windows import BothWays


@settings
class Bilstm:
    """One layer that reads the window from both ends; a linear read-out answers all targets."""

    role: ClassVar[Role] = "model"
    seeded: ClassVar[bool] = True
    answers: ClassVar[tuple[Kind, ...]] = ("window",)
    hidden: Annotated[int, Ge(1)] = 64
    """Units in each direction."""
    dropout: Annotated[float, Ge(0), Lt(1)] = 0.1
    """Share of the channels that training leaves out, the same ones at every moment of a recording."""
    both_ways: bool = True
    """Whether a second layer of as many units reads from the end."""
    loss: Literal["mean_square", "decibels"] = "mean_square"
    """Squared error in SDs of the targets, or its logarithm in each batch: the negative signal-to-noise ratio."""
    training: Training = Training(epochs=150, patience=50)
    """Optimiser and budget."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        return [f"training: {problem}" for problem in self.training.problems()]

    def work(self, data: DataShape) -> float:
        """Multiply-adds of the answer to one example."""
        return self._directions * self.hidden * (data.length * 4 * (data.channels + self.hidden) + data.answers)

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[NetworkFit, list[dict[str, float]]]:
        """Trained by the engine, one row per validation; raises HeadroomError where windows have several answers."""
        from headroom.networks.fitted import fit_to

        one_answer("bilstm", train)
        sizes = len(train.inputs.channels), len(target.names)
        return fit_to("bilstm", lambda: self._module(*sizes), train, valid, target, self, workspace, "last")

    def restore(self, state: Mapping[str, np.ndarray]) -> NetworkFit:
        """The fit that was saved."""
        from headroom.networks.fitted import restored

        return restored("bilstm", self._module(len(state["scale.mean"]), len(state["scale.track_mean"])), state, self.training.threads)

    def _module(self, channels: int, targets: int) -> BothWays:
        from headroom.networks.whole_windows import BothWays

        return BothWays(channels, self.hidden, targets, self.dropout, self.loss == "decibels", self._directions)

    @property
    def _directions(self) -> int:
        return 2 if self.both_ways else 1
