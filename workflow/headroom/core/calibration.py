"""Where the truth lies among draws of a posterior: even between 0 and 1 for every parameter and reference where the posterior is right."""

import numpy as np


def ranks(draws: np.ndarray, truth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Share (example, target) of draws (draw, example, target) below the truth (example, target), ties and ends filled evenly.

    With a right posterior these are independent of the data and uniform from 0 to 1 (Cook, Gelman and Rubin 2006; Talts et al. 2018).
    """
    return _placed((draws < truth).sum(axis=0), (draws == truth).sum(axis=0), len(draws), rng)


def distances(draws: np.ndarray, truth: np.ndarray, references: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Share (example,) of draws nearer to a random reference (example, target) than the truth is, all in comparable units.

    It is uniform for a right posterior, and for every choice of references only then: TARP (Lemos et al. 2023).
    """
    near, own = ((draws - references) ** 2).sum(axis=-1), ((truth - references) ** 2).sum(axis=-1)
    return _placed((near < own).sum(axis=0), (near == own).sum(axis=0), len(draws), rng)


def _placed(below: np.ndarray, same: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """A place drawn evenly from the gap that the truth lies in."""
    return np.asarray((below + rng.random(below.shape) * (same + 1)) / (count + 1))
