"""What a component of each family must be able to do. Stages talk through these and through files, never directly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol, runtime_checkable

import numpy as np

from headroom.core.dataset import Dataset
from headroom.core.examples import Examples, Kind, Target
from headroom.core.prediction import Expectation, Prediction
from headroom.core.randomness import Streams
from headroom.core.recording import Recording
from headroom.core.signal import Signal

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

Role = Literal["trivial", "linear", "baseline", "model", "ceiling"]
Among = Literal["events", "rest"]
"""Targets at which an event such as a spike stands, or all others."""


@runtime_checkable
class Simulator(Protocol):
    """A system. `trials` is a field of every simulator: how many realisations it draws.

    A simulator may offer `size() -> int`, the values that its recording holds, so that one too large is refused before it runs; one
    that reads a user's files offers `files()`, which the rule takes as inputs, and `check()`, a quick look before any job starts.
    """

    def simulate(self, rng: Streams) -> Recording:
        """Every trial of the system; trial i draws from rng(i) alone."""


@runtime_checkable
class Resumable(Protocol):
    """A simulator that can go on from a recorded moment."""

    def futures(
        self, recording: Recording, trial: np.ndarray, time: np.ndarray, horizon: int, n: int, rng: np.random.Generator
    ) -> np.ndarray:
        """`n` futures of the states after sample time[e] of trial[e]: (example, future, horizon, channel)."""


@runtime_checkable
class ResumableAlone(Resumable, Protocol):
    """One whose channels have a state of their own, and can go on from it without knowing that of the others."""

    def own_futures(
        self, recording: Recording, trial: np.ndarray, time: np.ndarray, horizon: int, n: int, rng: np.random.Generator
    ) -> np.ndarray:
        """`n` futures of every channel from its own state, with fresh input of the others: (example, future, horizon, channel)."""


@runtime_checkable
class Filterable(Protocol):
    """A simulator of spiking blocks that can forecast from noisy states by filtering particles."""

    def forecasts(
        self,
        recording: Recording,
        trial: int,
        observed: np.ndarray,
        noise_sd: float,
        asked: np.ndarray,
        offsets: tuple[int, ...],
        particles: int,
        key: int,
        *,
        connected: bool,
    ) -> tuple[np.ndarray, int]:
        """Means over particles (example, offset, channel) after the samples `asked` (example,) of observed (time, channel), and losses."""


@runtime_checkable
class ObservationStep(Protocol):
    """A sensor or a noise: one step from signal to signal."""

    def apply(self, signal: Signal, rng: Streams) -> Signal:
        """The signal after this step; trial i draws from rng(i) alone."""


@runtime_checkable
class Task(Protocol):
    """How a recording and what was observed of it become (input, target) pairs."""

    name: str
    """The name in the tables."""
    kind_of_target: ClassVar[Kind]
    rollout: int
    """How far forecasts are fed back [samples]; 0 where they cannot be."""

    def target(self, recording: Recording, observed: Signal) -> Target:
        """What models are asked for."""

    def examples(self, recording: Recording, observed: Signal) -> Examples:
        """Every example that the recording offers, before any split."""


@runtime_checkable
class Split(Protocol):
    """Which examples may be seen when."""

    def apply(self, examples: Examples, target: Target, recording: Recording) -> Dataset:
        """Train, valid and test, with the scale of the inputs set; raises HeadroomError where a part that it needs is empty."""


@dataclass(frozen=True)
class Workspace:
    """What a fit may use beside the data."""

    seed: int
    device: str = "cpu"
    checkpoints: Path | None = None
    """Folder for the state of an unfinished fit; None: not resumable."""
    report: Callable[[str], None] = lambda line: None
    """Called with a progress line."""


@runtime_checkable
class Fitted(Protocol):
    """A model after training."""

    def predict(self, examples: Examples) -> Prediction:
        """Predictions in physical units."""

    def state(self) -> dict[str, np.ndarray]:
        """All that `Model.restore` needs, as named arrays."""


@runtime_checkable
class Explained(Protocol):
    """A fitted model that can say what its predictions rest on."""

    def sensitivity(self, examples: Examples) -> np.ndarray:
        """Mean absolute derivative of the first offset's prediction by each input: (target, length, channel), physical units."""


