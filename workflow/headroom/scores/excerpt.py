"""A stretch of predictions beside the truth, and beside what was seen, for figures: the first test trial, channel by channel.

Where a trial is one example, as in inference, all trials.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from headroom.core.examples import Examples
from headroom.core.signal import Signal
from headroom.core.units import each

if TYPE_CHECKING:
    from pandas import DataFrame

LONGEST = 400
"""Examples in an excerpt: what a figure can show."""
INPUTS = 5
"""Input channels in an excerpt, where the targets are other than these; those that are targets too are all there."""


def excerpt(point: np.ndarray, examples: Examples, offsets: tuple[int, ...], **columns: Any) -> "DataFrame":
    """Rows of part, trial, time [s], horizon [s], channel, truth, clean and prediction.

    `point` is (example, offset, target) for `examples` and `offsets` [samples]; `columns` are put beside every row. Part is
    "target", or "input" for what was seen at the time of each target, where that is another signal; horizons are those of forecasts.
    """
    from pandas import concat

    shown = first(examples)[:LONGEST]
    steps = examples.last[shown][:, None] + np.asarray(offsets)  # (example, offset)
    trial = np.broadcast_to(examples.trial[shown][:, None], steps.shape)
    horizon = [offset * examples.track.dt if offset > 0 else np.nan for offset in offsets]
    parts = [_stretch(examples.track, trial, steps, horizon).assign(part="target", prediction=point[shown].ravel())]
    if examples.track.values is not examples.inputs.values:
        parts.append(_stretch(examples.inputs, trial, steps, horizon, _shown(examples)).assign(part="input"))
    return concat(parts, ignore_index=True).assign(**columns)


def first(examples: Examples) -> np.ndarray:
    """Which examples are of the first trial; all of them where no trial has another."""
    if len(np.unique(examples.trial)) == len(examples):
        return np.arange(len(examples))
    return np.flatnonzero(examples.trial == examples.trial.min())


def _shown(examples: Examples) -> list[int]:
    channels, targets = examples.inputs.channels, examples.track.channels
    spread = np.linspace(0, len(channels) - 1, min(INPUTS, len(channels))).astype(int)  # neighbours may be of one kind
    return [place for place, name in enumerate(channels) if place in spread or name in targets]


def _stretch(signal: Signal, trial: np.ndarray, steps: np.ndarray, horizon: list[float], which: Sequence[int] | None = None) -> "DataFrame":
    """Rows of a signal's channels at steps (example, offset) of their trials."""
    from pandas import DataFrame

    kept = list(range(len(signal.channels)) if which is None else which)
    names, units = [signal.channels[place] for place in kept], each(signal.unit, len(signal.channels))
    clean = signal.clean[trial, steps][..., kept] if signal.clean is not None else np.full((*steps.shape, len(names)), np.nan, np.float32)
    return DataFrame(
        {
            "trial": np.repeat(trial.ravel(), len(names)),
            "time": np.repeat(steps.ravel() * signal.dt, len(names)),
            "horizon": np.repeat(np.tile(horizon, len(steps)), len(names)),
            "channel": np.tile(np.asarray(names, dtype=object), steps.size),
            "truth": signal.values[trial, steps][..., kept].ravel(),
            "clean": clean.ravel(),
            "unit": np.tile(np.asarray(units, dtype=object)[kept], steps.size),
        }
    )
