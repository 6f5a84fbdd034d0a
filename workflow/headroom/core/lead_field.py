"""What sources in a head do to the sensors of an electroencephalogram, and the spatial filter that undoes it best."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class LeadField:
    """Potentials against the average of all sensors, of one source and of the dipoles behind the background.

    `believed` is the source's field where a filter takes it to lie elsewhere.
    """

    channels: tuple[str, ...]
    positions: np.ndarray  # (channel, 3) [m], x to the right and y to the front
    source: np.ndarray  # (channel,) [uV] of 1 mV of the source
    background: np.ndarray  # (channel, dipole) [uV], of any one strength
    believed: np.ndarray | None = field(default=None, metadata={"rare": True})  # (channel,) [uV]

    def covariance(self, background: float, sensor: float) -> np.ndarray:
        """Of the noise over channels [uV^2]: dipoles of one strength that make up `background`, the RMS over channels, and `sensor` SDs."""
        shared = self.background @ self.background.T
        return np.asarray(shared * (background**2 / np.diag(shared).mean()) + sensor**2 * np.eye(len(self.channels)))

    def filter(self, covariance: np.ndarray) -> np.ndarray:
        """Weights (channel,) [mV/uV] that give the source with unit gain and the least noise of this covariance (Aitken 1935)."""
        return _filter(self.source, covariance)

    def mistaken(self, covariance: np.ndarray, assumed: np.ndarray) -> tuple[float, float]:
        """By what factors signal and noise are larger than after the right filter, where it is for an assumed covariance and `believed`."""
        weights, wrong = self.filter(covariance), _filter(self.source if self.believed is None else self.believed, assumed)
        return float(wrong @ self.source), float(np.sqrt(wrong @ covariance @ wrong / (weights @ covariance @ weights)))

    def mixing(self, covariance: np.ndarray) -> np.ndarray:
        """A root M (channel, channel) of the covariance, M M' = covariance, whose first column alone passes `filter`.

        The filter gives as noise of M xi, for white xi, just the first of xi over |L^-1 source|: the filtered noise can be drawn alone.
        """
        root = np.linalg.cholesky(covariance)
        whitened = np.linalg.solve(root, self.source)
        axis = whitened / np.linalg.norm(whitened)
        mirror = axis - np.eye(len(axis))[0]
        length = mirror @ mirror
        reflected = np.eye(len(axis)) - (2 / length * np.outer(mirror, mirror) if length > 0 else 0.0)
        return np.asarray(root @ reflected)


def _filter(source: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    weights = np.linalg.solve(covariance, source)
    return np.asarray(weights / (source @ weights))
