"""Ridge regression of parameters on the principal components of whole recordings (Massy 1965; Hoerl and Kennard 1970)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt, MinLen

from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Kind, Scale, Target
from headroom.core.prediction import Prediction
from headroom.core.protocols import Role, Workspace
from headroom.core.scaling import pack, scale_of, unpack
from headroom.core.settings import settings
from headroom.core.shape import DataShape
from headroom.models._feature_ridge import Rows, fit_ridge
from headroom.models._network_parts import one_answer


@settings
class RidgeComponents:
    """The best linear predictor that some components of all samples and channels allow."""

    role: ClassVar[Role] = "linear"
    seeded: ClassVar[bool] = False
    answers: ClassVar[tuple[Kind, ...]] = ("window",)
    components: Annotated[tuple[Annotated[int, Ge(1)], ...], MinLen(1)] = (5, 10, 20, 40, 80, 160)
    """Numbers of components to try; as many as there are training recordings at most."""
    penalties: Annotated[tuple[Annotated[float, Gt(0)], ...], MinLen(1)] = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
    """Ridge penalties to try, for components of variance 1."""
    folds: Annotated[int, Ge(2)] = 5
    """Folds of the training examples that choose where there is no validation."""

    def fit_work(self, data: DataShape) -> float:
        """Multiply-adds of the products of all recordings with each other, and of projecting them."""
        return (data.train + data.valid) * data.length * data.channels * (data.train + max(self.components))

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple["RidgeComponentsFit", Rows]:
        """In closed form, one row for each candidate."""
        one_answer("ridge_components", train)
        scale = scale_of(train)
        directions = _directions(_flat(train, scale), max(self.components))
        counts = sorted({min(count, directions.shape[1]) for count in self.components})
        chosen = fit_ridge(
            "ridge_components", lambda part: _flat(part, scale) @ directions, train, valid, counts, self.penalties, self.folds
        )  # fmt: skip
        slopes = directions[:, : chosen.features] @ chosen.weights.slopes[0]
        return RidgeComponentsFit(slopes, chosen.weights.intercept[0], scale), chosen.history

    def restore(self, state: Mapping[str, np.ndarray]) -> "RidgeComponentsFit":
        """The fit that was saved."""
        return RidgeComponentsFit(state["slopes"], state["intercept"], unpack(state))


@dataclass(frozen=True)
class RidgeComponentsFit:
    """Weighted sums of all samples."""

    slopes: np.ndarray  # (length x channel, target), standardised
    intercept: np.ndarray  # (1, target)
    scale: Scale

    def predict(self, examples: Examples) -> Prediction:
        """(example, 1, target) in physical units; raises HeadroomError for windows of another size."""
        size = examples.length * len(examples.inputs.channels)
        if size != len(self.slopes):
            raise HeadroomError(f"ridge_components: found windows of {size} values; expected {len(self.slopes)}, as in training")
        answers = _flat(examples, self.scale) @ self.slopes + self.intercept
        return Prediction((answers * self.scale.track_sd + self.scale.track_mean)[:, None])

    def state(self) -> dict[str, np.ndarray]:
        """Weights and scale."""
        return {"slopes": self.slopes, "intercept": self.intercept, **pack(self.scale)}


def _flat(examples: Examples, scale: Scale) -> np.ndarray:
    """Standardised samples of all channels (example, length x channel)."""
    return ((examples.windows() - scale.mean) / scale.sd).reshape(len(examples), examples.length * len(scale.mean))


def _directions(flat: np.ndarray, number: int) -> np.ndarray:
    """(value, component) along which the rows vary most, scaled so that they vary by 1; by way of the rows' products, which are fewer."""
    centred = flat - flat.mean(axis=0)
    values, vectors = np.linalg.eigh(centred @ centred.T)
    kept = [place for place in np.argsort(values)[::-1][:number] if values[place] > 1e-9 * values.max()]
    return np.asarray(centred.T @ vectors[:, kept] * (np.sqrt(len(flat)) / values[kept]))
