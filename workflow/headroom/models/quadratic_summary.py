"""Ridge regression on the peaks, latencies and areas of an evoked potential, their squares and products: what a person would measure."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt, MinLen

from headroom.core.examples import Examples, Kind, Scale, Target
from headroom.core.prediction import Prediction
from headroom.core.protocols import Role, Workspace
from headroom.core.scaling import pack, scale_of, unpack
from headroom.core.settings import settings
from headroom.core.shape import DataShape
from headroom.models._feature_ridge import Rows, fit_ridge
from headroom.models._network_parts import one_answer
from headroom.models._ridge import Weights

AREAS = 12
"""Equal stretches of a window whose means are features."""
FURTHEST = 3.0
"""SDs from the mean beyond which a feature counts as being there: squares of outliers would rule the fit."""


@settings
class QuadraticSummary:
    """Of the one channel, or of the direction in which all channels vary most."""

    role: ClassVar[Role] = "baseline"
    seeded: ClassVar[bool] = False
    answers: ClassVar[tuple[Kind, ...]] = ("window",)
    smooth: Annotated[float, Ge(0)] = 0.02
    """Running mean before anything is measured [s]."""
    penalties: Annotated[tuple[Annotated[float, Gt(0)], ...], MinLen(1)] = (1e-2, 3e-2, 1e-1, 3e-1, 1.0, 3.0)
    """Ridge penalties to try, for standardised features."""
    folds: Annotated[int, Ge(2)] = 5
    """Folds of the training examples that choose where there is no validation."""

    def fit_work(self, data: DataShape) -> float:
        """Multiply-adds of the running means, and of the squares of all features."""
        features = (AREAS + 9) ** 2 / 2
        return (data.train + data.valid) * (data.length * data.channels + features**2)

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple["QuadraticFit", Rows]:
        """In closed form, one row for each penalty."""
        one_answer("quadratic_summary", train)
        scale = scale_of(train)
        measure = Measure(*_loudest(train, scale), self.smooth, scale)
        plain = measure.of(train)
        standard = plain.mean(axis=0), np.maximum(plain.std(axis=0), 1e-12)
        count = (plain.shape[1] * (plain.shape[1] + 3)) // 2
        chosen = fit_ridge(
            "quadratic_summary", lambda part: _quadratic(measure.of(part), *standard), train, valid, [count], self.penalties, self.folds
        )  # fmt: skip
        weights = Weights(chosen.weights.slopes[0], chosen.weights.intercept[0])
        return QuadraticFit(measure, *standard, weights), chosen.history

    def restore(self, state: Mapping[str, np.ndarray]) -> "QuadraticFit":
        """The fit that was saved."""
        measure = Measure(state["channels"], float(state["unit"].item()), float(state["smooth"].item()), unpack(state))
        return QuadraticFit(measure, state["mean"], state["sd"], Weights(state["slopes"], state["intercept"]))


@dataclass(frozen=True)
class Measure:
    """What is measured of a recording."""

    channels: np.ndarray  # (channel,): weights of the standardised channels in the one trace
    unit: float
    """A usual size of it; sizes well above are told apart by their logarithm."""
    smooth: float
    scale: Scale

    def of(self, examples: Examples) -> np.ndarray:
        """Areas of stretches, peaks and their latencies (example, feature)."""
        from scipy.ndimage import uniform_filter1d

        whole = ((examples.windows() - self.scale.mean) / self.scale.sd) @ self.channels
        trace = uniform_filter1d(whole, max(1, round(self.smooth / examples.inputs.dt)), axis=1)
        edges = np.linspace(0, trace.shape[1], AREAS + 1).astype(int)
        areas = [trace[:, first:last].mean(axis=1) for first, last in pairwise(edges)]
        slope = np.diff(trace, axis=1)
        peaks = [trace.max(axis=1), trace.min(axis=1), trace.std(axis=1), 10 * slope.max(axis=1), 10 * slope.min(axis=1)]
        times = [
            trace.argmax(axis=1),
            trace.argmin(axis=1),
            slope.argmax(axis=1),
            (trace > trace.max(axis=1, keepdims=True) / 2).sum(axis=1),
        ]
        sizes = np.arcsinh(np.stack([*areas, *peaks], axis=1) / self.unit)
        return np.concatenate([sizes, np.stack(times, axis=1) * examples.inputs.dt], axis=1)


@dataclass(frozen=True)
class QuadraticFit:
    """A quadratic function of what is measured."""

    measure: Measure
    mean: np.ndarray  # (feature,)
    sd: np.ndarray  # (feature,)
    weights: Weights  # slopes (quadratic feature, target), intercept (1, target)

    def predict(self, examples: Examples) -> Prediction:
        """(example, 1, target) in physical units."""
        answers = _quadratic(self.measure.of(examples), self.mean, self.sd) @ self.weights.slopes + self.weights.intercept
        scale = self.measure.scale
        return Prediction((answers * scale.track_sd + scale.track_mean)[:, None])

    def state(self) -> dict[str, np.ndarray]:
        """What is measured and how it is weighed."""
        measure = {"channels": self.measure.channels, "unit": np.array(self.measure.unit), "smooth": np.array(self.measure.smooth)}
        weights = {"slopes": self.weights.slopes, "intercept": self.weights.intercept}
        return {**measure, **weights, "mean": self.mean, "sd": self.sd, **pack(self.measure.scale)}


def _loudest(examples: Examples, scale: Scale) -> tuple[np.ndarray, float]:
    """The direction (channel,) of the largest mean square, its largest entry positive; and the median size along it."""
    values = (examples.inputs.values[np.unique(examples.trial)] - scale.mean) / scale.sd
    _, vectors = np.linalg.eigh(np.einsum("tsc,tsd->cd", values, values))
    direction = vectors[:, -1] * np.sign(vectors[np.abs(vectors[:, -1]).argmax(), -1])
    return direction, float(np.median(np.abs(values @ direction)) or 1.0)


def _quadratic(plain: np.ndarray, mean: np.ndarray, sd: np.ndarray) -> np.ndarray:
    """Standardised features, no further than FURTHEST from their mean, their squares and products (example, feature)."""
    features = np.clip((plain - mean) / sd, -FURTHEST, FURTHEST)
    first, second = np.triu_indices(features.shape[1])
    return np.concatenate([features, features[:, first] * features[:, second]], axis=1)
