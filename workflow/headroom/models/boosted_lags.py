"""Gradient-boosted regression trees on a channel's own lags, shared by all channels (Friedman 2001; histograms: Ke et al. 2017)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt

from headroom.core.examples import Examples, Kind, Scale, Target
from headroom.core.prediction import Prediction
from headroom.core.protocols import Role, Workspace
from headroom.core.randomness import stream
from headroom.core.scaling import batches, pack, require_offsets, require_same_channels, scale_of, unpack
from headroom.core.settings import settings
from headroom.models._trees import Forest, forest_of, restore

Rows = list[dict[str, float]]


@settings
class BoostedLags:
    """A forest for each horizon; trees are added until the squared error on validation stops falling."""

    role: ClassVar[Role] = "baseline"
    seeded: ClassVar[bool] = False
    answers: ClassVar[tuple[Kind, ...]] = ("ahead",)
    lags: Annotated[int, Ge(1)] = 12
    """Newest samples that are read."""
    rows: Annotated[int, Ge(100)] = 200_000
    """Training rows (an example and a channel) drawn at random, where there are more."""
    trees: Annotated[int, Ge(1)] = 300
    """Most trees of a forest."""
    leaves: Annotated[int, Ge(2)] = 31
    """Most leaves of a tree."""
    learning_rate: Annotated[float, Gt(0)] = 0.1
    """Share of each tree's answer that is added."""
    patience: Annotated[int, Ge(1)] = 10
    """Trees without improvement after which no more are added."""

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple["Boosted", Rows]:
        """One row per tree and horizon; raises HeadroomError where targets are not the inputs themselves."""
        require_same_channels("boosted_lags", train)
        lags = min(self.lags, train.length)
        seen = _rows(train, lags, self.rows)
        held = _rows(valid, lags, self.rows // 4) if len(valid) else seen
        forests, history = [], []
        for place, offset in enumerate(train.offsets):
            forest, losses = self._grow(seen[0], seen[1][:, place], held[0], held[1][:, place])
            forests.append(forest)
            history += [{"offset": offset, "trees": number + 1, "valid_loss": float(loss)} for number, loss in enumerate(losses)]
            workspace.report(f"offset {offset}: {len(forest.root)} trees, squared error on validation {min(losses):.4g}")
        return Boosted(tuple(forests), lags, scale_of(train), np.array(train.offsets)), history

    def restore(self, state: Mapping[str, np.ndarray]) -> "Boosted":
        """The forests that were saved."""
        forests = tuple(restore(state, str(place)) for place in range(len(state["offsets"])))
        return Boosted(forests, int(state["lags"].item()), unpack(state), state["offsets"])

    def _grow(self, x: np.ndarray, y: np.ndarray, held_x: np.ndarray, held_y: np.ndarray) -> tuple[Forest, list[float]]:
        from sklearn.ensemble import HistGradientBoostingRegressor

        model = HistGradientBoostingRegressor(
            max_iter=self.trees,
            max_leaf_nodes=self.leaves,
            learning_rate=self.learning_rate,
            early_stopping=True,
            n_iter_no_change=self.patience,
            random_state=0,
        )
        model.fit(x, y, X_val=held_x, y_val=held_y)
        return forest_of(model), [-float(score) for score in model.validation_score_[1:]]


@dataclass(frozen=True)
class Boosted:
    """A forest for each horizon, on standardised lags."""

    forests: tuple[Forest, ...]
    lags: int
    scale: Scale
    offsets: np.ndarray  # (offset,)

    def predict(self, examples: Examples) -> Prediction:
        """(example, offset, channel) in physical units."""
        require_offsets("boosted_lags", examples, self.offsets)
        shape = (len(self.offsets), len(self.scale.track_mean))
        parts = [self._answer(_lagged(examples, batch, self.lags, self.scale)).reshape(-1, *shape) for batch in batches(examples)]
        return Prediction(np.concatenate([np.empty((0, *shape)), *parts]) * self.scale.track_sd + self.scale.track_mean)

    def state(self) -> dict[str, np.ndarray]:
        """Trees, lags, scale and offsets."""
        trees = [forest.state(str(place)) for place, forest in enumerate(self.forests)]
        arrays = {name: array for part in trees for name, array in part.items()}
        return {**arrays, "lags": np.array(self.lags), "offsets": self.offsets, **pack(self.scale)}

    def _answer(self, lagged: np.ndarray) -> np.ndarray:
        """(example, offset, channel) from (example, channel, lag)."""
        rows = lagged.reshape(-1, self.lags)
        return np.stack([forest.predict(rows).reshape(lagged.shape[:2]) for forest in self.forests], axis=1)


def _lagged(examples: Examples, batch: slice | np.ndarray, lags: int, scale: Scale) -> np.ndarray:
    """Standardised lags (example, channel, lag), newest first."""
    steps = examples.last[batch][:, None] - np.arange(lags)
    values = examples.inputs.values[examples.trial[batch][:, None], steps]
    return ((values - scale.mean) / scale.sd).transpose(0, 2, 1)


def _rows(examples: Examples, lags: int, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Standardised lags (row, lag) and what followed (row, offset) of whole examples drawn at random, about `most` rows in all."""
    scale, channels = scale_of(examples), len(examples.inputs.channels)
    count = min(len(examples), max(1, most // channels))
    chosen = np.sort(stream(0, "boosted_lags", len(examples)).choice(len(examples), count, replace=False))
    ahead = (examples.targets(chosen) - scale.track_mean) / scale.track_sd
    return _lagged(examples, chosen, lags, scale).reshape(-1, lags), ahead.transpose(0, 2, 1).reshape(-1, len(examples.offsets))
