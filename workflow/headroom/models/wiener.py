"""Wiener filter and Wiener cascade: linear scores of the classes, and a polynomial behind them (Hunter and Korenberg 1986)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt, Le, MinLen

from headroom.core.examples import Examples, Kind, Target
from headroom.core.prediction import Prediction
from headroom.core.protocols import Role, Workspace
from headroom.core.scaling import batches, require_offsets
from headroom.core.settings import settings
from headroom.models._class_rows import probabilities, rows
from headroom.models._wiener import Filters, filters, restore_filters

Rows = list[dict[str, float]]
LEAST = 1e-4
"""Smallest probability before all are made to sum to 1."""


@settings
class Wiener:
    """Ridge regression of each class on the lags, then a polynomial of its score by least squares, clipped to probabilities."""

    role: ClassVar[Role] = "baseline"
    seeded: ClassVar[bool] = False
    answers: ClassVar[tuple[Kind, ...]] = ("category",)

    lags: Annotated[int, Ge(1)] = 16
    """Newest samples of the window that are read."""
    components: Annotated[int, Ge(1)] = 40
    """Principal components of the channels, where there are more channels than that."""
    degree: Annotated[int, Ge(1), Le(5)] = 1
    """Degree of the polynomial: 1 is the filter, 3 the usual cascade."""
    penalties: Annotated[tuple[Annotated[float, Gt(0)], ...], MinLen(1)] = (1e-3, 1e-2, 1e-1, 1.0)
    """Ridge penalties on the slopes to try, for standardised data."""

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple["WienerFit", Rows]:
        """A row for each penalty."""
        found, history = filters(train, valid, self.lags, self.components, self.penalties)
        features, truth = rows(found.inputs, train)
        scores = found.scores(features)
        bends = [np.polynomial.polynomial.polyfit(score, asked, self.degree) for score, asked in zip(scores.T, truth.T, strict=True)]
        return WienerFit(found, np.stack(bends), np.array(train.offsets)), history

    def restore(self, state: Mapping[str, np.ndarray]) -> "WienerFit":
        """The fit that was saved."""
        return WienerFit(restore_filters(state), state["bends"], state["offsets"])


@dataclass(frozen=True)
class WienerFit:
    """Filters and what follows them."""

    filters: Filters
    bends: np.ndarray  # (class, power): coefficients of each class's polynomial, the constant first
    offsets: np.ndarray  # (offset,)

    def predict(self, examples: Examples) -> Prediction:
        """Probabilities (example, offset, class)."""
        require_offsets("wiener", examples, self.offsets)
        parts = [self._bent(self.filters.scores(self.filters.inputs.features(examples, batch))) for batch in batches(examples)]
        return Prediction(np.concatenate([np.empty((0, len(self.bends))), *parts])[:, None])

    def state(self) -> dict[str, np.ndarray]:
        """Filters, polynomials and offsets."""
        return {"bends": self.bends, "offsets": self.offsets, **self.filters.state()}

    def _bent(self, scores: np.ndarray) -> np.ndarray:
        each = zip(scores.T, self.bends, strict=True)
        found = np.stack([np.polynomial.polynomial.polyval(score, bend) for score, bend in each], axis=1)
        return probabilities(np.log(np.clip(found, LEAST, 1)))
