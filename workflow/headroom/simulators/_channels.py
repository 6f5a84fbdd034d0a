"""Columns that measure nothing: one value throughout, or a count of the samples."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from headroom.readers import Table
from headroom.simulators._clock import TOLERANCE

Constant = Literal["error", "drop"]
ENOUGH = 100
"""Steps of one size that are no coincidence."""


def moving(table: Table, values: np.ndarray, constant: Constant) -> np.ndarray:
    """Which channels (channel,) of values (trial, time, channel) change at all; raises BadRecording as the policy has it."""
    changes = (values != values[0, 0]).any(axis=(0, 1))
    still = [name for name, moves in zip(table.channels, changes, strict=True) if not moves]
    if still and (constant == "error" or not changes.any()):
        advice = "expected one that changes" if not changes.any() else "set constant: drop to leave it out"
        value = values[0, 0, table.channels.index(still[0])]
        raise table.bad(f"column {still[0]!r}: found {value:g} in every sample; {advice}")
    return changes


def refuse_counters(table: Table, values: np.ndarray, asked: Sequence[str]) -> None:
    """Raises BadRecording for a frame number or unnamed time among values (trial, time, channel), unless it is `asked` for by name."""
    steps = np.diff(values, axis=1)
    if steps.shape[0] * steps.shape[1] < ENOUGH:
        return
    first = steps[:1, :1]
    even = (np.abs(steps - first) <= TOLERANCE * np.abs(first)).all(axis=(0, 1)) & (first[0, 0] != 0)
    for name in np.array(table.channels)[even].tolist():
        if name not in asked:
            shown = ", ".join(f"{value:g}" for value in values[0, :3, table.channels.index(name)])
            advice = f"set `ignore: [{name}]`, `time: {name}` if these are seconds, or name it among `channels`"
            raise table.bad(f"column {name!r}: found a counter ({shown}, ...); expected a measurement: {advice}")
