"""The network of neuron_network with messages between channels, through a learnt matrix or through the true synaptic graph."""

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
    from headroom.networks.neurons import Knots, Neurons


@settings
class GraphForecaster:
    """What other neurons add to a neuron's own past; the learnt matrix (target, source) is compared with the true graph."""

    role: ClassVar[Role] = "model"
    seeded: ClassVar[bool] = True
    answers: ClassVar[tuple[Kind, ...]] = ("ahead",)
    graph: Literal["learnt", "true"] = "learnt"
    """Whether connections are learnt, or given with the recording: then the model knows what no observation shows."""
    lags: Annotated[int, Ge(1)] = 8
    """Newest samples of its own that a channel reads."""
    hidden: Annotated[int, Ge(1)] = 32
    """Units of the two hidden layers."""
    knots: Annotated[int, Ge(2)] = 24
    """Levels, evenly over the training data's range, whose nearness to the newest sample is read too."""
    message_lags: Annotated[int, Ge(1)] = 4
    """Newest samples that a message is made of."""
    message_hidden: Annotated[int, Ge(1)] = 32
    """Units of the layer that makes messages."""
    message_size: Annotated[int, Ge(1)] = 4
    """Numbers in a message."""
    training: Training = Training(steps=5000, batch_size=1, learning_rate=2e-2, schedule="one_cycle", validate_every=500)
    """Optimiser and budget."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The graph, where it is given."""
        return ("graph",) if self.graph == "true" else ()

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        wrong = [f"message_lags is {self.message_lags}, above lags = {self.lags}"] if self.message_lags > self.lags else []
        return wrong + [f"training: {problem}" for problem in self.training.problems()]

    def work(self, data: DataShape) -> float:
        """Multiply-adds of the answer to one example."""
        own = self.hidden * (self.lags + self.knots + self.hidden + self.message_size + data.offsets)
        said = self.message_hidden * (self.message_lags + self.message_size)
        return data.length * data.channels * (own + said + self.message_size * data.channels)

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[NetworkFit, list[dict[str, float]]]:
        """Trained by the engine, one row per validation; raises HeadroomError where targets are not the inputs themselves."""
        from headroom.networks.fitted import fit_to
        from headroom.networks.neurons import knots_of

        require_same_channels("graph_forecaster", train)
        graph = _scaled(train.given["graph"]) if self.graph == "true" else None
        sizes = min(self.lags, train.length), len(train.offsets), len(train.inputs.channels)
        knots = knots_of(train, self.knots)
        return fit_to("graph_forecaster", lambda: self._module(*sizes, knots, graph), train, valid, target, self, workspace, "dense")

    def restore(self, state: Mapping[str, np.ndarray]) -> NetworkFit:
        """The fit that was saved."""
        from headroom.networks.fitted import restored
        from headroom.networks.neurons import Knots

        weights, knots = state["weights.messages.weights"], Knots(state["weights.knots.places"])
        sizes = state["weights.own.weight"].shape[1] - len(knots.places), len(state["offsets"]), weights.shape[1]
        module = self._module(*sizes, knots, weights if self.graph == "true" else None)
        return restored("graph_forecaster", module, state, self.training.threads)

    def _module(self, lags: int, offsets: int, channels: int, knots: Knots, graph: np.ndarray | None) -> Neurons:
        from headroom.networks.neurons import Messages, Neurons

        messages = Messages(channels, min(self.message_lags, lags), self.message_hidden, self.message_size, graph)
        return Neurons(lags, self.hidden, offsets, knots, messages)


def _scaled(graph: np.ndarray) -> np.ndarray:
    """Weights (1 or trial, target, source) with the largest as 1."""
    several = graph if graph.ndim == 3 else graph[None]
    return np.asarray(several / np.abs(several).max(), np.float32)
