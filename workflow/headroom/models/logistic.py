"""Multinomial logistic regression on lagged principal components of the channels: the linear decoder (Cox 1958)."""

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
from headroom.models._multinomial import answered, regressed

Rows = list[dict[str, float]]


@settings
class Logistic:
    """Linear in the lags of every component; the penalty is chosen on validation by log loss."""

    role: ClassVar[Role] = "linear"
    seeded: ClassVar[bool] = False
    answers: ClassVar[tuple[Kind, ...]] = ("category",)

    lags: Annotated[int, Ge(1)] = 16
    """Newest samples of the window that are read."""
    components: Annotated[int, Ge(1)] = 40
    """Principal components of the channels, where there are more channels than that."""
    penalties: Annotated[tuple[Annotated[float, Gt(0)], ...], MinLen(1)] = (1e-3, 1e-2, 1e-1, 1.0)
    """Ridge penalties on the slopes to try, for standardised data."""

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple["LogisticFit", Rows]:
        """A row for each penalty."""
        inputs = lagged(train, self.lags, self.components)
        held, held_truth = rows(inputs, chooser(train, valid))
        tried: list[tuple[float, int, np.ndarray]] = []
        history: Rows = []
        for penalty, weights in regressed(*rows(inputs, train), self.penalties):
            loss = log_loss(answered(weights, held), held_truth)
            tried.append((loss, len(tried), weights))
            history.append({"penalty": penalty, "valid_loss": loss})
        return LogisticFit(inputs, min(tried)[2], np.array(train.offsets)), history

    def restore(self, state: Mapping[str, np.ndarray]) -> "LogisticFit":
        """The fit that was saved."""
        return LogisticFit(Lagged(unpack(state), state["directions"], int(state["lags"].item())), state["weights"], state["offsets"])


@dataclass(frozen=True)
class LogisticFit:
    """Log-odds that are linear in the features."""

    inputs: Lagged
    weights: np.ndarray  # (feature + 1, offset x class); the last row holds the intercepts
    offsets: np.ndarray  # (offset,)

    def predict(self, examples: Examples) -> Prediction:
        """Probabilities (example, offset, class)."""
        require_offsets("logistic", examples, self.offsets)
        parts = [answered(self.weights, self.inputs.features(examples, batch)) for batch in batches(examples)]
        return Prediction(np.concatenate([np.empty((0, self.weights.shape[1])), *parts])[:, None])

    def sensitivity(self, examples: Examples) -> np.ndarray:
        """(class, length, channel): mean |d probability / d input| over the examples, in units of the input."""
        slopes = self.inputs.gradient(self.weights[:-1].T)[:, ::-1]  # (class, lag, channel), oldest first
        total = np.zeros_like(slopes)
        for batch in batches(examples):
            p = answered(self.weights, self.inputs.features(examples, batch))  # (example, class)
            jacobian = p[:, :, None] * (np.eye(p.shape[1]) - p[:, None])  # (example, class, log-odds)
            total += np.abs(np.einsum("eck,klh->eclh", jacobian, slopes)).sum(axis=0)
        unseen = np.zeros((len(slopes), examples.length - self.inputs.lags, slopes.shape[2]))
        return np.concatenate([unseen, total / len(examples)], axis=1) / self.inputs.scale.sd

    def state(self) -> dict[str, np.ndarray]:
        """Weights, projection, scale and offsets."""
        inputs = {"directions": self.inputs.directions, "lags": np.array(self.inputs.lags), **pack(self.inputs.scale)}
        return {"weights": self.weights, "offsets": self.offsets, **inputs}
