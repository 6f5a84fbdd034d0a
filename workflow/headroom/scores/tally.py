"""Tallies: per trial or block, the sums that every metric is a value of. Rows of single examples never leave the evaluation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from headroom.core.examples import Examples
from headroom.core.protocols import Among, Metric

if TYPE_CHECKING:
    from pandas import Categorical, DataFrame, Series

TEXT = ("subset", "tested", "task", "model", "role", "ceiling_gives", "metric", "target")
TOGETHER = "all"
"""Target of the classes of a label, where a metric takes them together."""
AT_ONCE = 1000
"""Examples whose classes are counted at once."""
COLUMNS = ("subset", "tested", "task", "offset", "model", "role", "ceiling_gives", "seed", "metric", "target", "unit")


@dataclass(frozen=True)
class Label:
    """Whose predictions are tallied, and on what."""

    subset: str
    """"test", or "choose" for the examples that floor and linear predictor are chosen on."""
    task: str
    model: str
    role: str
    tested: str | None = None
    """Noise level of the examples; None for a user's recording."""
    ceiling_gives: str | None = None
    """"bound" or "reference" for a ceiling."""
    seed: int | None = None
    """Training seed; None for a deterministic model or a ceiling."""


@dataclass(frozen=True)
class Truth:
    """What was to be predicted, and which trial or block each example belongs to."""

    values: np.ndarray  # (example, offset, target)
    unit: np.ndarray  # (example,): whole numbers
    offsets: tuple[int, ...]
    targets: tuple[str, ...]
    clean: np.ndarray | None = None  # (example, offset, target): the same without measurement noise, where it is known
    category: bool = False
    """Whether the targets are the classes of one label."""
    events: np.ndarray | None = None  # (example, offset, target): whether an event stands there; None where the system has none


def units(examples: Examples) -> tuple[np.ndarray, bool]:
    """The unit of resampling of each example (example,), and whether these are blocks.

    Trials where the examples come from several; else blocks of one window and the furthest offset along the one trial.
    """
    trial, start = examples.origin()
    if len(np.unique(trial)) > 1:
        return np.asarray(trial, dtype=np.int64), False
    return np.asarray(start, dtype=np.int64) // (examples.length + max(0, *examples.offsets)), True


def tally(
    label: Label, truth: Truth, metrics: Mapping[str, Metric], *, point: np.ndarray | None = None, variance: np.ndarray | None = None
) -> "DataFrame":
    """One row per metric, offset, unit and target, with the metric's statistics summed over the unit's examples.

    Takes point predictions, or the expected squared error of an oracle, both (example, offset, target). A metric that these do
    not fix, or that needs a clean truth or events where there are none, has no rows; without examples there are none at all.
    """
    order = np.argsort(truth.unit, kind="stable")
    names, starts = np.unique(truth.unit[order], return_index=True)
    parts = [_compact(rows) for rows in np.split(order, starts[1:]) if len(rows)]
    found = {name: _sums(metric, truth, parts, point, variance) for name, metric in metrics.items()}
    known = {name: sums for name, sums in found.items() if sums is not None}
    together = {name: sums for name, sums in known.items() if truth.category and sums.shape[2] == 1}
    by_target = {name: sums for name, sums in known.items() if name not in together}
    frames = [_frame(label, truth, names, part, targets) for part, targets in ((together, (TOGETHER,)), (by_target, truth.targets)) if part]
    return join(frames) if len(frames) > 1 else frames[0] if frames else _frame(label, truth, names, {}, truth.targets)


def _compact(rows: np.ndarray) -> np.ndarray | slice:
    """Consecutive rows as a slice, which is gathered without a copy."""
    return slice(rows[0], rows[-1] + 1) if np.array_equal(rows, np.arange(rows[0], rows[0] + len(rows))) else rows


def _sums(
    metric: Metric, truth: Truth, parts: list[Any], point: np.ndarray | None, variance: np.ndarray | None
) -> np.ndarray | None:  # (unit, offset, target, statistic)
    values = truth.clean if metric.clean else truth.values
    if values is None or not parts or (metric.about == "category") != truth.category:
        return None
    if metric.about == "category":
        return np.stack([_counted(metric, point[part], values[part]) for part in parts]) if point is not None else None
    if among(metric) and truth.events is None:
        return None
    origin = values[:1]  # errors do not depend on it, and squares about a near value keep their digits
    with np.errstate(over="ignore", invalid="ignore"):
        if point is not None:
            return np.stack([_kept(metric, truth, part, metric.statistics(point[part] - origin, values[part] - origin)) for part in parts])
        each = [metric.expected(variance[part], values[part] - origin) for part in parts] if variance is not None else []
    return np.stack([item.sum(axis=0) for item in each if item is not None]) if each and each[0] is not None else None


