"""Posterior means by tempered sequential Monte Carlo with the exact likelihood (Del Moral, Doucet and Jasra 2006)."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, MultipleOf

from headroom.ceilings._evoked import Reduced, parameters_of, reduced, require_evoked
from headroom.ceilings._exchange import exchanged
from headroom.ceilings._symmetry import exchangeable
from headroom.ceilings._tempered import Problem, Run, Sample, disagree, joined, sampled, together
from headroom.core.combinations import combined
from headroom.core.dataset import Dataset
from headroom.core.errors import HeadroomError
from headroom.core.examples import Kind
from headroom.core.prediction import Expectation
from headroom.core.prior import Prior
from headroom.core.protocols import Simulator
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.core.shape import DataShape

STAGES = 6
"""Temperatures that a run takes, about."""


@settings
class TemperedSmc:
    """Particles from the prior to the posterior of every test recording, several runs of each joined by their evidence.

    It knows the response, the noise and the prior as they are, so its means would be the best possible predictions were the sampling
    exact; that is tested by what it claims (posterior_acceptance), never assumed. Two parameters of which the product alone enters are
    drawn anew along it at every move.
    """

    sees: ClassVar[Literal["observation", "exact_state"]] = "observation"
    gives: ClassVar[Literal["bound", "reference"]] = "reference"
    answers: ClassVar[tuple[Kind, ...]] = ("window",)

    particles: Annotated[int, Ge(16), MultipleOf(2)] = 512
    """Particles of a run."""
    moves: Annotated[int, Ge(1)] = 10
    """Moves at each temperature; three times as many at the last."""
    runs: Annotated[int, Ge(1)] = 2
    """Runs of each recording, so that a lost mode is seen."""
    drawn: Annotated[int, Ge(1)] = 64
    """Draws of the prior to a particle, from which a run starts; all recordings share them, so that they cost little."""
    recordings: Annotated[int, Ge(1)] | None = 200
    """Test recordings that are sampled, the first ones: each takes some seconds. Null: all."""
    draws: Annotated[int, Ge(16)] = 200
    """Particles that are kept of each posterior."""
    pair: tuple[str, str] = ("A_i", "a_4")
    """Two parameters of which the product alone may enter."""

    def work(self, simulator: Simulator, data: DataShape) -> float:
        """Responses computed."""
        each = min(data.test, self.recordings or data.test) * self.moves * STAGES + self.drawn
        return float(self.runs * self.particles * each)

    def expect(self, simulator: Simulator, recording: Recording, dataset: Dataset, rng: np.random.Generator) -> Expectation:
        """Means and draws; raises HeadroomError for other systems, tasks and sensors, and without noise."""
        evoked = require_evoked("tempered_smc", simulator)
        parameters_of("tempered_smc", recording, dataset)
        which = np.arange(min(len(dataset.test), self.recordings or len(dataset.test)))
        test, prior = dataset.test.take(which), Prior.of(evoked)
        if (prior.low <= 0).any():
            raise HeadroomError("tempered_smc: found a range that reaches 0; expected parameters above 0, whose logarithms are sampled")
        seen = reduced("tempered_smc", evoked, test.inputs, recording, rng)
        pair = self.pair if exchangeable(evoked, prior, self.pair, rng) else None
        signals = seen.of(test.inputs.values[test.trial, :, 0])
        found = self._sampled(seen, prior, pair, signals, rng)
        apart = np.array([disagree(runs) for runs in found])
        joint = [np.exp(joined(runs, rng)) for runs in found]
        particles = np.stack([combined(dataset.target.names, at, prior.names) for at in joint], axis=1)  # (particle, example, target)
        note = f"{self.runs} runs of {self.particles} particles; on {apart.sum()} of {len(test)} recordings they disagree"
        said = {"point": particles.mean(axis=0)[:, None], "draws": particles[: self.draws, :, None], "doubtful": apart}
        return Expectation(**said, which=None if len(which) == len(dataset.test) else which, note=note)

    def _sampled(
        self, seen: Reduced, prior: Prior, pair: tuple[str, str] | None, signals: np.ndarray, rng: np.random.Generator
    ) -> list[list[Sample]]:
        """The runs of each recording, of which the signals (recording, direction) are."""
        drawn = prior.draw(self.runs * self.particles * self.drawn, rng)
        known, start, streams = seen.known(drawn), np.log(drawn), rng.spawn(len(signals) * self.runs)
        problem = _problem(prior, pair)

        def runs() -> Iterator[Run]:
            for number, signal in enumerate(signals):
                likelihood = known.log_likelihood(signal)
                for run, stream in enumerate(streams[number * self.runs : (number + 1) * self.runs]):
                    own = slice(run, None, self.runs)
                    yield sampled(problem, start[own], likelihood[own], self.particles, self.moves, stream)

        ended = together(runs(), lambda at, owner: seen.log_likelihood(np.exp(at), signals[owner // self.runs]))
        return [ended[first : first + self.runs] for first in range(0, len(ended), self.runs)]


def _problem(prior: Prior, pair: tuple[str, str] | None) -> Problem:
    """Log parameters: their prior, and what may be exchanged between two of them."""

    def refreshed(at: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        return np.log(exchanged(prior, pair, np.exp(at), rng)) if pair else at

    return Problem(lambda at: prior.log_density(np.exp(at)) + at.sum(axis=1), refreshed)
