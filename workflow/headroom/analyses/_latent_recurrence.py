"""Determinism of a recurrence plot: how much of what comes again goes on alike (Webber and Zbilut 1994)."""

import numpy as np

from headroom.analyses._latent_series import standardised

RATE = 0.05
"""Share of the pairs that count as recurrences: the radius follows from it, so that series of any scale compare."""
SHORTEST = 4
"""Samples that a line has at least."""


def determinism(series: np.ndarray, theiler: int) -> float:
    """Share of the recurrences of series (time, channel) that lie on diagonals of SHORTEST or more, beyond `theiler` samples off the main.

    NaN where nothing varies or nothing is left.
    """
    from scipy.spatial.distance import pdist, squareform

    values = standardised(series)
    if not values.shape[1] or len(values) - theiler - 1 < SHORTEST:
        return float("nan")
    distances = squareform(pdist(values))
    diagonals = [np.append(np.diagonal(distances, offset), np.inf) for offset in range(theiler + 1, len(values))]
    joined = np.concatenate([[np.inf], *diagonals])
    close = joined <= np.quantile(joined[np.isfinite(joined)], RATE)
    edges = np.flatnonzero(np.diff(close.astype(np.int8)))  # every run starts and ends, since infinities part the diagonals
    lengths = edges[1::2] - edges[::2]
    return float(lengths[lengths >= SHORTEST].sum() / lengths.sum()) if len(lengths) else float("nan")
