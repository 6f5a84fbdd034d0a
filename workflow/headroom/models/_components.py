"""Principal components of the channels, fitted on training samples, and lagged features made of them."""

from dataclasses import dataclass

import numpy as np

from headroom.core.examples import Examples, Scale
from headroom.core.scaling import batches, scale_of


@dataclass(frozen=True)
class Lagged:
    """Standardised channels, projected, at the newest lags of a window."""

    scale: Scale
    directions: np.ndarray  # (channel, component)
    lags: int

    def features(self, examples: Examples, batch: slice) -> np.ndarray:
        """(example, lag x component), newest lag first."""
        seen = self.along(examples, batch, self.lags)
        return seen.reshape(len(seen), -1)

    def along(self, examples: Examples, batch: slice, lags: int) -> np.ndarray:
        """Components at the newest samples of the windows (example, lag, component); a sample that many windows share is projected once."""
        trials, steps = examples.trial[batch], examples.last[batch][:, None] - np.arange(lags)
        found = np.empty((*steps.shape, self.directions.shape[1]))
        for trial in np.unique(trials):
            mine = np.flatnonzero(trials == trial)
            moments, place = np.unique(steps[mine], return_inverse=True)
            seen = (examples.inputs.values[trial, moments] - self.scale.mean) / self.scale.sd @ self.directions
            found[mine] = seen[place.reshape(len(mine), lags)]
        return found

    def gradient(self, slopes: np.ndarray) -> np.ndarray:
        """Derivatives (..., lag, channel) by the standardised inputs of a linear read-out's slopes (..., lag x component)."""
        return slopes.reshape(*slopes.shape[:-1], self.lags, -1) @ self.directions.T


def lagged(train: Examples, lags: int, components: int) -> Lagged:
    """Directions from the covariance of the training windows' last samples; all channels where they are no more than `components`."""
    scale, channels = scale_of(train), len(train.inputs.channels)
    if channels <= components:
        return Lagged(scale, np.eye(channels), min(lags, train.length))
    covariance = np.zeros((channels, channels))
    for batch in batches(train):
        last = (train.inputs.values[train.trial[batch], train.last[batch]] - scale.mean) / scale.sd
        covariance += last.T.astype(float) @ last
    _, vectors = np.linalg.eigh(covariance)
    return Lagged(scale, vectors[:, ::-1][:, :components], min(lags, train.length))
