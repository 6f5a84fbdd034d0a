"""95 % intervals of scores and of their paired differences; seeds and test runs are crossed, not nested."""

from dataclasses import dataclass, field

import numpy as np

from headroom.scores.panel import Panel
from headroom.scores.question import Question
from headroom.scores.resampling import ENOUGH_SEEDS, Resampler, autocorrelation_time

MANY = 20
"""From so many runs on, runs are resampled; below, t intervals. One recording needs as many blocks."""
TAIL = 0.025
ROUNDING = 1e-10
"""Two scores that differ by less than this share of themselves are equal."""
TOO_SHORT = "too short"
ONE_RUN = "one run"


@dataclass(frozen=True)
class Estimate:
    """Pooled scores averaged over seeds, or differences of them, all (pair, column); NaN where unknown."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p_one_sided: np.ndarray
    """Of a value above zero by chance: t test of the value over its standard error."""
    note: np.ndarray  # (pair,): why limits are missing, else None


@dataclass(frozen=True)
class Intervals:
    """Answers questions about one panel; its resamples are drawn once and serve every question."""

    panel: Panel
    resampler: Resampler
    _draws: dict[int, np.ndarray] = field(default_factory=dict, repr=False)

    def answer(self, question: Question) -> Estimate:
        """t over runs below 20 runs, bootstrap over runs from there on, moving blocks where the units are blocks of one recording."""
        count = len(self.panel.units)
        blocks = self.panel.cells[0].condition.blocks
        if count < (MANY if blocks else 2):
            return self._unknown(question, TOO_SHORT if blocks else ONE_RUN)
        return self._resampled(question, blocks) if blocks or count >= MANY else self._student(question)

    def _unknown(self, question: Question, reason: str) -> Estimate:
        value = question.pick(self.panel.means)
        missing = np.full(value.shape, np.nan)
        return Estimate(value, missing, missing, missing, np.full(len(value), reason, dtype=object))

    def _student(self, question: Question) -> Estimate:
        """t over runs; where the variance of the mean by seeds exceeds that by runs, both with the fewer degrees of freedom."""
        from scipy.special import stdtrit

        runs = len(self.panel.units)
        value, (by_seeds, seeds) = question.pick(self.panel.means), question.seed_variance()
        by_runs = question.pick(self.panel.influence).var(axis=0, ddof=1) / runs
        wide = by_seeds > by_runs
        error = np.sqrt(by_runs + np.where(wide, by_seeds, 0.0))
        freedom = np.where(wide, np.minimum(runs, seeds), runs) - 1
        half = stdtrit(freedom, 1 - TAIL) * error
        return Estimate(value, value - half, value + half, _chance(question, value, error, freedom), _empty(value))

    def _resampled(self, question: Question, blocks: bool) -> Estimate:
        """Resamples of runs, or of blocks as long as the memory of each pair's own difference asks for."""
        count = len(self.panel.units)
        value = question.pick(self.panel.means)
        low, high, chance = (np.full(value.shape, np.nan) for _ in range(3))
        lengths = _block_lengths(question) if blocks else np.ones(len(value), dtype=int)
        enough = count // lengths >= MANY
        for length in np.unique(lengths[enough]):
            rows = np.flatnonzero(lengths == length)
            low[rows], high[rows], chance[rows] = self._limits(question.only(rows), int(length))
        note = _empty(value)
        note[~enough] = TOO_SHORT
        return Estimate(value, low, high, chance, note)

    def _limits(self, question: Question, length: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Low, high and p: percentiles, expanded about the value for the few runs and seeds that were resampled.

        n values resampled have (n - 1) / n of their variance and no t tails (Hesterberg 2015, American Statistician 69:371); with
        seeds crossed the degrees of freedom are Satterthwaite's.
        """
        from scipy.special import stdtrit

        value, drawn = question.pick(self.panel.means), question.pick(self._drawn(length))  # (draw, pair, column)
        runs = len(self.panel.units) // length
        by_seeds, seeds = question.seed_variance()
        by_seeds = np.where(seeds >= ENOUGH_SEEDS, by_seeds, 0.0)
        spread = drawn.var(axis=0, ddof=1)
        by_runs = np.maximum(spread - by_seeds * (1 - 1 / seeds), 0.0) * runs / (runs - 1)
        with np.errstate(invalid="ignore", divide="ignore"):
            freedom = (by_runs + by_seeds) ** 2 / (by_runs**2 / (runs - 1) + by_seeds**2 / np.maximum(seeds - 1, 1))
            wider = np.sqrt((by_runs + by_seeds) / spread) * stdtrit(freedom, 1 - TAIL) / stdtrit(np.inf, 1 - TAIL)
        low, high = np.quantile(drawn, (TAIL, 1 - TAIL), axis=0)
        wider = np.where(spread > 0, wider, 1.0)
        chance = _chance(question, value, np.sqrt(by_runs + by_seeds), freedom)
        return value - wider * (value - low), value + wider * (high - value), chance

    def _drawn(self, length: int) -> np.ndarray:  # (draw, cell, column)
        if length not in self._draws:
            seeds = {number: self.resampler.seeds(number) for number in {len(cell.seeds) for cell in self.panel.cells}}
            self._draws[length] = self.panel.resampled(self.resampler.units(len(self.panel.units), length), seeds)
        return self._draws[length]


def _empty(value: np.ndarray) -> np.ndarray:
    return np.full(len(value), None, dtype=object)


def _chance(question: Question, value: np.ndarray, error: np.ndarray, freedom: np.ndarray) -> np.ndarray:
    from scipy.special import stdtr

    with np.errstate(divide="ignore", invalid="ignore"):
        chance = stdtr(np.where(error > 0, freedom, 1.0), -value / error)
    return np.where(np.abs(value) <= ROUNDING * question.scale(), 0.5, chance)


def _block_lengths(question: Question) -> np.ndarray:
    """Units per block (pair,): five integrated autocorrelation times of the pair's pooled loss, and at least one unit.

    A unit is a window and a horizon long already. Averages over units of u samples of a series whose correlation falls
    exponentially have the autocorrelation time 1 + T / 2u when T << u and T / u when T >> u, so 2 (time - 1) u is T or more.
    """
    pooled = question.pick(question.panel.influence)[..., -1]  # (unit, pair)
    return np.maximum(np.ceil(10 * (autocorrelation_time(pooled) - 1)), 1).astype(int)
