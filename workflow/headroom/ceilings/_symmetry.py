"""What a system's responses do not show: parameters that change nothing, and two of which the product alone enters. Tried on it."""

import numpy as np

from headroom.ceilings._evoked import Evoked
from headroom.core.prior import Prior

TRIED = 32
"""Parameters that are tried."""
SAME = 1e-6
"""Responses that differ by less than this share of their range are the same."""
STRETCHED = 1.1
"""By what one of a pair is multiplied and the other divided."""


def silent(evoked: Evoked, prior: Prior, rng: np.random.Generator) -> list[str]:
    """The parameters of which another value leaves all responses as they are."""
    tried, found = prior.draw(TRIED, rng), []
    for place, name in enumerate(prior.names):
        other = tried.copy()
        other[:, place] = prior.margin(name).draw(TRIED, rng)[:, 0]
        if _same(evoked, tried, other):
            found.append(name)
    return found


def exchangeable(evoked: Evoked, prior: Prior, pair: tuple[str, str], rng: np.random.Generator) -> bool:
    """Whether responses stay as they are when one of a pair grows as the other shrinks; False where one is not inferred."""
    if not set(pair) <= set(prior.names):
        return False
    tried = prior.draw(TRIED, rng)
    other = tried.copy()
    other[:, prior.names.index(pair[0])] *= STRETCHED
    other[:, prior.names.index(pair[1])] /= STRETCHED
    return _same(evoked, tried, other)


def _same(evoked: Evoked, parameters: np.ndarray, other: np.ndarray) -> bool:
    """Whether responses agree where both repeat: how a column oscillates depends on rounding."""
    (one, held), (another, too) = evoked.responses(parameters), evoked.responses(other)
    apart = np.abs(one - another).max(axis=1) <= SAME * np.ptp(one, axis=1)
    return bool(apart[held & too].all())
