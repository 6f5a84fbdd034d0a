"""The published protocol of two studies: overlapping windows of all trials are shuffled, then dealt out.

Neighbouring windows share most of their samples across the split, and the scale sees every sample. It is here so that what it
inflates can be measured beside `by_trial` and `by_block`.
"""

from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Gt, Lt

from headroom.core.dataset import Dataset
from headroom.core.examples import Examples, Target
from headroom.core.randomness import stream
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.splits._scale import scaled

Fraction = Annotated[float, Gt(0), Lt(1)]


@settings
class ShuffledWindows:
    """Windows dealt out at random, wherever they lie; the scale is fitted on everything."""

    shares_trials: ClassVar[bool] = True
    fractions: tuple[Fraction, Fraction, Fraction] = (0.7, 0.15, 0.15)
    """Shares of the windows for train, validation and test; they sum to 1."""
    seed: int = 0
    """Which shuffle."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        total = sum(self.fractions)
        return [] if abs(total - 1) < 1e-9 else [f"fractions sum to {total:g}; expected 1"]

    def apply(self, examples: Examples, target: Target, recording: Recording) -> Dataset:
        """Each part in the order of the recording; raises HeadroomError where a part is empty."""
        order = stream(self.seed, "shuffled_windows").permutation(len(examples))
        borders = np.rint(np.cumsum(self.fractions[:2]) * len(examples)).astype(int)
        parts = [examples.take(np.sort(dealt)) for dealt in np.split(order, borders)]
        return scaled(parts, target, np.ones(examples.inputs.values.shape[:2], bool))
