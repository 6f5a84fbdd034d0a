"""What decoders by Bayes' rule share: rows of features with their classes, and probabilities from log joint densities."""

import numpy as np

from headroom.core.examples import Examples
from headroom.core.scaling import batches
from headroom.models._components import Lagged


def rows(inputs: Lagged, examples: Examples) -> tuple[np.ndarray, np.ndarray]:
    """Features (example, feature) and classes as zeros and ones (example, class), of the first offset."""
    features = np.concatenate([inputs.features(examples, batch) for batch in batches(examples)])
    return features, np.concatenate([examples.targets(batch)[:, 0] for batch in batches(examples)]).astype(float)


def probabilities(joint: np.ndarray) -> np.ndarray:
    """P(class | features) (example, class) from log P(class, features), up to a constant of each example."""
    raised = np.exp(joint - joint.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def log_loss(point: np.ndarray, truth: np.ndarray) -> float:
    """Mean of -log of the probability of the true class."""
    return float(-np.log(np.maximum((point * truth).sum(axis=1), 1e-300)).mean())
