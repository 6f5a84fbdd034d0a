"""What a model predicts, and what an oracle says could be predicted."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Prediction:
    """In physical units, always; class probabilities where the target is a category."""

    point: np.ndarray  # (example, offset, target)
    draws: np.ndarray | None = None  # (draw, example, offset, target): from a posterior
    heads: Mapping[str, np.ndarray] = field(default_factory=dict)  # further read-outs of a multi-task network


@dataclass(frozen=True)
class Expectation:
    """What a ceiling says: a prediction, or the squared error that no predictor can undercut. One of the two is given."""

    point: np.ndarray | None = None  # (example, offset, target), physical units
    variance: np.ndarray | None = None  # (example, offset, target): expected squared error, physical units squared
    draws: np.ndarray | None = None  # (draw, example, offset, target): from the posterior whose mean the prediction is
    doubtful: np.ndarray | None = None  # (example,): whether the oracle's own checks failed there; such examples count all the same
    which: np.ndarray | None = None  # (example,): the test examples that it speaks of, by number; None: all
    note: str = ""
    """One line for the report: particles used, what it is conditional on."""
