"""What can be known of parameters at any noise: those that leave no trace, and two that a system shows as their product alone."""

from collections.abc import Sequence
from typing import ClassVar, Literal, NamedTuple

import numpy as np

from headroom.ceilings._evoked import parameters_of, require_evoked
from headroom.ceilings._exchange import means_given_product
from headroom.ceilings._symmetry import exchangeable, silent
from headroom.core.combinations import combined
from headroom.core.dataset import Dataset
from headroom.core.errors import HeadroomError
from headroom.core.examples import Kind
from headroom.core.prediction import Expectation
from headroom.core.prior import Prior
from headroom.core.protocols import Simulator
from headroom.core.recording import Recording
from headroom.core.settings import settings

QUANTILES = 10_000
"""At which the mean logarithm of a prior is taken."""


@settings
class StructuralLimit:
    """The best prediction from the noise-free response and everything else that a recording could ever tell.

    A parameter that changes no response is predicted by its prior mean; two of which the product alone enters by their means given the
    product; all others exactly. Both are tried on the simulator itself.
    """

    sees: ClassVar[Literal["observation", "exact_state"]] = "exact_state"
    gives: ClassVar[Literal["bound", "reference"]] = "bound"
    answers: ClassVar[tuple[Kind, ...]] = ("window",)

    pair: tuple[str, str] = ("A_i", "a_4")
    """Two parameters of which the product alone may enter."""

    def expect(self, simulator: Simulator, recording: Recording, dataset: Dataset, rng: np.random.Generator) -> Expectation:
        """The predictions; raises HeadroomError for other systems and tasks, and where a system has no such limit."""
        evoked = require_evoked("structural_limit", simulator)
        true = parameters_of("structural_limit", recording, dataset)
        prior, said, limits = Prior.of(evoked), [], Limits(true.copy(), true.copy())
        mute = silent(evoked, prior, rng)
        for name in mute:
            limits.silence(prior, name)
            said.append(f"{name} changes nothing")
        if not set(self.pair) & set(mute) and exchangeable(evoked, prior, self.pair, rng):
            limits.exchange(prior, self.pair)
            said.append(f"{self.pair[0]} and {self.pair[1]} enter as their product alone")
        if not said:
            raise HeadroomError("structural_limit: every parameter has its own effect, so nothing limits what a recording can tell")
        return Expectation(point=limits.of(dataset.target.names, prior.names)[:, None], note="; ".join(said))


class Limits(NamedTuple):
    """What is left to know (example, parameter): means, and for logarithms of combinations geometric means."""

    means: np.ndarray
    geometric: np.ndarray

    def silence(self, prior: Prior, name: str) -> None:
        """A parameter of which the prior is all that is known."""
        place = prior.names.index(name)
        nodes = prior.margin(name).quantiles((np.arange(QUANTILES) + 0.5) / QUANTILES)
        self.means[:, place] = prior.mean[place]
        self.geometric[:, place] = np.exp(np.log(nodes).mean())

    def exchange(self, prior: Prior, pair: tuple[str, str]) -> None:
        """Two of which the product is known."""
        places, (one, other) = [prior.names.index(name) for name in pair], map(prior.margin, pair)
        product = self.means[:, places].prod(axis=1)
        self.means[:, places] = means_given_product(one, other, product)
        self.geometric[:, places] = np.exp(means_given_product(one, other, product, np.log))

    def of(self, targets: Sequence[str], names: Sequence[str]) -> np.ndarray:
        """Predictions (example, target)."""
        alone = [target in names for target in targets]
        return np.where(alone, combined(targets, self.means, names), combined(targets, self.geometric, names))
