"""Models on test examples: sums for every metric, a stretch of predictions to look at, and what the predictions rest on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from headroom.core.dataset import Dataset
from headroom.core.examples import Examples, Target
from headroom.core.protocols import Explained, Fitted, Metric, Role
from headroom.core.rollout import rollout
from headroom.scores.excerpt import excerpt, first
from headroom.scores.permutation import permuted
from headroom.scores.tally import Label, Truth, tally, text, units

if TYPE_CHECKING:
    from pandas import DataFrame

ROLLED = (1, 2, 5, 10, 20, 30, 40, 50)
"""Steps of a roll-out that are scored, as far as it goes, beside its last [samples]."""
ROLLED_METRICS = ("r2", "mse")
STARTS = 20
"""From one roll-out's start to the next [examples]."""
EXPLAINED = 256
"""Examples that a sensitivity is averaged over."""


@dataclass(frozen=True)
class Entry:
    """A model of a condition, fitted."""

    name: str
    role: Role
    fits: Mapping[int | None, Fitted]  # by seed
    given: Mapping[str, np.ndarray] = field(default_factory=dict)  # what it is told of the system

    def told(self, examples: Examples) -> Examples:
        """The examples as this model sees them."""
        return replace(examples, given=self.given) if self.given else examples


Points = Mapping[int | None, np.ndarray]
"""By seed, a fit's answers (example, offset, target) in physical units."""


def truth_of(examples: Examples, target: Target) -> Truth:
    """What the examples ask for."""
    clean = examples.targets(clean=True) if examples.track.clean is not None else None
    category = target.kind == "category"
    events = examples.context.get("events")
    return Truth(examples.targets(), units(examples)[0], examples.offsets, examples.track.channels, clean, category, events)


def answers(entry: Entry, examples: Examples) -> Points:
    """What every fit says of the examples."""
    return {seed: fitted.predict(entry.told(examples)).point for seed, fitted in entry.fits.items()}


def tallies(
    entry: Entry, task: str, dataset: Dataset, tested: Mapping[str | None, Examples], points: Points, metrics: Mapping[str, Metric]
) -> Iterator["DataFrame"]:
    """Sums on the test examples of every noise level, and on the examples that floor and linear predictor are chosen on.

    `points` are the answers to the dataset's own test examples. Of decoders also with the labels moved in time, at the first level.
    """
    for seed, fitted in entry.fits.items():
        for level, examples in tested.items():
            label = Label("test", task, entry.name, entry.role, level, seed=seed)
            point = points[seed] if examples is dataset.test else fitted.predict(entry.told(examples)).point
            yield tally(label, truth_of(examples, dataset.target), metrics, point=point)
            if dataset.target.kind == "category" and level == next(iter(tested)):
                yield permuted(label, examples, point)
        if entry.role in ("trivial", "linear"):
            label = Label("choose", task, entry.name, entry.role, next(iter(tested)), seed=seed)
            yield tally(label, truth_of(dataset.chooser, dataset.target), metrics, point=fitted.predict(entry.told(dataset.chooser)).point)


def rolled_tallies(entry: Entry, steps: int, level: str | None, dataset: Dataset, metrics: Mapping[str, Metric]) -> Iterator["DataFrame"]:
    """Sums of free-running forecasts, scored at some of their steps."""
    starts, offsets = roll_starts(dataset.test, steps), (*(step for step in ROLLED if step < steps), steps)
    ahead = Examples(starts.inputs, starts.track, starts.trial, starts.start, starts.length, offsets, starts.scale)
    chosen = {name: metric for name, metric in metrics.items() if name in ROLLED_METRICS}
    for seed, fitted in entry.fits.items():
        point = rollout(fitted, entry.told(starts), steps)[:, np.array(offsets) - 1]
        yield tally(
            Label("test", "rollout", entry.name, entry.role, level, seed=seed), truth_of(ahead, dataset.target), chosen, point=point
        )


def roll_starts(examples: Examples, steps: int) -> Examples:
    """Every few examples whose whole roll-out lies inside their test block."""
    final = np.full(examples.inputs.trials, -1)
    np.maximum.at(final, examples.trial, examples.last + max(examples.offsets))
    inside = examples.last + steps <= final[examples.trial]
    return examples.take(np.flatnonzero(inside)[::STARTS] if inside.any() else np.zeros(0, int))


def excerpts(entry: Entry, task: str, steps: int, examples: Examples, points: Points) -> Iterator["DataFrame"]:
    """What the first seed's fit says of the first test trial, and its first roll-out."""
    seed, fitted = next(iter(entry.fits.items()))
    columns = {"model": entry.name, "role": entry.role, "seed": -1 if seed is None else seed}
    mine = first(examples)
    shown = entry.told(examples.take(mine))
    yield excerpt(points[seed][mine], shown, examples.offsets, task=task, **columns)
    starts = roll_starts(shown, steps) if steps else shown.take(np.zeros(0, int))
    if len(starts):
        one = starts.take(np.arange(1))
        yield excerpt(rollout(fitted, one, steps), one, tuple(range(1, steps + 1)), task="rollout", **columns)


def sensitivities(entry: Entry, examples: Examples, **columns: str | None) -> Iterator["DataFrame"]:
    """Mean absolute derivative of the first offset's prediction by each input, by lag [s] (0: the newest sample).

    `columns`, such as the task, are put beside every row. Text as categories: a window of many channels has millions of rows.
    """
    from pandas import DataFrame

    fitted = next(iter(entry.fits.values()))
    if not isinstance(fitted, Explained):
        return
    chosen = entry.told(examples).take(np.linspace(0, len(examples) - 1, min(EXPLAINED, len(examples))).astype(int))
    value = fitted.sensitivity(chosen)  # (target, length, channel)
    targets, channels = examples.track.channels, examples.inputs.channels
    lags = (examples.length - 1 - np.arange(examples.length)) * examples.inputs.dt
    target, lag, channel = (axis.ravel() for axis in np.indices(value.shape, np.int32))
    table = DataFrame({"target": text(target, targets), "lag": lags[lag], "channel": text(channel, channels), "value": value.ravel()})
    offset, same = examples.offsets[0], np.zeros(len(table), np.int8)
    beside = {name: text(same, [words]) for name, words in ({"model": entry.name} | columns).items()}
    yield table.assign(horizon=offset * examples.inputs.dt if offset > 0 else np.nan, **beside)
