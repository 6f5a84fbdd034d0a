"""Whole trials: what is tested on was never seen, not even earlier in the same trial."""

from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Gt, Lt

from headroom.core.dataset import Dataset
from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Target
from headroom.core.randomness import stream
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.splits._scale import scaled

Fraction = Annotated[float, Gt(0), Lt(1)]


@settings
class ByTrial:
    """Trials dealt out, once; the scale is fitted on the train trials."""

    shares_trials: ClassVar[bool] = False
    fractions: tuple[Fraction, Fraction, Fraction] = (0.6, 0.2, 0.2)
    """Shares of the trials for train, validation and test; they sum to 1."""
    seed: int = 0
    """Which dealing."""
    in_order: bool = False
    """Dealt as they were recorded, the last for the test, instead of at random: for systems and sensors that change on the way."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        total = sum(self.fractions)
        return [] if abs(total - 1) < 1e-9 else [f"fractions sum to {total:g}; expected 1"]

    def apply(self, examples: Examples, target: Target, recording: Recording) -> Dataset:
        """Every window of the trials of each part; raises HeadroomError below three trials."""
        trials = examples.inputs.trials
        if trials < 3:
            raise HeadroomError(f"splits: by_trial needs at least 3 trials, the recording has {trials}; use by_block")
        order = np.arange(trials) if self.in_order else stream(self.seed, "by_trial").permutation(trials)
        sizes = np.maximum(1, np.rint(np.array(self.fractions[1:]) * trials).astype(int))
        dealt = np.split(order, np.cumsum([trials - sizes.sum(), sizes[0]]))
        parts = [examples.take(np.isin(examples.trial, chosen)) for chosen in dealt]
        seen = np.zeros(examples.inputs.values.shape[:2], bool)
        seen[dealt[0]] = True
        return scaled(parts, target, seen)
