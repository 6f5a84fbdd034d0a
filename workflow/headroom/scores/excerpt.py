"""A stretch of predictions beside the truth, and beside what was seen, for figures: the first test trial, channel by channel."""

from typing import TYPE_CHECKING, Any

import numpy as np

from headroom.core.examples import Examples
from headroom.core.signal import Signal

if TYPE_CHECKING:
    from pandas import DataFrame

LONGEST = 400
"""Examples in an excerpt: what a figure can show."""
INPUTS = 5
"""Input channels in an excerpt, where the targets are other than these."""


def excerpt(point: np.ndarray, examples: Examples, offsets: tuple[int, ...], **columns: Any) -> "DataFrame":
    """Rows of part, trial, time [s], horizon [s], channel, truth, clean and prediction.

    `point` is (example, offset, target) for `examples` and `offsets` [samples]; `columns` are put beside every row. Part is
    "target", or "input" for what was seen at the time of each target, where that is another signal; horizons are those of forecasts.
    """
    from pandas import concat

    shown = np.flatnonzero(examples.trial == examples.trial.min())[:LONGEST]
    steps = examples.last[shown][:, None] + np.asarray(offsets)  # (example, offset)
    trial = np.broadcast_to(examples.trial[shown][:, None], steps.shape)
    horizon = [offset * examples.track.dt if offset > 0 else np.nan for offset in offsets]
    parts = [_stretch(examples.track, trial, steps, horizon).assign(part="target", prediction=point[shown].ravel())]
    if examples.track.values is not examples.inputs.values:
        first = slice(0, INPUTS)
        parts.append(_stretch(examples.inputs, trial, steps, horizon, first).assign(part="input", prediction=np.nan))
    return concat(parts, ignore_index=True).assign(**columns)


def _stretch(signal: Signal, trial: np.ndarray, steps: np.ndarray, horizon: list[float], which: slice = slice(None)) -> "DataFrame":
    """Rows of a signal's channels at steps (example, offset) of their trials."""
    from pandas import DataFrame

    names = signal.channels[which]
    clean = signal.clean[trial, steps][..., which] if signal.clean is not None else np.full((*steps.shape, len(names)), np.nan)
    return DataFrame(
        {
            "trial": np.repeat(trial.ravel(), len(names)),
            "time": np.repeat(steps.ravel() * signal.dt, len(names)),
            "horizon": np.repeat(np.tile(horizon, len(steps)), len(names)),
            "channel": np.tile(np.asarray(names, dtype=object), steps.size),
            "truth": signal.values[trial, steps][..., which].ravel(),
            "clean": clean.ravel(),
            "unit": signal.unit,
        }
    )
