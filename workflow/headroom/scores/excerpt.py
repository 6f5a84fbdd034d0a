"""A stretch of predictions beside the truth, for figures: the first test trial, channel by channel."""

from typing import TYPE_CHECKING, Any

import numpy as np

from headroom.core.examples import Examples

if TYPE_CHECKING:
    from pandas import DataFrame

LONGEST = 400
"""Examples in an excerpt: what a figure can show."""


def excerpt(point: np.ndarray, examples: Examples, offsets: tuple[int, ...], **columns: Any) -> "DataFrame":
    """Rows of trial, time [s], horizon [s], channel, truth, clean and prediction.

    `point` is (example, offset, target) for `examples` and `offsets` [samples]; `columns` are put beside every row.
    """
    from pandas import DataFrame

    shown = np.flatnonzero(examples.trial == examples.trial.min())[:LONGEST]
    steps = examples.last[shown][:, None] + np.asarray(offsets)  # (example, offset)
    trial = examples.trial[shown][:, None]
    track, names = examples.track, examples.track.channels
    cells = steps.size, len(names)
    clean = track.clean[trial, steps] if track.clean is not None else np.full((*steps.shape, len(names)), np.nan)
    table = DataFrame(
        {
            "trial": np.repeat(np.broadcast_to(trial, steps.shape).ravel(), cells[1]),
            "time": np.repeat(steps.ravel() * track.dt, cells[1]),
            "horizon": np.repeat(np.tile(np.asarray(offsets) * track.dt, len(shown)), cells[1]),
            "channel": np.tile(np.asarray(names, dtype=object), cells[0]),
            "truth": track.values[trial, steps].ravel(),
            "clean": clean.ravel(),
            "prediction": point[shown].ravel(),
        }
    )
    return table.assign(unit=track.unit, **columns)
