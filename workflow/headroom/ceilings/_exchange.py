"""Two parameters of which a system shows the product alone: what can be known of each, and how to move where nothing changes.

Given the product c of x and y, log x has the density p(x) p(c / x): for even priors it is uniform between the limits that both set.
"""

from collections.abc import Callable

import numpy as np

from headroom.core.prior import Prior

Function = Callable[[np.ndarray], np.ndarray]
NODES = 200
"""Of Gauss and Legendre's quadrature."""


def limits(first: Prior, second: Prior, product: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest log x (...,) that leave x and product / x inside their ranges; neither range may hold 0."""
    low = np.maximum(np.log(first.low[0]), np.log(product / second.high[0]))
    return low, np.minimum(np.log(first.high[0]), np.log(product / second.low[0]))


def means_given_product(first: Prior, second: Prior, product: np.ndarray, of: Function = np.asarray) -> np.ndarray:
    """Means (..., 2) of x and y, or of a function of them, where their product (...,) is all that is known."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    low, high = limits(first, second, product)
    x = np.exp((low + high)[..., None] / 2 + (high - low)[..., None] / 2 * nodes)
    y = product[..., None] / x
    density = weights * np.exp(first.log_density(_held(first, x)) + second.log_density(_held(second, y)))
    return np.stack([(of(x) * density).sum(axis=-1), (of(y) * density).sum(axis=-1)], axis=-1) / density.sum(axis=-1)[..., None]


def exchanged(prior: Prior, pair: tuple[str, str], parameters: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Parameters (draw, parameter) moved along x y = constant, their distribution given the product left as it is.

    A uniform log x is offered and taken with the ratio of the priors: always where they are even, so that it is a draw anew.
    """
    first, second = (prior.names.index(name) for name in pair)
    product = parameters[:, first] * parameters[:, second]
    low, high = limits(prior.margin(pair[0]), prior.margin(pair[1]), product)
    offered = parameters.copy()
    offered[:, first] = np.exp(rng.uniform(low, high))
    offered[:, second] = product / offered[:, first]
    offered = np.clip(offered, prior.low, prior.high)  # rounding alone can leave the box
    taken = np.log(rng.random(len(parameters))) < prior.log_density(offered) - prior.log_density(parameters)
    return np.where(taken[:, None], offered, parameters)


def _held(margin: Prior, values: np.ndarray) -> np.ndarray:
    """Values (..., 1) inside the range, out of which rounding may push the outermost nodes."""
    return np.clip(values, margin.low[0], margin.high[0])[..., None]
