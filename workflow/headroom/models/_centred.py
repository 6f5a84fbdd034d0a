"""What linear models of a moment share: a row is what lies about it, and the answers are all states at once."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from headroom.core.centred import about
from headroom.models._linear_fit import LinearFit, restore_linear


@dataclass(frozen=True)
class Centred:
    """One group of rows: the features of a row are the samples within `reach` of the moment asked for."""

    name: str
    offset: int
    """From the window's last sample to that moment."""
    reach: int

    def features(self, windows: np.ndarray) -> np.ndarray:
        """(1, example, step x channel)."""
        return windows[:, about(windows.shape[1], self.offset, self.reach)].reshape(1, len(windows), -1)

    def responses(self, windows: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """(1, example, target)."""
        return targets.reshape(1, len(windows), -1)

    def predictions(self, windows: np.ndarray, responses: np.ndarray) -> np.ndarray:
        """(example, 1, target)."""
        return responses.reshape(len(windows), 1, -1)


def restore_centred(name: str, state: Mapping[str, np.ndarray]) -> LinearFit:
    """The fit that `LinearFit.state` was taken of."""
    steps = state["slopes"].shape[1] // len(state["scale.mean"])
    return restore_linear(Centred(name, int(state["offsets"][0]), (steps - 1) // 2), state)
