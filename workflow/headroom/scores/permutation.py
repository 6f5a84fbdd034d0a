"""The permutation test of a decoder: its decisions held against labels that were moved in time, which keeps how both hang together.

Labels and decisions are autocorrelated, so that shuffling single examples would make any decoder look significant; here each trial's
labels are rotated as a whole by a random part of the trial (Harris 2020, "Nonsense correlations in neuroscience").
"""

from typing import TYPE_CHECKING

import numpy as np

from headroom.core.examples import Examples
from headroom.core.randomness import stream
from headroom.scores.tally import TOGETHER, Label, text

if TYPE_CHECKING:
    from pandas import DataFrame

PERMUTED = "permuted"
"""Subset of these tallies. Their statistics are the number of examples, then right decisions: in the true order, after each rotation."""
METRIC = "accuracy"
TIMES = 399
"""Rotations: with the statistics of a test they make up the width of the widest other tally."""
NEAREST = 0.1
"""Part of a trial below which no label is moved, either way."""


def permuted(label: Label, examples: Examples, point: np.ndarray) -> "DataFrame":
    """One row of a tally: examples, and right decisions at the first offset in the true order and after every rotation.

    `point` are probabilities (example, offset, class). The rotations are the same for every model of the same examples.
    """
    import pandas

    decoded, true = point[:, 0].argmax(axis=1), examples.targets()[:, 0].argmax(axis=1)
    rng = stream(0, "permutation")
    right = np.zeros(TIMES + 1)
    for trial in np.unique(examples.trial):
        mine = np.flatnonzero(examples.trial == trial)
        shifts = np.array([0, *_shifts(len(mine), rng)])
        moved = (np.arange(len(mine)) - shifts[:, None]) % len(mine)
        right += (true[mine][moved] == decoded[mine]).sum(axis=1)
    names = {"subset": PERMUTED, "tested": label.tested, "task": label.task, "model": label.model, "role": label.role}
    names |= {"ceiling_gives": None, "metric": METRIC, "target": TOGETHER}
    columns = {name: text(np.zeros(1, int), [words]) for name, words in names.items()}
    columns |= {"unit": np.zeros(1, int), "offset": np.array([examples.offsets[0]]), "seed": pandas.array([label.seed], dtype="Int64")}
    return pandas.DataFrame(columns | {f"s{place}": [value] for place, value in enumerate((len(decoded), *right))})


def _shifts(examples: int, rng: np.random.Generator) -> np.ndarray:
    """By how many examples the labels of a trial of so many are rotated (rotation,)."""
    least = max(1, round(NEAREST * examples))
    return rng.integers(least, max(least, examples - least) + 1, TIMES)
