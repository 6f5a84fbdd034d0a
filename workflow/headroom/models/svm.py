"""A linear support vector machine on lagged components (Cortes and Vapnik 1995), its scores turned into probabilities (Platt 1999)."""

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
CALIBRATION = 1e-4
"""Ridge penalty of the calibration: a handful of slopes on scores of order 1 needs next to none."""


@settings
class Svm:
    """Squared hinge loss, each class against the rest. Distances from the borders become probabilities by logistic regression.

    That regression and the penalty rest on validation: on training examples the margins look better than they are.
    """

    role: ClassVar[Role] = "linear"
    seeded: ClassVar[bool] = False
    answers: ClassVar[tuple[Kind, ...]] = ("category",)

    lags: Annotated[int, Ge(1)] = 8
    """Newest samples of the window that are read."""
    components: Annotated[int, Ge(1)] = 40
    """Principal components of the channels, where there are more channels than that."""
    penalties: Annotated[tuple[Annotated[float, Gt(0)], ...], MinLen(1)] = (1e-1, 1.0)
    """Weights of |slopes|^2 / 2 against the mean squared hinge loss to try, for standardised data."""

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple["SvmFit", Rows]:
        """A row for each penalty."""
        inputs = lagged(train, self.lags, self.components)
        (features, truth), (held, asked) = rows(inputs, train), rows(inputs, chooser(train, valid))
        tried, history = [], []
        for number, penalty in enumerate(self.penalties):
            borders = _borders(features, truth, penalty)
            scores = held @ borders[:-1] + borders[-1]
            ((_, calibration),) = regressed(scores, asked, [CALIBRATION])
            loss = log_loss(answered(calibration, scores), asked)
            tried.append((loss, number, SvmFit(inputs, borders, calibration, np.array(train.offsets))))
            history.append({"penalty": penalty, "valid_loss": loss})
        return min(tried, key=lambda one: one[:2])[2], history

    def restore(self, state: Mapping[str, np.ndarray]) -> "SvmFit":
        """The fit that was saved."""
        inputs = Lagged(unpack(state), state["directions"], int(state["lags"].item()))
        return SvmFit(inputs, state["borders"], state["calibration"], state["offsets"])


@dataclass(frozen=True)
class SvmFit:
    """Signed distances from each class's border, and what they say of its probability."""

    inputs: Lagged
    borders: np.ndarray  # (feature + 1, border); the last row holds the intercepts; one border where there are two classes
    calibration: np.ndarray  # (border + 1, class)
    offsets: np.ndarray  # (offset,)

    def predict(self, examples: Examples) -> Prediction:
        """Probabilities (example, offset, class)."""
        require_offsets("svm", examples, self.offsets)
        parts = [answered(self.calibration, self.scores(self.inputs.features(examples, batch))) for batch in batches(examples)]
        return Prediction(np.concatenate([np.empty((0, self.calibration.shape[1])), *parts])[:, None])

    def scores(self, features: np.ndarray) -> np.ndarray:
        """Distances (example, border)."""
        return np.asarray(features @ self.borders[:-1] + self.borders[-1])

    def state(self) -> dict[str, np.ndarray]:
        """Borders, calibration, projection, scale and offsets."""
        inputs = {"directions": self.inputs.directions, "lags": np.array(self.inputs.lags), **pack(self.inputs.scale)}
        return {"borders": self.borders, "calibration": self.calibration, "offsets": self.offsets, **inputs}


def _borders(features: np.ndarray, truth: np.ndarray, penalty: float) -> np.ndarray:
    """Slopes and intercepts (feature + 1, border), solved in the primal: there are more examples than features."""
    from sklearn.svm import LinearSVC

    model = LinearSVC(C=1 / (penalty * len(features)), dual=False, tol=1e-3)
    model.fit(features, truth.argmax(axis=1))
    return np.concatenate([model.coef_.T, model.intercept_[None]])
