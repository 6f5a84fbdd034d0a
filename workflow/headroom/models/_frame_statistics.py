"""What decoders of labels take from the training examples beside their windows: shares of the classes, and the activity."""

import numpy as np

from headroom.core.examples import Examples
from headroom.core.scaling import batches, scale_of
from headroom.models._components import lagged


def class_shares(train: Examples) -> np.ndarray:
    """Share of the training examples that each class is asked for in (class,)."""
    counts = sum(train.targets(batch).sum(axis=(0, 1)) for batch in batches(train))
    return np.asarray(counts, float) / len(train)


def activity_direction(train: Examples) -> np.ndarray:
    """Weights (channel,) of a standardised frame that make its first principal component, of SD 1 over the training examples.

    The sign is arbitrary: its first large weight is made positive.
    """
    direction, scale = lagged(train, 1, 1).directions[:, 0], scale_of(train)
    scores = [((train.inputs.values[train.trial[b], train.last[b]] - scale.mean) / scale.sd) @ direction for b in batches(train)]
    spread = float(np.concatenate(scores).std())
    leading = direction[np.flatnonzero(np.abs(direction) > np.abs(direction).max() / 2)[0]]
    return direction * np.sign(leading) / (spread if spread > 0 else 1.0)
