"""Predicted beside measured, and how fast this machine is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from headroom.planning.estimate import RULES
from headroom.planning.measured import Measured
from headroom.planning.rates import Rates

ENOUGH, LONG = 5, 1.0
"""Jobs that a speed rests on at least, and how long they take at least [s]."""


@dataclass(frozen=True)
class Compared:
    """Predicted and measured sums of some jobs; peaks for memory."""

    name: str
    jobs: int
    predicted: tuple[float, float, float]
    """Processor time [s], largest resident set [MB], outputs [MB]."""
    found: tuple[float, float, float]

    @property
    def ratios(self) -> tuple[float, ...]:
        """Predicted over measured; nan where nothing was measured."""
        return tuple(ours / theirs if theirs else float("nan") for ours, theirs in zip(self.predicted, self.found, strict=True))


def compare(rates: Rates, ran: Sequence[Measured]) -> list[Compared]:
    """A row for each rule that ran, and one for all."""
    rows = [_compared(rule, rates, [one for one in ran if one.job.rule == rule]) for rule in RULES]
    return [row for row in [*rows, _compared("total", rates, ran)] if row.jobs]


def _compared(name: str, rates: Rates, ran: Sequence[Measured]) -> Compared:
    seen = [one for one in ran if one.memory is not None]
    peak = max((rates.of(one.job, "memory") for one in seen), default=0.0)
    predicted = sum(rates.of(one.job, "cpu") for one in ran), peak, sum(rates.of(one.job, "disk") for one in ran)
    found = sum(one.cpu for one in ran), max((one.memory or 0.0 for one in seen), default=0.0), sum(one.disk for one in ran)
    return Compared(name, len(ran), predicted, found)


def at_speed(rates: Rates, ran: Iterable[Measured]) -> tuple[Rates, int]:
    """The rates at the speed of this machine, by the median over jobs that took a second, and how many these are; too few leave it at 1."""
    ratios = [one.cpu / rates.of(one.job, "cpu") for one in ran if one.cpu >= LONG]
    return (replace(rates, speed=median(ratios)), len(ratios)) if len(ratios) >= ENOUGH else (rates, 0)
