"""What was observed of a system, as tables: how far recordings rise above their noise, and how potentials lie over the head."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from headroom.core.dataset import Dataset
from headroom.core.lead_field import LeadField

if TYPE_CHECKING:
    from pandas import DataFrame

SIGNAL_TO_NOISE = ["trial", "signal", "noise_power", "decibel", "channels", "unit"]
TOPOGRAPHY = ["part", "channel", "x", "y", "value", "unit", "time", "trial"]
GAIN, RESPONSE, OBSERVED = "gain of the source", "response without noise", "observed"


def signal_to_noise(dataset: Dataset, lead_fields: Sequence[LeadField] = ()) -> DataFrame:
    """A row for each trial: variance over time of the noise-free signal, the noise's, both mean over channels, and their ratio [dB].

    Empty where the noise is unknown or there is none.
    """
    from pandas import DataFrame

    seen = dataset.test.inputs
    if seen.clean is None or seen.noise_sd is None or not seen.noise_sd.any():
        return DataFrame(columns=SIGNAL_TO_NOISE)
    signal, noise = seen.clean.var(axis=1).mean(axis=1), float((seen.noise_sd**2).mean())
    with np.errstate(divide="ignore"):
        rows = DataFrame({"trial": np.arange(seen.trials), "signal": signal, "decibel": 10 * np.log10(signal / noise)})
    rows = rows.assign(noise_power=noise, channels=len(seen.channels), unit=seen.unit)
    return rows.loc[signal > 0, SIGNAL_TO_NOISE]


def topography(dataset: Dataset, lead_fields: Sequence[LeadField] = ()) -> DataFrame:
    """A row for each sensor and part: the source's gain, and the first test trial at the moment when it is strongest over the head.

    Empty where the channels are those of no lead field.
    """
    import pandas

    seen, trial = dataset.test.inputs, int(dataset.test.trial.min())
    mine = [field for field in lead_fields if tuple(field.channels) == tuple(seen.channels)]
    if not mine:
        return pandas.DataFrame(columns=TOPOGRAPHY)
    field, clean = mine[0], seen.truth()[trial]
    moment = int((clean**2).mean(axis=1).argmax())
    x, y = flat(field.positions).T
    values = {GAIN: field.source, RESPONSE: clean[moment], OBSERVED: seen.values[trial, moment]}
    place = {"channel": np.array(seen.channels, object), "x": x, "y": y, "time": moment * seen.dt, "trial": trial}
    units = {GAIN: "uV/mV", RESPONSE: seen.unit, OBSERVED: seen.unit}
    parts = [pandas.DataFrame(place | {"part": part, "value": value, "unit": units[part]}) for part, value in values.items()]
    return pandas.concat(parts, ignore_index=True)[TOPOGRAPHY]


def flat(positions: np.ndarray) -> np.ndarray:
    """Sensors (channel, 2) on a disc: angle from the vertex over a right angle, in the direction x to the right, y to the front.

    `positions` (channel, 3) lie on a sphere about a middle that is fitted to them.
    """
    design = np.column_stack([2 * positions, np.ones(len(positions))])
    middle = np.linalg.lstsq(design, (positions**2).sum(axis=1), rcond=None)[0][:3]
    away = positions - middle
    level = np.hypot(away[:, 0], away[:, 1])
    angle = np.arctan2(level, away[:, 2]) / (np.pi / 2)
    return np.asarray(angle[:, None] * away[:, :2] / np.maximum(level, 1e-12)[:, None])


OF_DATASETS: dict[str, Callable[[Dataset, Sequence[LeadField]], DataFrame]] = {"signal_to_noise": signal_to_noise, "topography": topography}
