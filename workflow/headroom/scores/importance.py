"""Importance of input channels by permutation: what a model loses when one of them is out of step (Breiman 2001).

A channel is rotated in time by half of its trial, so that it keeps its own statistics and loses what it says of the target.
"""

from dataclasses import replace

import numpy as np

from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples
from headroom.core.protocols import Fitted

LEAST = 1e-12
"""A smaller probability counts as this one."""
ASKED = 512
"""Examples that the loss is averaged over."""


def importance(fitted: Fitted, examples: Examples) -> np.ndarray:
    """Rise of the log loss [nat] by the loss of each channel (channel,); raises HeadroomError where the targets are no classes."""
    few = examples.take(np.linspace(0, len(examples) - 1, min(ASKED, len(examples))).astype(int))
    truth = few.targets()
    if not np.isin(truth, (0, 1)).all():
        raise HeadroomError("explain: permutation is of decoders; the targets here are no classes")
    values = few.inputs.values.copy()
    seen = replace(few, inputs=replace(few.inputs, values=values))
    rises = np.empty(values.shape[2])
    whole = _loss(fitted, seen, truth)
    for channel in range(len(rises)):
        kept = values[..., channel].copy()
        values[..., channel] = np.roll(kept, values.shape[1] // 2, axis=1)
        rises[channel] = _loss(fitted, seen, truth) - whole
        values[..., channel] = kept
    return rises


def _loss(fitted: Fitted, examples: Examples, truth: np.ndarray) -> float:
    """Mean log loss at the first offset."""
    point = fitted.predict(examples).point
    return float(-np.log(np.maximum((point * truth)[:, 0].sum(axis=-1), LEAST)).mean())
