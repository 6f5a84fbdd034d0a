"""A Kalman filter of the label: classes as a linear Gaussian state, reported on by components of the channels (Wu et al. 2006)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt, MinLen

from headroom.core.dataset import chooser
from headroom.core.examples import Examples, Kind, Target
from headroom.core.prediction import Prediction
from headroom.core.protocols import Role, Workspace
from headroom.core.scaling import batches, pack, require_offsets, unpack
from headroom.core.settings import settings
from headroom.models._class_rows import log_loss, rows
from headroom.models._components import Lagged, lagged
from headroom.models._label_state import estimator, label_state
from headroom.models._multinomial import answered, regressed

Rows = list[dict[str, float]]
CALIBRATION = 1e-4
"""Ridge penalty of the calibration: a handful of slopes needs next to none."""


@settings
class Kalman:
    """Zeros and ones of the classes drift as a first-order autoregression; every sample reports on the state some samples before it.

    The filter starts in the stationary state at the window's first sample; a label inside the window is smoothed by what follows it.
    Logistic regression turns the state's estimate into probabilities; how late the reports are is chosen on validation by log loss.
    """

    role: ClassVar[Role] = "linear"
    seeded: ClassVar[bool] = False
    answers: ClassVar[tuple[Kind, ...]] = ("category",)

    components: Annotated[int, Ge(1)] = 40
    """Principal components of the channels, where there are more channels than that."""
    delays: Annotated[tuple[Annotated[int, Ge(0)], ...], MinLen(1)] = (0, 2, 4)
    """By how much the signal may lag behind the label, to try; those as long as the window are left out [samples]."""
    shrinkage: Annotated[float, Gt(0)] = 1e-3
    """Added to the variances of what is left of the components, relative to their mean."""

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple["KalmanFit", Rows]:
        """A row for each delay."""
        inputs = lagged(train, train.length, self.components)
        (seen, truth), (held, asked) = rows(inputs, train), rows(inputs, chooser(train, valid))
        tried, history = [], []
        for number, delay in enumerate(delay for delay in self.delays if not delay or delay < train.length):
            state = label_state(train, seen[:, : inputs.directions.shape[1]], delay, self.shrinkage)
            gains = estimator(state, train.length, train.offsets[0])
            ((_, calibration),) = regressed(seen @ gains, truth, [CALIBRATION])
            fit = KalmanFit(inputs, gains, calibration, np.array(train.offsets))
            loss = log_loss(answered(calibration, held @ gains), asked)
            tried.append((loss, number, fit))
            history.append({"delay": delay, "valid_loss": loss})
        return min(tried, key=lambda one: one[:2])[2], history

    def restore(self, state: Mapping[str, np.ndarray]) -> "KalmanFit":
        """The fit that was saved."""
        inputs = Lagged(unpack(state), state["directions"], int(state["lags"].item()))
        return KalmanFit(inputs, state["gains"], state["calibration"], state["offsets"])


@dataclass(frozen=True)
class KalmanFit:
    """What the filter's last estimate is of each sample of a window, and what it says of the classes."""

    inputs: Lagged
    gains: np.ndarray  # (lag x component, state), newest lag first
    calibration: np.ndarray  # (state + 1, class)
    offsets: np.ndarray  # (offset,)

    def predict(self, examples: Examples) -> Prediction:
        """Probabilities (example, offset, class)."""
        require_offsets("kalman", examples, self.offsets)
        parts = [answered(self.calibration, self.inputs.features(examples, batch) @ self.gains) for batch in batches(examples)]
        return Prediction(np.concatenate([np.empty((0, self.calibration.shape[1])), *parts])[:, None])

    def state(self) -> dict[str, np.ndarray]:
        """Gains, calibration, projection, scale and offsets."""
        inputs = {"directions": self.inputs.directions, "lags": np.array(self.inputs.lags), **pack(self.inputs.scale)}
        return {"gains": self.gains, "calibration": self.calibration, "offsets": self.offsets, **inputs}