def among(metric: Metric) -> Among | None:
    """Which targets a metric is of; None: all."""
    return getattr(metric, "among", None)


def _kept(metric: Metric, truth: Truth, part: Any, statistics: np.ndarray) -> np.ndarray:  # (offset, target, statistic)
    """Sums over the examples of a part, of those targets that the metric is of."""
    which = among(metric)
    if which and truth.events is not None:
        statistics = np.where((truth.events[part] == (which == "events"))[..., None], statistics, 0.0)
    return np.asarray(statistics.sum(axis=0))


def _counted(metric: Metric, point: np.ndarray, values: np.ndarray) -> np.ndarray:  # (offset, 1 or class, statistic)
    """Sums over examples, some at a time: of a label with many classes each has a table of its own."""
    parts = (slice(first, first + AT_ONCE) for first in range(0, len(values), AT_ONCE))
    return np.sum([metric.statistics(point[part], values[part]).sum(axis=0, dtype=float) for part in parts], axis=0)


def _frame(label: Label, truth: Truth, names: np.ndarray, found: Mapping[str, np.ndarray], targets: Sequence[str]) -> "DataFrame":
    import pandas

    shape = (len(found), len(names), len(truth.offsets), len(targets))
    place = np.indices(shape).reshape(4, -1)  # metric, unit, offset and target of each row
    columns: dict[str, Any] = {name: text(np.zeros_like(place[0]), [value]) for name, value in asdict(label).items() if name != "seed"}
    columns |= {"metric": text(place[0], list(found)), "target": text(place[3], targets)}
    columns |= {"unit": names.astype(np.int64)[place[1]], "offset": np.array(truth.offsets, dtype=np.int64)[place[2]]}
    columns["seed"] = pandas.array([label.seed], dtype="Int64").repeat(place.shape[1])
    frame = {name: columns[name] for name in COLUMNS}
    width = max((sums.shape[-1] for sums in found.values()), default=0)
    for k in range(width):
        missing = np.full(shape[1:], np.nan)
        frame[f"s{k}"] = np.concatenate([(sums[..., k] if k < sums.shape[-1] else missing).ravel() for sums in found.values()])
    return pandas.DataFrame(frame)


def text(codes: np.ndarray, names: Sequence[str | None]) -> "Categorical":
    """names[codes] as categories, where the only name may be None."""
    import pandas

    return pandas.Categorical.from_codes(codes if names != [None] else codes - 1, [name for name in names if name is not None])


def join(frames: Iterable["DataFrame"]) -> "DataFrame":
    """Frames of one kind in one, text kept as categories; a statistic or column that a frame lacks is null."""
    import pandas

    several = list(frames)
    names = list(dict.fromkeys(name for frame in several for name in frame.columns))
    text = {name for frame in several for name in frame.columns if isinstance(frame[name].dtype, pandas.CategoricalDtype)}
    columns: dict[str, Any] = {}
    for name in names:
        parts = [frame[name] if name in frame else pandas.Series(np.nan, index=frame.index) for frame in several]
        columns[name] = _union(parts) if name in text else pandas.concat(parts, ignore_index=True)
    return pandas.DataFrame(columns)


def _union(parts: list["Series"]) -> "Categorical":
    """One categorical of several; a part that is none is null throughout, which is how Parquet gives back an empty one."""
    import pandas

    known = [part.cat if isinstance(part.dtype, pandas.CategoricalDtype) else pandas.Series(pandas.Categorical(part)).cat for part in parts]
    categories = list(dict.fromkeys(str(name) for part in known for name in part.categories))
    place = {name: code for code, name in enumerate(categories)}
    codes = [np.array([*(place[str(name)] for name in part.categories), -1])[part.codes] for part in known]  # code -1, null, takes the last
    return pandas.Categorical.from_codes(np.concatenate(codes), categories)
