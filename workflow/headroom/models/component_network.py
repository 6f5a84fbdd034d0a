"""Hidden layers on the principal components of a whole recording, that name the parameters behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Lt, MinLen

from headroom.core.examples import Examples, Kind, Target
from headroom.core.prediction import Prediction
from headroom.core.protocols import Fitted, Role, Workspace
from headroom.core.settings import settings
from headroom.models._evoked_components import Components, components
from headroom.models._network_parts import one_answer
from headroom.networks.training import Training

if TYPE_CHECKING:
    from headroom.core.shape import DataShape
    from headroom.networks.evoked import FromComponents


@settings
class ComponentNetwork:
    """Components of the signal against its noise, their direction and their length, and SiLU layers on them.

    Fresh noise in each epoch takes simulated data.
    """

    role: ClassVar[Role] = "model"
    seeded: ClassVar[bool] = True
    answers: ClassVar[tuple[Kind, ...]] = ("window",)
    components: Annotated[int, Ge(1)] = 24
    """Principal components that are read."""
    layers: Annotated[tuple[Annotated[int, Ge(1)], ...], MinLen(1)] = (256, 256, 256)
    """Units of the hidden layers."""
    dropout: Annotated[float, Ge(0), Lt(1)] = 0.3
    """Share of the hidden units that training leaves out."""
    fresh_noise: bool = False
    """Whether noise is drawn anew in each epoch, by seed and epoch: training is then handed the noise-free signal."""
    training: Training = Training(
        optimiser="adamw", steps=3000, batch_size=64, learning_rate=2e-3, weight_decay=0.1, schedule="one_cycle", validate_every=250
    )
    """Optimiser and budget."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        return [f"training: {problem}" for problem in self.training.problems()]

    def work(self, data: DataShape) -> float:
        """Multiply-adds of the answer to one example."""
        sizes = (2 * self.components + 1, *self.layers, data.answers)
        return float(sum(before * after for before, after in pairwise(sizes)))

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[ComponentFit, list[dict[str, float]]]:
        """Trained by the engine, one row per validation; raises HeadroomError where fresh noise is asked of a recording."""
        from headroom.networks.fitted import fit_to

        one_answer("component_network", train)
        found = components(train, self.components)
        seen, held = found.of(train), found.of(valid)
        name = "component_network"
        module = partial(self._module, found, len(target.names), seen.inputs.values[np.unique(seen.trial), 0])
        fit, history = fit_to(name, module, seen, held, target, self, workspace, "last", fresh_noise=self.fresh_noise)
        return ComponentFit(found, fit), history

    def restore(self, state: Mapping[str, np.ndarray]) -> ComponentFit:
        """The fit that was saved."""
        from headroom.networks.fitted import restored

        found = Components.restored(state)
        module = self._module(found, len(state["scale.track_mean"]))
        return ComponentFit(found, restored("component_network", module, state, self.training.threads))

    def _module(self, found: Components, targets: int, seen: np.ndarray | None = None) -> FromComponents:
        from torch import from_numpy

        from headroom.networks.evoked import FromComponents

        module = FromComponents(found.directions.shape[1], (*self.layers, targets), self.dropout)
        if seen is not None:
            module.enter.standardise(from_numpy(seen.astype(np.float32)))
        return module


@dataclass(frozen=True)
class ComponentFit:
    """A fit of components, and the components."""

    components: Components
    fit: Fitted

    def predict(self, examples: Examples) -> Prediction:
        """(example, 1, target) in physical units."""
        return self.fit.predict(self.components.of(examples))

    def state(self) -> dict[str, np.ndarray]:
        """Both parts."""
        return {**self.fit.state(), **self.components.state()}
