"""Twins: the spread of futures that share an exact state, which no predictor of the past can undercut."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge

from headroom.ceilings._identity import require_states
from headroom.core.dataset import Dataset
from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples
from headroom.core.prediction import Expectation
from headroom.core.protocols import Resumable, Simulator
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.core.shape import DataShape

CELLS = 2_000_000
"""Numbers held at once."""


def evenly(trial: np.ndarray, count: int | None) -> np.ndarray:
    """Index of `count` examples of each trial, spread evenly over it; of all where None."""
    several = [np.flatnonzero(trial == one) for one in np.unique(trial)]
    return np.concatenate([mine[np.linspace(0, len(mine) - 1, min(count or len(mine), len(mine))).round().astype(int)] for mine in several])


def filled(spread: np.ndarray, chosen: np.ndarray, trial: np.ndarray) -> np.ndarray:
    """Variances (example, offset, target) of all examples: those of the chosen, and their trial's mean for the others.

    A trial's sum over all examples is then the unbiased estimate that the chosen ones give.
    """
    whole = np.empty((len(trial), *spread.shape[1:]))
    for one in np.unique(trial):
        whole[trial == one] = spread[trial[chosen] == one].mean(axis=0)
    whole[chosen] = spread
    return whole


@settings
class Twins:
    """Variance of the clean target given the state at the window's last sample, plus the variance of the measurement noise.

    For a Markov state, in discrete time, observed at the last sample: E[(y - f(past))^2] >= E[var(x | state)] + s^2.
    """

    sees: ClassVar[Literal["observation", "exact_state"]] = "exact_state"
    gives: ClassVar[Literal["bound", "reference"]] = "bound"

    futures: Annotated[int, Ge(2)] = 16
    """Futures simulated from each test example; their unbiased variance is right on average for any number."""
    per_trial: Annotated[int, Ge(1)] | None = None
    """Test examples of each trial, spread evenly, that are simulated; the others are given the mean of these. Null: all of them."""

    def work(self, simulator: Simulator, data: DataShape) -> float:
        """Updates of one channel by one integration step."""
        steps: int = getattr(simulator, "substeps", getattr(simulator, "every", 1))
        return data.test * self.futures * data.reach * steps * data.channels

    def expect(self, simulator: Simulator, recording: Recording, dataset: Dataset, rng: np.random.Generator) -> Expectation:
        """The expected squared error; raises HeadroomError where the simulator cannot go on from a recorded moment."""
        if not isinstance(simulator, Resumable):
            raise HeadroomError(f"twins: {type(simulator).__name__} cannot go on from a recorded moment; use noise_floor instead")
        test = dataset.test
        require_states("twins", test, recording)
        horizon, channels = max(test.offsets), len(test.track.channels)
        batch = max(1, CELLS // (self.futures * horizon * channels))
        chosen = evenly(test.trial, self.per_trial)
        parts = [chosen[first : first + batch] for first in range(0, len(chosen), batch)]
        spread = np.concatenate([self._spread(simulator, recording, test.take(part), rng) for part in parts])
        noise = np.zeros(channels) if test.track.noise_sd is None else test.track.noise_sd
        note = f"{self.futures} futures of {len(chosen)} of {len(test)} test examples"
        return Expectation(variance=filled(spread, chosen, test.trial) + noise**2, note=note)

    def _spread(self, simulator: Resumable, recording: Recording, test: Examples, rng: np.random.Generator) -> np.ndarray:
        """Variance over futures (example, offset, target)."""
        paths = simulator.futures(recording, test.trial, test.last, max(test.offsets), self.futures, rng)
        return paths[:, :, np.asarray(test.offsets) - 1].var(axis=1, ddof=1)
