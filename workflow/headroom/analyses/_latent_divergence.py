"""How fast neighbours part: an estimate of the largest Lyapunov exponent from data alone (Rosenstein, Collins and De Luca 1993)."""

import numpy as np

from headroom.analyses._latent_series import standardised


def divergence_rate(series: np.ndarray, dt: float, theiler: int, ahead: int) -> float:
    """Slope [1/s] of the mean log distance between nearest neighbours over the next `ahead` samples of series (time, channel).

    Neighbours are more than `theiler` samples apart. Any noise makes them part, so that a positive rate says nothing by itself.
    NaN where nothing varies or too few points are left.
    """
    from scipy.spatial.distance import pdist, squareform

    values = standardised(series)
    count = len(values) - ahead
    if not values.shape[1] or count < 3 * theiler + 10:
        return float("nan")
    distances = squareform(pdist(values))
    reachable = distances[:count, :count].copy()
    place = np.arange(count)
    reachable[np.abs(place[:, None] - place) <= theiler] = np.inf
    reachable[reachable == 0] = np.inf
    nearest = reachable.argmin(axis=1)
    steps = np.arange(ahead + 1)
    paths = distances[place[:, None] + steps, nearest[:, None] + steps]
    with np.errstate(divide="ignore"):
        logs = np.where(paths > 0, np.log(paths), np.nan)
    return float(np.polyfit(steps * dt, np.nanmean(logs, axis=0), 1)[0])
