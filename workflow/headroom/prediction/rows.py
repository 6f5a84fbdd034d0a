"""Answers as rows: one for each trial, time, horizon (of forecasts) and target, or one for each sample that is decoded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from headroom.core.examples import Examples, Target
from headroom.core.units import each
from headroom.prediction.answers import Answer
from headroom.prediction.windows import PARTS

if TYPE_CHECKING:
    from pyarrow import Array, Table


@dataclass(frozen=True)
class Rows:
    """What rows are made of beside the answers."""

    target: Target
    offsets: tuple[int, ...]
    trials: np.ndarray  # (trial,): what the recording calls them
    keep_draws: bool = False
    """Whether every draw has rows of its own."""
    parts: bool = False
    """Whether rows say which part of the dataset their window belongs to."""

    def table(self, examples: Examples, answer: Answer, truth: np.ndarray, part: np.ndarray) -> "Table":
        """Rows for the examples, whose truths (example, offset, target) are NaN where nobody knows them."""
        import pyarrow

        make = self._decoded if self.target.kind == "category" else self._predicted
        return pyarrow.table(make(examples, answer, truth, part))

    def _place(self, examples: Examples, part: np.ndarray, each: int) -> dict[str, Any]:
        """Trial, time [s] of what is predicted and part, `each` times for every example and offset."""
        offsets = len(self.offsets)
        steps = (examples.last[:, None] + np.asarray(self.offsets)).ravel()
        columns: dict[str, Any] = {"trial": self.trials[np.repeat(examples.trial, offsets * each)]}
        columns["time"] = np.repeat(steps * examples.inputs.dt, each)
        return columns | ({"part": _text(np.repeat(part, offsets * each), PARTS)} if self.parts else {})

    def _predicted(self, examples: Examples, answer: Answer, truth: np.ndarray, part: np.ndarray) -> Mapping[str, Any]:
        targets = len(self.target.names)
        cells = len(examples) * len(self.offsets)
        place = self._place(examples, part, targets)
        horizon = np.repeat(np.tile(np.asarray(self.offsets) * examples.inputs.dt, len(examples)), targets)
        which, units = np.tile(np.arange(targets), cells), each(self.target.unit, targets)
        known = list(dict.fromkeys(units))
        columns = {
            **{name: place[name] for name in ("trial", "time")},
            **({"horizon": horizon} if self.target.kind == "ahead" else {}),
            "target": _text(which, self.target.names),
            "prediction": answer.point.ravel(),
            "truth": _known(truth.ravel()),
            "unit": _text(np.array([known.index(unit) for unit in units])[which], known),
            **{name: values.ravel() for name, values in answer.quantiles().items()},
            **{name: place[name] for name in place if name == "part"},
        }
        return self._with_draws(columns, answer.draws) if self.keep_draws and answer.draws is not None else columns

    def _with_draws(self, columns: Mapping[str, Any], draws: np.ndarray) -> Mapping[str, Any]:
        """The same rows again for every draw, its number (from 1) in `draw`, its value as the prediction; quantiles stand once."""
        import pyarrow

        point, count = pyarrow.table(dict(columns)), len(columns["prediction"])
        number = pyarrow.array(np.repeat(np.arange(1, len(draws) + 1), count), pyarrow.int32())
        several = {name: pyarrow.concat_arrays(column.chunks * len(draws)) for name, column in zip(columns, point.columns, strict=True)}
        several |= {name: pyarrow.nulls(len(number), pyarrow.float64()) for name in columns if name.startswith("q")}
        several["prediction"] = pyarrow.array(draws.ravel())
        point = point.append_column("draw", pyarrow.nulls(count, pyarrow.int32()))
        both = pyarrow.concat_tables([point, pyarrow.table({**several, "draw": number})])
        return {name: both.column(name) for name in both.column_names}

    def _decoded(self, examples: Examples, answer: Answer, truth: np.ndarray, part: np.ndarray) -> Mapping[str, Any]:
        names = self.target.names
        probabilities = answer.point.reshape(-1, len(names))
        true = truth.reshape(-1, len(names))
        known = np.isfinite(true).all(axis=1)
        columns = self._place(examples, part, 1)
        columns["label"] = _text(probabilities.argmax(axis=1), names)
        columns["truth"] = _text(np.where(known, np.nan_to_num(true).argmax(axis=1), -1), names)
        return columns | {f"probability {name}": probabilities[:, place] for place, name in enumerate(names)}


def _text(codes: np.ndarray, names: Sequence[str]) -> "Array":
    """names[code], null where the code is -1."""
    import pyarrow

    return pyarrow.DictionaryArray.from_arrays(pyarrow.array(codes.astype(np.int32), mask=codes < 0), pyarrow.array(list(names)))


def _known(values: np.ndarray) -> "Array":
    """The numbers, null where they are NaN."""
    import pyarrow

    return pyarrow.array(values, mask=np.isnan(values))
