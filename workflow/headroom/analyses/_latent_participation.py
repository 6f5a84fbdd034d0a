"""How many directions a trajectory fills: the participation ratio of its variances (Rajan, Abbott and Sompolinsky 2010)."""

import numpy as np

from headroom.analyses._latent_series import standardised


def participation_ratio(series: np.ndarray) -> float:
    """(sum of l)^2 / sum of l^2 over the eigenvalues l of the correlations of series (time, channel): from 1 to the number of channels.

    NaN where nothing varies. Channels are standardised first, since states have different units.
    """
    values = standardised(series)
    if not values.shape[1]:
        return float("nan")
    correlations = values.T @ values / len(values)
    return float(np.trace(correlations) ** 2 / (correlations**2).sum())
