"""Wiener filters of the classes: regressions of zeros and ones on lagged components (Wiener 1949; for decoding: Glaser et al. 2020)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from headroom.core.dataset import chooser
from headroom.core.examples import Examples
from headroom.core.scaling import pack, unpack
from headroom.models._class_rows import rows
from headroom.models._components import Lagged, lagged


@dataclass(frozen=True)
class Filters:
    """A linear score of each class."""

    inputs: Lagged
    weights: np.ndarray  # (feature + 1, class); the last row holds the intercepts

    def scores(self, features: np.ndarray) -> np.ndarray:
        """(example, class) for features (example, feature)."""
        return np.asarray(features @ self.weights[:-1] + self.weights[-1])

    def along(self, examples: Examples, batch: slice) -> np.ndarray:
        """Scores at the window's end and at every earlier sample that has lags enough (example, moment x class), newest first."""
        seen, lags = self.inputs.along(examples, batch, examples.length), self.inputs.lags
        moments = range(seen.shape[1] - lags + 1)
        return np.concatenate([self.scores(seen[:, age : age + lags].reshape(len(seen), -1)) for age in moments], axis=1)

    def state(self) -> dict[str, np.ndarray]:
        """Weights, projection and scale."""
        inputs = {"directions": self.inputs.directions, "lags": np.array(self.inputs.lags), **pack(self.inputs.scale)}
        return {"filters": self.weights, **inputs}


def restore_filters(state: Mapping[str, np.ndarray]) -> Filters:
    """The filters that `Filters.state` was taken of."""
    return Filters(Lagged(unpack(state), state["directions"], int(state["lags"].item())), state["filters"])


def filters(
    train: Examples, valid: Examples, lags: int, components: int, penalties: Sequence[float]
) -> tuple[Filters, list[dict[str, float]]]:
    """Ridge regression of the classes; the penalty, relative to the examples, is chosen by squared error on validation: a row for each."""
    inputs = lagged(train, lags, components)
    (features, truth), held = rows(inputs, train), rows(inputs, chooser(train, valid))
    middle, share = features.mean(axis=0), truth.mean(axis=0)
    gram = (features - middle).T @ (features - middle) / len(features)
    moment = (features - middle).T @ (truth - share) / len(features)
    tried, history = [], []
    for number, penalty in enumerate(penalties):
        slopes = np.linalg.solve(gram + penalty * np.eye(len(gram)), moment)
        found = Filters(inputs, np.concatenate([slopes, (share - middle @ slopes)[None]]))
        error = float(((found.scores(held[0]) - held[1]) ** 2).mean())
        tried.append((error, number, found))
        history.append({"penalty": penalty, "valid_loss": error})
    return min(tried, key=lambda one: one[:2])[2], history
