"""The published protocol of state reconstruction: what a model is tested on is what it was trained on.

Nothing is held out and the scale sees every sample. It is here so that what it inflates can be measured beside `by_trial`.
"""

from typing import ClassVar

import numpy as np

from headroom.core.dataset import Dataset
from headroom.core.examples import Examples, Target
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.splits._scale import scaled


@settings
class Whole:
    """Every window trains and every window tests, none validates; the scale is fitted on everything."""

    shares_trials: ClassVar[bool] = True

    def apply(self, examples: Examples, target: Target, recording: Recording) -> Dataset:
        """The same examples twice."""
        none = examples.take(np.zeros(len(examples), bool))
        return scaled([examples, none, examples], target, np.ones(examples.inputs.values.shape[:2], bool))
