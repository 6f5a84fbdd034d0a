"""A fitted model that answers the same to every window."""

from dataclasses import dataclass

import numpy as np

from headroom.core.examples import Examples
from headroom.core.prediction import Prediction
from headroom.core.scaling import require_offsets


@dataclass(frozen=True)
class Constant:
    """The same prediction for every window."""

    name: str
    mean: np.ndarray  # (offset, target), physical units
    offsets: np.ndarray  # (offset,)

    def predict(self, examples: Examples) -> Prediction:
        """The constants, once for each example."""
        require_offsets(self.name, examples, self.offsets)
        return Prediction(np.repeat(self.mean[None], len(examples), axis=0))

    def state(self) -> dict[str, np.ndarray]:
        """The constants and the offsets that they belong to."""
        return {"mean": self.mean, "offsets": self.offsets}
