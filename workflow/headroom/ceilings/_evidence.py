"""What frames of an observation say of a hidden state: a small network that is trained on simulated frames, in numpy.

A hybrid of network and Markov chain (Bourlard & Morgan 1994): posteriors of the states divided by how frequent these are.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

SEGMENT = 64
"""Frames in a row that are trained together."""
SEGMENTS = 16
"""Segments in a step."""
LEARNING_RATE, RISE, DECAY = 1e-2, 0.2, 1e-4
"""Peak of the learning rate, the share of the steps in which it rises, and the decay of the weights."""

Weights = list[np.ndarray]


@dataclass(frozen=True)
class Frames:
    """Standardised frames in pieces, the state behind each, and its label."""

    values: np.ndarray  # (piece, time, channel)
    states: np.ndarray  # (piece, time)
    labels: np.ndarray  # (piece, time)


@dataclass(frozen=True)
class Evidence:
    """Channels to components, the components of some frames to hidden units twice, and log-odds of the states."""

    lags: int
    weights: Weights

    def log_posterior(self, values: np.ndarray) -> np.ndarray:
        """log P(state | the newest frames) (time, state) of standardised frames (time, channel); before the first one there is the mean."""
        seen = np.zeros((len(values) + self.lags - 1, values.shape[1]), np.float32)
        seen[self.lags - 1 :] = values
        return _log_softmax(_forward(self.weights, seen[None], self.lags)[-1][0].astype(float))


def evidence(frames: Frames, states: int, sizes: tuple[int, int, int], passes: int, rng: np.random.Generator) -> Evidence:
    """Trained on the frames by Adam with one cycle of the learning rate; `sizes` are lags, components and hidden units."""
    lags, components, hidden = sizes
    shapes = [(frames.values.shape[2], components), (lags * components, hidden), (hidden, hidden), (hidden, states)]
    weights: Weights = []
    for inputs, outputs in shapes:
        weights += [(rng.standard_normal((inputs, outputs)) / np.sqrt(inputs)).astype(np.float32), np.zeros(outputs, np.float32)]
    first, second = [np.zeros_like(part) for part in weights], [np.zeros_like(part) for part in weights]
    starts = [(piece, start) for piece in range(len(frames.values)) for start in range(0, frames.values.shape[1] - SEGMENT - lags, SEGMENT)]
    budget = max(1, passes * len(starts) // SEGMENTS)
    for step, batch in enumerate(_batches(np.array(starts), budget, rng)):
        seen, truth = _gathered(frames, batch, lags)
        gradients = _gradients(weights, seen, truth, lags)
        rate = LEARNING_RATE * _cycle((step + 1) / budget)
        for number, gradient in enumerate(gradients):
            first[number] = 0.9 * first[number] + 0.1 * gradient
            second[number] = 0.999 * second[number] + 0.001 * gradient**2
            move = first[number] / (1 - 0.9 ** (step + 1)) / (np.sqrt(second[number] / (1 - 0.999 ** (step + 1))) + 1e-8)
            weights[number] = (weights[number] - rate * (move + DECAY * weights[number])).astype(np.float32)
    return Evidence(lags, weights)


def _forward(weights: Weights, seen: np.ndarray, lags: int) -> list[np.ndarray]:
    """Components, units and log-odds (segment, time, ...) of standardised frames (segment, time + lags - 1, channel)."""
    components = seen @ weights[0] + weights[1]
    steps = components.shape[1] - lags + 1
    stacked = np.concatenate([components[:, lag : lag + steps] for lag in range(lags)], axis=2)
    once = np.maximum(stacked @ weights[2] + weights[3], 0)
    twice = np.maximum(once @ weights[4] + weights[5], 0)
    return [stacked, once, twice, twice @ weights[6] + weights[7]]


def _gradients(weights: Weights, seen: np.ndarray, truth: np.ndarray, lags: int) -> Weights:
    """Of the mean log loss of states (segment, time), by backpropagation."""
    stacked, once, twice, odds = _forward(weights, seen, lags)
    wrong = np.exp(_log_softmax(odds))
    np.put_along_axis(wrong, truth[..., None], np.take_along_axis(wrong, truth[..., None], axis=2) - 1, axis=2)
    wrong /= truth.size
    found: Weights = []
    for number, inputs in ((6, twice), (4, once), (2, stacked)):
        found = [_flat(inputs).T @ _flat(wrong), wrong.sum(axis=(0, 1)), *found]
        wrong = wrong @ weights[number].T
        if number > 2:
            wrong = wrong * (inputs > 0)
    steps, size = wrong.shape[1], weights[0].shape[1]
    back = np.zeros((len(seen), seen.shape[1], size), np.float32)
    for lag in range(lags):
        back[:, lag : lag + steps] += wrong[:, :, lag * size : (lag + 1) * size]
    return [_flat(seen).T @ _flat(back), back.sum(axis=(0, 1)), *found]


def _gathered(frames: Frames, batch: np.ndarray, lags: int) -> tuple[np.ndarray, np.ndarray]:
    """Frames (segment, time + lags - 1, channel), and the states (segment, time) of all but the first lags."""
    piece, time = batch[:, :1], batch[:, 1:] + np.arange(SEGMENT + lags - 1)
    return frames.values[piece, time].astype(np.float32), frames.states[piece, time[:, lags - 1 :]].astype(np.int64)


def _batches(starts: np.ndarray, budget: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    order = np.concatenate([rng.permutation(len(starts)) for _ in range(-(-budget * SEGMENTS // len(starts)))])
    for step in range(budget):
        yield starts[order[step * SEGMENTS : (step + 1) * SEGMENTS]]


def _cycle(share: float) -> float:
    """From a twenty-fifth up to 1 and down to nothing."""
    if share < RISE:
        return 0.04 + 0.96 * share / RISE
    return float((1 + np.cos(np.pi * (share - RISE) / (1 - RISE))) / 2)


def _flat(values: np.ndarray) -> np.ndarray:
    return values.reshape(-1, values.shape[-1])


def _log_softmax(odds: np.ndarray) -> np.ndarray:
    shifted = odds - odds.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))
