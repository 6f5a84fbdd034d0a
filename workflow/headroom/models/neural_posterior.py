"""Neural posterior estimation: all parameters that may lie behind a recording, and how likely each is (Papamakarios and Murray 2016)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
from annotated_types import Ge

from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Kind, Scale, Target
from headroom.core.prediction import Prediction
from headroom.core.protocols import Role, Workspace
from headroom.core.randomness import stream
from headroom.core.scaling import scale_of
from headroom.core.settings import settings
from headroom.models._evoked_components import Components, components
from headroom.models._network_parts import one_answer
from headroom.networks.training import Training

if TYPE_CHECKING:
    from headroom.core.shape import DataShape
    from headroom.networks.fitted import NetworkFit
    from headroom.networks.posterior import Posterior

Count = Annotated[int, Ge(1)]
AT_ONCE = 20_000
"""Draws that are made at once."""


@settings
class NeuralPosterior:
    """A density of the parameters, inside the box of their prior, given the principal components of a recording; by the package sbi."""

    role: ClassVar[Role] = "model"
    seeded: ClassVar[bool] = True
    answers: ClassVar[tuple[Kind, ...]] = ("window",)
    needs: ClassVar[tuple[str, ...]] = ("prior",)
    flow: Literal["spline", "matching"] = "spline"
    """A neural spline flow (Durkan et al. 2019), or flow matching (Lipman et al. 2023)."""
    components: Count = 24
    """Principal components that are read."""
    hidden: Count = 64
    """Units of the flow's layers; half of those of the layers before it."""
    embedded: Count = 24
    """Numbers that the layers before the flow hand on."""
    transforms: Count = 5
    """Transforms of a spline flow, or layers of the field that is matched."""
    draws: Annotated[int, Ge(2)] = 100
    """Draws whose mean is the prediction."""
    fresh_noise: bool = False
    """Whether noise is drawn anew in each epoch, by seed and epoch: training is then handed the noise-free signal."""
    training: Training = Training(
        optimiser="adamw",
        steps=3000,
        batch_size=256,
        learning_rate=2e-3,
        weight_decay=0.1,
        schedule="one_cycle",
        validate_every=250,
        clip=5.0,
    )
    """Optimiser and budget."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        return [f"training: {problem}" for problem in self.training.problems()]

    def work(self, data: DataShape) -> float:
        """Multiply-adds of the density of one example."""
        before = 2 * self.hidden * (2 * self.components + 1 + 2 * self.hidden + self.embedded)
        return before + self.transforms * 8 * self.hidden * (self.hidden + self.embedded)

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[PosteriorFit, list[dict[str, float]]]:
        """Trained by the engine, one row per validation; raises HeadroomError where targets are not the parameters of the prior."""
        from headroom.networks.fitted import fit_to

        one_answer("neural_posterior", train)
        bounds = train.given.get("prior", np.empty((0, 2)))
        if len(bounds) != len(target.names):
            found = f"{len(target.names)} targets and a prior of {len(bounds)} parameters"
            raise HeadroomError(
                f"neural_posterior: found {found}; expected the parameters of the prior, each as it is: leave `targets` empty"
            )
        found_components, scale = components(train, self.components), scale_of(train)
        parts = found_components.of(train), found_components.of(valid)
        module = partial(self._module, bounds, scale, found_components, parts[0].inputs.values[np.unique(train.trial), 0])
        fit, history = fit_to("neural_posterior", module, *parts, target, self, workspace, "last", fresh_noise=self.fresh_noise)
        return PosteriorFit(found_components, fit, self.draws), history

    def restore(self, state: Mapping[str, np.ndarray]) -> PosteriorFit:
        """The fit that was saved."""
        from headroom.core.scaling import unpack
        from headroom.networks.fitted import restored

        found = Components.restored(state)
        module = self._module(state["weights.bounds"], unpack(state), found)
        return PosteriorFit(found, restored("neural_posterior", module, state, self.training.threads), self.draws)

    def _module(self, bounds: np.ndarray, scale: Scale, found: Components, seen: np.ndarray | None = None) -> Posterior:
        from torch import from_numpy

        from headroom.networks.posterior import Posterior

        moments = np.stack([scale.track_mean, scale.track_sd])
        box, asked = (from_numpy(np.asarray(values, np.float32)) for values in (bounds, moments))
        module = Posterior(box, asked, found.directions.shape[1], self.hidden, self.embedded, self.transforms, self.flow)
        if seen is not None:
            module.described.standardise(from_numpy(seen.astype(np.float32)))
        return module


@dataclass(frozen=True)
class PosteriorFit:
    """A density of the parameters given components."""

    components: Components
    fit: NetworkFit
    draws: int

    def predict(self, examples: Examples) -> Prediction:
        """The mean of some draws (example, 1, target), in physical units: the same ones whenever it is asked."""
        parts = [batch.mean(axis=0) for batch in self._batches(examples, self.draws, stream(0, "posterior means"))]
        return Prediction(np.concatenate([np.empty((0, len(self.fit.scale.track_mean))), *parts])[:, None])

    def sample(self, examples: Examples, draws: int, rng: np.random.Generator) -> np.ndarray:
        """Draws (draw, example, 1, target) of the parameters, in physical units and inside the prior's box."""
        parts = list(self._batches(examples, draws, rng))
        return np.concatenate([np.empty((draws, 0, len(self.fit.scale.track_mean))), *parts], axis=1)[:, :, None]

    def state(self) -> dict[str, np.ndarray]:
        """Both parts."""
        return {**self.fit.state(), **self.components.state()}

    def _batches(self, examples: Examples, draws: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
        """Draws (draw, example, target) of some examples at a time."""
        import torch

        torch.set_num_threads(self.fit.threads)
        generator = torch.Generator().manual_seed(int(rng.integers(2**62)))
        seen, module = self.components.of(examples), _posterior(self.fit)
        size = max(1, AT_ONCE // draws)
        for first in range(0, len(seen), size):
            windows = torch.from_numpy(seen.windows(slice(first, first + size)).astype(np.float32))
            with torch.inference_mode():
                yield module.draw(windows, draws, generator).double().numpy()


def _posterior(fit: NetworkFit) -> Any:
    return fit.module
