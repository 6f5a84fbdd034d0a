"""What is said of every test recording: each inferred number beside the truth, and where the truth lies among draws of the posterior."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from headroom.core.calibration import distances, ranks
from headroom.core.examples import Examples
from headroom.core.protocols import Sampled
from headroom.core.randomness import stream
from headroom.scores.evaluation import Entry, Points
from headroom.scores.tally import text

if TYPE_CHECKING:
    from pandas import DataFrame

DRAWS = 500
"""Of each posterior."""
PART = "parameter"


def estimates(entry: Entry, task: str, examples: Examples, points: Points) -> Iterator["DataFrame"]:
    """Rows of the first seed's answers `points` to every example; of its posterior too where it has one."""
    seed, fitted = next(iter(entry.fits.items()))
    seen, rng = entry.told(examples), stream(0, "estimates", entry.name)
    draws = fitted.sample(seen, DRAWS, rng) if isinstance(fitted, Sampled) else None
    columns: dict[str, Any] = {"task": task, "model": entry.name, "role": entry.role, "seed": -1 if seed is None else seed}
    yield estimated(points[seed], examples, draws, rng=rng, **columns)


def estimated(
    point: np.ndarray, examples: Examples, draws: np.ndarray | None = None, doubtful: np.ndarray | None = None, *,
    rng: np.random.Generator, **columns: Any,
) -> "DataFrame":  # fmt: skip
    """A row for each example and target: trial, channel, truth, prediction; with draws also sd, rank and distance.

    `point` is (example, 1, target), draws (draw, example, 1, target), doubtful (example,). Rank and distance are shares of
    draws (`core/calibration.py`); references of distances are even over the range of the truth. `columns` are put beside every row.
    """
    from pandas import DataFrame

    truth, names = examples.targets()[:, 0], examples.track.channels
    trial, target = (axis.ravel() for axis in np.indices(truth.shape, np.int32))
    found = {"sd": np.full(truth.shape, np.nan), "rank": np.full(truth.shape, np.nan), "distance": np.full(len(truth), np.nan)}
    if draws is not None:
        low, high = truth.min(axis=0), truth.max(axis=0)
        width = np.where(high > low, high - low, 1.0)
        references = rng.random(truth.shape)
        each = draws[:, :, 0]
        found = {"sd": each.std(axis=0, ddof=1), "rank": ranks(each, truth, rng)}
        found["distance"] = distances((each - low) / width, (truth - low) / width, references, rng)
    found["distance"] = np.repeat(found["distance"], truth.shape[1])
    table = {"trial": examples.trial[trial], "channel": text(target, names), "truth": truth.ravel(), "prediction": point.ravel()}
    table |= {name: values.ravel() for name, values in found.items()}
    table["doubtful"] = np.zeros(truth.size, bool) if doubtful is None else doubtful[trial]
    return DataFrame(table).assign(draws=0 if draws is None else len(draws), part=PART, **columns)