@runtime_checkable
class Inspected(Protocol):
    """A fitted model whose inner parts can be looked at."""

    def explain(self, examples: Examples, what: str) -> Mapping[str, np.ndarray]:
        """Named matrices (row, column) about the first offset's prediction; raises HeadroomError where it has no such part."""


@runtime_checkable
class Sampled(Protocol):
    """A fitted model that knows how uncertain it is."""

    def sample(self, examples: Examples, draws: int, rng: np.random.Generator) -> np.ndarray:
        """Draws (draw, example, offset, target) of what may follow, physical units."""


@runtime_checkable
class Affine(Protocol):
    """A fitted model whose predictions are a weighted sum of the window."""

    def affine(self, length: int) -> tuple[np.ndarray, np.ndarray]:
        """Weights (offset, target, length, channel) and constants (offset, target) on windows of `length` samples, physical units."""


@runtime_checkable
class Model(Protocol):
    """Settings and `fit`.

    A model that answers other kinds of target than numbers, or not all of these, names them in `answers: ClassVar[tuple[Kind, ...]]`,
    or in a property of that name where its settings decide; for a category its answer is a probability of each class. One that must
    be told something of the system names the recording's extras in `needs: tuple[str, ...]` and finds them in `Examples.given`;
    every table says so.
    """

    role: ClassVar[Role]
    seeded: ClassVar[bool]
    """Whether the seed changes the fit; a deterministic model is fitted once."""

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[Fitted, list[dict[str, float]]]:
        """The fitted model, and one row per epoch or candidate for the history (may be empty)."""

    def restore(self, state: Mapping[str, np.ndarray]) -> Fitted:
        """The fitted model that `Fitted.state` was taken of."""


@runtime_checkable
class Ceiling(Protocol):
    """An oracle of forecasts, unless `answers: ClassVar[tuple[Kind, ...]]` names the kinds of target that it knows of.

    One that observes recordings of its own offers `through(steps) -> Ceiling`, and is given the condition's sensor and noise by it.
    """

    sees: ClassVar[Literal["observation", "exact_state"]]
    gives: ClassVar[Literal["bound", "reference"]]

    def expect(self, simulator: Simulator, recording: Recording, dataset: Dataset, rng: np.random.Generator) -> Expectation:
        """What can be known of the targets of dataset.test."""


@runtime_checkable
class Metric(Protocol):
    """Sums of per-example statistics, and a value of those sums: intervals come by resampling the sums.

    A metric of some targets alone names them in `among: ClassVar[Among]`: the caller leaves out the statistics of the others, and there
    are no sums where the system has no events.
    """

    unit: ClassVar[Literal["", "signal", "signal^2"]]
    higher_is_better: ClassVar[bool]
    clean: ClassVar[bool]
    """Whether the truth is the noise-free target."""
    per_target: ClassVar[bool]
    """Whether a single target has a value of its own; else only the targets pooled have."""
    about: ClassVar[Literal["value", "category"]]
    """Whether targets are numbers of their own, or the classes of one label."""

    def statistics(self, point: np.ndarray, truth: np.ndarray) -> np.ndarray:
        """(..., statistic) for predictions and truths of one shape (...); summed over examples by the caller.

        About a category, for probabilities of the classes and zeros with a one, both (..., class): (..., 1, statistic), or
        (..., class, statistic) where each class has a value of its own.
        """

    def expected(self, variance: np.ndarray, truth: np.ndarray) -> np.ndarray | None:
        """The same where only the expected squared error is known; None where it does not fix the metric."""

    def value(self, sums: np.ndarray) -> np.ndarray:
        """(...) from sums (..., target, statistic), targets pooled; NaN where undefined."""


@runtime_checkable
class Analysis(Protocol):
    """A table, and a figure drawn from it alone: a restyled figure never recomputes."""

    caption: ClassVar[str]

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """The table behind the figure, from the study's tables."""

    def draw(self, table: DataFrame) -> Figure:
        """The figure."""
