"""A whole study's summary and comparisons from its tallies, panel by panel."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from headroom.core.protocols import Metric
from headroom.scores.anchors import anchor, choose
from headroom.scores.comparisons import comparison_rows
from headroom.scores.gather import Part, panels
from headroom.scores.intervals import Intervals
from headroom.scores.panel import Panel
from headroom.scores.resampling import Generators, Resampler
from headroom.scores.summary import summary_rows

if TYPE_CHECKING:
    from pandas import DataFrame

ERRORS = "mse"
"""The metric that gives losses in physical units."""


def summarise(
    parts: Sequence[Part], metrics: Mapping[str, Metric], primary: str, generators: Generators, draws: int = 1000
) -> tuple["DataFrame", "DataFrame"]:
    """Summary and comparisons of a study, with the canonical columns.

    `generators` gives a generator by name, such as partial(stream, seed, "intervals"): each system's resamples are drawn by
    the system's name, so they are the same for all its cells and do not depend on what else the study holds.
    """
    import pandas

    choices = choose(parts, primary, metrics[primary])
    found = panels(parts, metrics)
    errors = {_examples(panel): panel for panel in found if panel.metric == ERRORS}
    summaries, comparisons = [], []
    for panel in sorted(found, key=lambda panel: panel.metric != primary):
        condition = panel.cells[0].condition
        anchors = anchor(panel, choices)
        intervals = Intervals(panel, Resampler(condition.system, generators, draws))
        summaries.append(summary_rows(intervals, anchors, errors.get(_examples(panel)), primary=panel.metric == primary))
        if panel.metric in (primary, ERRORS):
            comparisons.append(comparison_rows(intervals, anchors))
    compared = [rows for rows in comparisons if len(rows)] or comparisons  # of a panel with one model alone there is nothing to compare
    return pandas.concat(summaries, ignore_index=True), pandas.concat(compared, ignore_index=True)


def _examples(panel: Panel) -> tuple[object, ...]:
    """What panels of different metrics share when they speak of the same examples."""
    return panel.cells[0].condition.place, panel.task, panel.units, panel.targets
