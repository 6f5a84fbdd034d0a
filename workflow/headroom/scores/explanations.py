"""What models of a condition rest on, as one long table: a row for each entry of every named matrix."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples
from headroom.core.protocols import Fitted, Inspected
from headroom.scores.evaluation import Entry
from headroom.scores.importance import importance

if TYPE_CHECKING:
    from pandas import DataFrame

COLUMNS = ("model", "role", "seed", "what", "name", "row", "column", "label", "value")
BY_AGE = ("integrated_gradients", "gates", "hidden", "attention")
"""Where rows are the window's samples: they are numbered by their age [s], 0 the newest."""
EVERY_SEED = ("graph",)
"""What is asked of every fit; all else of the first."""
PERMUTED = "permutation"
"""What any model can be asked for, since it only has to predict."""


def explanations(entry: Entry, wanted: Sequence[str], examples: Examples) -> Iterator["DataFrame"]:
    """Tables of COLUMNS; raises HeadroomError where the model cannot answer."""
    for what in wanted:
        fits = list(entry.fits.items())
        for seed, fitted in fits if what in EVERY_SEED else fits[:1]:
            for name, matrix in _asked(entry, fitted, what, examples).items():
                columns = {"model": entry.name, "role": entry.role, "seed": -1 if seed is None else seed, "what": what, "name": name}
                yield _long(matrix, what, examples).assign(**columns)[list(COLUMNS)]


def _asked(entry: Entry, fitted: Fitted, what: str, examples: Examples) -> Mapping[str, np.ndarray]:
    if what == PERMUTED:
        return {"log loss": importance(fitted, entry.told(examples))[None]}
    if not isinstance(fitted, Inspected):
        raise HeadroomError(f"explain: {entry.name} cannot be asked for {what!r}; only networks can: leave it out")
    return fitted.explain(entry.told(examples), what)


def _long(matrix: np.ndarray, what: str, examples: Examples) -> "DataFrame":
    from pandas import DataFrame

    rows, columns = matrix.shape
    place = (rows - 1 - np.arange(rows)) * examples.inputs.dt if what in BY_AGE else np.arange(rows, dtype=float)
    named = what in ("integrated_gradients", "graph", PERMUTED)
    labels = np.array(examples.inputs.channels if named else np.arange(columns), dtype=str)
    across = np.tile(np.arange(columns), rows)
    return DataFrame({"row": np.repeat(place, columns), "column": across, "label": labels[across], "value": matrix.ravel()})
