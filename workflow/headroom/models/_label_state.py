"""A label as a linear Gaussian state seen through components of the channels, and the Kalman estimate of it from a window (Kalman 1960)."""

from dataclasses import dataclass

import numpy as np

from headroom.core.examples import Examples


@dataclass(frozen=True)
class LabelState:
    """x_t = A x_(t-1) + w, y_t = H x_(t-delay) + v: x are zeros and ones of all classes but the last, less their shares."""

    covariance: np.ndarray  # (state, state): of the stationary state
    memory: np.ndarray  # (state, state): A
    report: np.ndarray  # (component, state): H
    noise: np.ndarray  # (component, component): covariance of v
    delay: int


def label_state(train: Examples, newest: np.ndarray, delay: int, shrinkage: float) -> LabelState:
    """Least squares on the training examples; `newest` are the components (example, component) of each window's last sample."""
    step = 1 if train.length > 1 else 0
    now, before, reported = (_states(train, train.last - back) for back in (0, step, delay))
    covariance = now.T @ now / len(now)
    memory = np.linalg.lstsq(before, now, rcond=None)[0].T
    report = np.linalg.lstsq(reported, newest, rcond=None)[0].T
    left = newest - reported @ report.T
    noise = left.T @ left / len(left)
    noise += shrinkage * np.trace(noise) / len(noise) * np.eye(len(noise))
    return LabelState(covariance, memory, report, noise, delay)


def estimator(state: LabelState, length: int, offset: int) -> np.ndarray:
    """E[x at `offset` from a window's last sample | its samples] as weights (lag x component, state), newest lag first.

    The filter forwards, then the smoother backwards, are linear in what is seen; its weights are found at once by conditioning the
    joint Gaussian of the state and the window.
    """
    lags = range(length)
    within = [[state.report @ _lagged(state, late - early) @ state.report.T for late in lags] for early in lags]
    joint = np.block(within) + np.kron(np.eye(length), state.noise)
    across = np.concatenate([state.report @ _lagged(state, -offset - lag - state.delay) for lag in lags])
    return np.linalg.solve(joint, across)


def _states(train: Examples, moment: np.ndarray) -> np.ndarray:
    """Zeros and ones of all classes but the last at the moments (example, state), less their means."""
    values = train.track.values[train.trial, moment][:, :-1].astype(float)
    return values - values.mean(axis=0)


def _lagged(state: LabelState, ahead: int) -> np.ndarray:
    """Cov(x_(t + ahead), x_t) of the stationary state."""
    power = np.linalg.matrix_power(state.memory, abs(ahead)) @ state.covariance
    return power if ahead >= 0 else power.T
