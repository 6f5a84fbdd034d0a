"""The leak alarm: no predictor can pass a bound, so one that does has seen what it must not see."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame

ERROR_RATE = 0.01
"""Chance of a false alarm in a whole study, shared out over its cells (Bonferroni)."""


def leaks(comparisons: "DataFrame", primary: str) -> "DataFrame":
    """The comparisons on the primary metric in which a model lies above a bound, one-sided p < .01 / their number.

    References never alarm: nothing forbids to pass them.
    """
    bounds = comparisons[(comparisons["against_role"] == "bound") & (comparisons["metric"] == primary)]
    return bounds[bounds["p_one_sided"] < ERROR_RATE / max(len(bounds), 1)]
