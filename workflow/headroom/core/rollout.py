"""Free-running forecasts: a one-step forecaster is fed its own predictions."""

from dataclasses import replace

import numpy as np

from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples
from headroom.core.protocols import Fitted
from headroom.core.signal import Signal


def rollout(fitted: Fitted, examples: Examples, steps: int) -> np.ndarray:
    """Predictions (example, step, target) 1 to `steps` samples after each window, in physical units.

    Only the windows are read. Each predicted sample is appended to its window, which then moves on by one; where it came from in
    the recording stays known through `examples.origin()`.

    Raises HeadroomError unless the first offset is 1 and the targets are the input channels.
    """
    _check(examples)
    trial, start = examples.origin()
    values = np.concatenate([examples.windows(), np.zeros((len(examples), steps, len(examples.inputs.channels)))], axis=1)
    signal = Signal(values, examples.inputs.dt, examples.inputs.channels, examples.inputs.unit)
    window = replace(examples, inputs=signal, track=signal, trial=np.arange(len(examples)))
    for step in range(steps):
        context = {"trial": trial, "start": start + step}
        moved = replace(window, start=np.full(len(examples), step), context=context)
        values[:, examples.length + step] = fitted.predict(moved).point[:, 0]
    return values[:, examples.length :]


def _check(examples: Examples) -> None:
    if not examples.offsets or examples.offsets[0] != 1:
        raise HeadroomError(f"rollout: the first offset is {examples.offsets[:1]}; a forecaster that feeds itself needs 1")
    inputs, targets = examples.inputs.channels, examples.track.channels
    if inputs != targets:
        raise HeadroomError(
            f"rollout: inputs {inputs} and targets {targets} differ; predictions can only be fed back where they are the same"
        )
