"""The correlation dimension (Grassberger and Procaccia 1983), without pairs that are close in time (Theiler 1986)."""

import numpy as np

from headroom.analyses._latent_series import standardised

CLOSEST, CLOSE = 0.005, 0.05
"""Share of the pairs between which the slope is taken."""
FEWEST = 500
"""Pairs below which there is no number."""


def pair_distances(series: np.ndarray, theiler: int) -> np.ndarray:
    """Distances (pair,) of all points of series (time, channel) that are more than `theiler` samples apart."""
    from scipy.spatial.distance import pdist

    values = standardised(series)
    first, second = np.triu_indices(len(values), 1)
    return pdist(values)[second - first > theiler]


def correlation_dimension(series: np.ndarray, theiler: int) -> float:
    """Slope of log(share of pairs closer than r) over log r; NaN for constant or too short series (time, channel)."""
    if not standardised(series).shape[1]:
        return float("nan")
    distances = np.sort(pair_distances(series, theiler))
    low, high = int(CLOSEST * len(distances)), int(CLOSE * len(distances))
    if len(distances) < FEWEST or distances[low] <= 0:
        return float("nan")
    radii = np.geomspace(distances[low], distances[high], 12)
    closer = np.searchsorted(distances, radii, side="right")
    return float(np.polyfit(np.log(radii), np.log(closer), 1)[0])
