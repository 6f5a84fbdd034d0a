"""The published protocol of the oscillators: overlapping windows in order, the first share trains, the rest tests.

Windows at the border overlap, nothing is left for validation and the scale sees every sample. It is here so that what it
inflates can be measured beside `by_block`.
"""

from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Gt, Lt

from headroom.core.dataset import Dataset
from headroom.core.examples import Examples, Target
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.splits._scale import scaled


@settings
class LeadingWindows:
    """First windows train, last windows test, none validate; the scale is fitted on everything."""

    shares_trials: ClassVar[bool] = True
    train: Annotated[float, Gt(0), Lt(1)] = 0.8
    """Share of each trial's windows that train."""

    def apply(self, examples: Examples, target: Target, recording: Recording) -> Dataset:
        """Windows by their rank within their trial."""
        counts = np.bincount(examples.trial, minlength=examples.inputs.trials)
        rank = np.arange(len(examples)) - np.repeat(np.cumsum(counts) - counts, counts)
        leading = rank < (self.train * counts[examples.trial]).astype(int)
        everything = np.ones(examples.inputs.values.shape[:2], bool)
        none = examples.take(np.zeros(len(examples), bool))
        return scaled([examples.take(leading), none, examples.take(~leading)], target, everything)
