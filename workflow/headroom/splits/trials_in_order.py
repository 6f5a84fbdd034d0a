"""Whole trials in their order: for systems and sensors that change on the way, of which a model has seen the first part alone."""

from itertools import pairwise
from typing import ClassVar

import numpy as np

from headroom.core.dataset import Dataset
from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Target
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.splits._scale import scaled
from headroom.splits.by_trial import Fraction


@settings
class TrialsInOrder:
    """The first trials train, the last are tested on; the scale is fitted on the train trials."""

    shares_trials: ClassVar[bool] = False
    fractions: tuple[Fraction, Fraction, Fraction] = (0.6, 0.2, 0.2)
    """Shares of the trials for train, validation and test; they sum to 1."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        total = sum(self.fractions)
        return [] if abs(total - 1) < 1e-9 else [f"fractions sum to {total:g}; expected 1"]

    def apply(self, examples: Examples, target: Target, recording: Recording) -> Dataset:
        """Every window of the trials of each part; raises HeadroomError below three trials."""
        trials = examples.inputs.trials
        if trials < 3:
            raise HeadroomError(f"splits: trials_in_order needs at least 3 trials, the recording has {trials}; use by_block")
        valid, test = np.maximum(1, np.rint(np.array(self.fractions[1:]) * trials).astype(int))
        edges = (0, trials - valid - test, trials - test, trials)
        parts = [examples.take((examples.trial >= first) & (examples.trial < last)) for first, last in pairwise(edges)]
        seen = np.zeros(examples.inputs.values.shape[:2], bool)
        seen[: edges[1]] = True
        return scaled(parts, target, seen)
