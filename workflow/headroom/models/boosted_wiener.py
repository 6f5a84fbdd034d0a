"""Gradient-boosted trees on the scores of Wiener filters along the window (Friedman 2001; histograms: Ke et al. 2017)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Annotated, Any, ClassVar

import numpy as np
from annotated_types import Ge, Gt, MinLen

from headroom.core.dataset import chooser
from headroom.core.examples import Examples, Kind, Target
from headroom.core.prediction import Prediction
from headroom.core.protocols import Role, Workspace
from headroom.core.scaling import batches, require_offsets
from headroom.core.settings import settings
from headroom.models._class_rows import probabilities
from headroom.models._trees import Forest, forest_of, restore
from headroom.models._wiener import Filters, filters, restore_filters

Rows = list[dict[str, float]]


@settings
class BoostedWiener:
    """The trees bend and combine what linear filters say now and said before; they are added until validation gains no more."""

    role: ClassVar[Role] = "baseline"
    seeded: ClassVar[bool] = False
    answers: ClassVar[tuple[Kind, ...]] = ("category",)

    lags: Annotated[int, Ge(1)] = 8
    """Samples that a filter reads; what the window shows beyond them are moments to score."""
    components: Annotated[int, Ge(1)] = 40
    """Principal components of the channels, where there are more channels than that."""
    penalties: Annotated[tuple[Annotated[float, Gt(0)], ...], MinLen(1)] = (1e-2, 1e-1, 1.0)
    """Ridge penalties on the filters' slopes to try, for standardised data."""
    trees: Annotated[int, Ge(1)] = 200
    """Most trees of a class."""
    leaves: Annotated[int, Ge(2)] = 15
    """Most leaves of a tree."""
    learning_rate: Annotated[float, Gt(0)] = 0.05
    """Share of each tree's answer that is added."""
    patience: Annotated[int, Ge(1)] = 10
    """Trees without improvement after which no more are added."""

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple["BoostedWienerFit", Rows]:
        """A row for each number of trees."""
        found, _ = filters(train, valid, self.lags, self.components, self.penalties)
        seen, held = (_rows(found, part) for part in (train, chooser(train, valid)))
        model = self._grown(seen, held)
        forests = tuple(forest_of(of_class) for of_class in _by_class(model))
        losses = [-float(score) for score in model.validation_score_[1:]]
        workspace.report(f"{len(forests[0].root)} trees a class, log loss on validation {min(losses):.4g}")
        history = [{"trees": number + 1, "valid_loss": loss} for number, loss in enumerate(losses)]
        return BoostedWienerFit(found, forests, np.array(train.offsets)), history

    def restore(self, state: Mapping[str, np.ndarray]) -> "BoostedWienerFit":
        """The fit that was saved."""
        count = sum(name.endswith(".root") for name in state)
        return BoostedWienerFit(restore_filters(state), tuple(restore(state, str(place)) for place in range(count)), state["offsets"])

    def _grown(self, seen: tuple[np.ndarray, np.ndarray], held: tuple[np.ndarray, np.ndarray]) -> Any:
        from sklearn.ensemble import HistGradientBoostingClassifier

        model = HistGradientBoostingClassifier(
            max_iter=self.trees,
            max_leaf_nodes=self.leaves,
            learning_rate=self.learning_rate,
            early_stopping=True,
            n_iter_no_change=self.patience,
            random_state=0,
        )
        return model.fit(*seen, X_val=held[0], y_val=held[1])


@dataclass(frozen=True)
class BoostedWienerFit:
    """Filters, and a forest of log-odds for each class; for the second alone where there are two."""

    filters: Filters
    forests: tuple[Forest, ...]
    offsets: np.ndarray  # (offset,)

    def predict(self, examples: Examples) -> Prediction:
        """Probabilities (example, offset, class)."""
        require_offsets("boosted_wiener", examples, self.offsets)
        parts = [self._answer(self.filters.along(examples, batch)) for batch in batches(examples)]
        return Prediction(np.concatenate([np.empty((0, self.filters.weights.shape[1])), *parts])[:, None])

    def state(self) -> dict[str, np.ndarray]:
        """Filters, trees and offsets."""
        trees = [forest.state(str(place)) for place, forest in enumerate(self.forests)]
        return {"offsets": self.offsets, **self.filters.state(), **{name: array for part in trees for name, array in part.items()}}

    def _answer(self, scores: np.ndarray) -> np.ndarray:
        odds = np.stack([forest.predict(scores) for forest in self.forests], axis=1)
        return probabilities(odds if len(self.forests) > 1 else np.column_stack([np.zeros(len(odds)), odds]))


def _rows(found: Filters, examples: Examples) -> tuple[np.ndarray, np.ndarray]:
    """Scores along the windows (example, score), and the number of the class of the first offset (example,)."""
    scores = np.concatenate([found.along(examples, batch) for batch in batches(examples)])
    return scores, np.concatenate([examples.targets(batch)[:, 0].argmax(axis=1) for batch in batches(examples)])


def _by_class(model: Any) -> list[SimpleNamespace]:
    """The trees of each class of a fitted HistGradientBoostingClassifier, as if it were a regressor of its own."""
    baselines = np.ravel(model._baseline_prediction)
    stages = [[[stage[number]] for stage in model._predictors] for number in range(len(baselines))]
    return [SimpleNamespace(_predictors=trees, _baseline_prediction=base) for trees, base in zip(stages, baselines, strict=True)]
