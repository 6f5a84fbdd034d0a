"""Multinomial logistic regression: slopes under a ridge penalty, found by L-BFGS where the loss is about as curved all round (Cox 1958)."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from headroom.models._class_rows import log_loss, probabilities

CURVATURE = 0.2
"""A typical p (1 - p): the loss is about that curved, times the variance of the features; .25 is the most it can be (Boehning 1992)."""


def regressed(features: np.ndarray, truth: np.ndarray, penalties: Sequence[float]) -> Iterator[tuple[float, np.ndarray]]:
    """Each penalty, the largest first, with the weights (feature + 1, class) of least mean log loss + penalty / 2 |slopes|^2.

    Features (example, feature), truth as zeros and ones (example, class). Each search starts where the one before ended.
    """
    middle = features.mean(axis=0)
    spread, axes = np.linalg.eigh((features - middle).T @ (features - middle) / len(features))
    turned = (features - middle) @ axes
    weights = np.zeros((features.shape[1] + 1, truth.shape[1]))
    weights[-1] = np.log(np.maximum(truth.mean(axis=0), 1e-12))
    for penalty in sorted(penalties, reverse=True):
        weights = _minimum(turned, truth, penalty, 1 / np.sqrt(CURVATURE * np.maximum(spread, 0) + penalty), weights)
        slopes = axes @ weights[:-1]
        yield penalty, np.concatenate([slopes, (weights[-1] - middle @ slopes)[None]])


def answered(weights: np.ndarray, features: np.ndarray) -> np.ndarray:
    """P(class | features) (example, class) by weights (feature + 1, class); the last row holds the intercepts."""
    return probabilities(features @ weights[:-1] + weights[-1])


def _minimum(features: np.ndarray, truth: np.ndarray, penalty: float, reach: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Weights (feature + 1, class), searched in units of `reach` (feature,)."""
    from scipy.optimize import minimize

    units = np.append(reach, 1.0)[:, None]
    done = minimize(
        _objective(features, truth, penalty, units), (start / units).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 500}
    )
    return np.asarray(done.x.reshape(start.shape) * units)


def _objective(
    features: np.ndarray, truth: np.ndarray, penalty: float, units: np.ndarray
) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
    """Mean log loss plus penalty / 2 |slopes|^2, and its gradient by the weights in those units."""

    def value(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(features.shape[1] + 1, truth.shape[1]) * units
        point = answered(weights, features)
        wrong = (point - truth) / len(features)
        gradient = np.concatenate([features.T @ wrong + penalty * weights[:-1], wrong.sum(axis=0, keepdims=True)])
        return log_loss(point, truth) + penalty / 2 * float((weights[:-1] ** 2).sum()), (gradient * units).ravel()

    return value
