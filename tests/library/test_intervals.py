"""Intervals: do 95 % of them hold the truth, are pairs paired, and is silence kept where there is too little data?"""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from fixtures.panels import PLACE, crossed, intervals_of

from headroom.core.randomness import stream
from headroom.scores.question import Question
from headroom.scores.resampling import Resampler, autocorrelation_time

BLOCKS = replace(PLACE, blocks=True)


def coverage(values, condition=PLACE):
    """Share of the experiments whose interval holds the truth, 1, of those that have one; and the share that has one."""
    intervals = intervals_of(values, condition)
    answer = intervals.answer(Question(intervals.panel, np.arange(len(values)), first=-1))
    low, high = answer.low[:, 0], answer.high[:, 0]
    known = np.isfinite(low)
    return np.mean((low[known] <= 1) & (high[known] >= 1)), np.mean(known)


@pytest.mark.parametrize("seed_sd", [0.0, 0.3, 1.0, 3.0])
@pytest.mark.parametrize(("seeds", "runs"), [(5, 24), (3, 8)])
def test_coverage_with_crossed_seeds_and_runs(seeds, runs, seed_sd):
    values = crossed(1500, seeds, runs, np.random.default_rng(1), seed_sd=seed_sd, run_sd=1, rest_sd=0.3)
    assert 0.92 <= coverage(values)[0] <= 0.98


def test_coverage_with_one_seed_and_few_or_many_runs():
    for runs in (6, 30):
        values = crossed(1500, 1, runs, np.random.default_rng(2), seed_sd=0, run_sd=1, rest_sd=0)
        assert 0.92 <= coverage(values)[0] <= 0.98


@pytest.mark.parametrize("memory", [0.0, 0.8])
def test_coverage_on_one_autocorrelated_recording(memory):
    rng = np.random.default_rng(3)
    noise = rng.normal(size=(3200, 600))  # (sample, experiment), units of ten samples after a run-in
    for time in range(1, len(noise)):
        noise[time] += memory * noise[time - 1]
    values = 1 + noise[200:].reshape(300, 10, 600).mean(axis=1).T[:, None, :]
    held, known = coverage(values, BLOCKS)
    assert 0.91 <= held <= 0.98
    assert known > 0.9


def test_one_long_recording_is_not_many_independent_ones():
    rng = np.random.default_rng(4)
    series = np.repeat(rng.normal(size=(1, 1, 100)), 8, axis=2)  # eight neighbouring units say the same
    widths = []
    for condition in (PLACE, BLOCKS):
        intervals = intervals_of(np.tile(series, (1, 1, 4)), condition)
        answer = intervals.answer(Question(intervals.panel, np.array([0])))
        widths.append((answer.high - answer.low)[0, 0])
    assert np.isnan(widths[1]) or widths[1] > 1.8 * widths[0]


@pytest.mark.parametrize(
    ("condition", "count", "reason"),
    [(BLOCKS, 19, "too short"), (BLOCKS, 1, "too short"), (PLACE, 1, "one run"), (PLACE, 2, None), (PLACE, 20, None)],
)
def test_too_little_data_gives_no_interval_and_a_reason(condition, count, reason):
    intervals = intervals_of(np.random.default_rng(5).normal(size=(1, 1, count)), condition)
    answer = intervals.answer(Question(intervals.panel, np.array([0])))
    assert answer.note[0] == reason
    assert np.isnan(answer.low).all() == np.isnan(answer.high).all() == (reason is not None)


def test_blocks_grow_with_the_memory_of_the_loss():
    slow = np.cumsum(np.random.default_rng(6).normal(size=(1, 1, 60)), axis=2)
    intervals = intervals_of(slow, BLOCKS)
    assert intervals.answer(Question(intervals.panel, np.array([0]))).note[0] == "too short", "sixty blocks, but not sixty independent ones"


@pytest.mark.parametrize("runs", [10, 40])
def test_differences_are_paired_by_run(runs):
    rng = np.random.default_rng(7)
    hard = 10 * rng.normal(size=(1, 1, runs))
    intervals = intervals_of(np.concatenate([hard, hard + 1 + 0.1 * rng.normal(size=hard.shape)]))
    alone = intervals.answer(Question(intervals.panel, np.array([0])))
    answer = intervals.answer(Question(intervals.panel, np.array([0]), np.array([1])))
    assert (alone.high - alone.low).min() > 3
    assert (answer.low > 0.8).all() and (answer.high < 1.2).all(), "the first has less error by one: positive is better"
    assert answer.p_one_sided.max() < 1e-6


def test_the_t_interval_by_hand():
    runs = np.array([1.0, 2.0, 3.0, 6.0])
    intervals = intervals_of(np.stack([runs - 0.1, runs + 0.1])[None])
    answer = intervals.answer(Question(intervals.panel, np.array([0]), first=-1))
    half = 3.182446 * np.sqrt(runs.var(ddof=1) / 4)
    np.testing.assert_allclose([answer.value[0, 0], answer.low[0, 0], answer.high[0, 0]], [3, 3 - half, 3 + half], rtol=1e-6)


def test_where_seeds_vary_more_than_runs_their_variance_counts_with_fewer_degrees_of_freedom():
    runs, seeds = np.array([1.0, 2.0, 3.0, 6.0]), np.array([-5.0, 0.0, 5.0])
    intervals = intervals_of((runs + seeds[:, None])[None])
    answer = intervals.answer(Question(intervals.panel, np.array([0]), first=-1))
    half = 4.302653 * np.sqrt(runs.var(ddof=1) / 4 + seeds.var(ddof=1) / 3)
    np.testing.assert_allclose(answer.high - answer.value, half, rtol=1e-6)


def test_a_model_that_equals_its_rival_differs_by_nothing():
    same = np.random.default_rng(8).normal(size=(1, 1, 30)) ** 2
    intervals = intervals_of(np.concatenate([same, same * (1 + 1e-15)]))
    assert intervals.answer(Question(intervals.panel, np.array([0]), np.array([1]))).p_one_sided.max() == 0.5


def test_resamples_are_drawn_by_the_name_of_the_system_alone():
    one, again, other = (Resampler(name, partial(stream, 1), 50) for name in ("a", "a", "b"))
    again.units(30, 3), again.seeds(7)
    np.testing.assert_array_equal(one.units(20), again.units(20))
    assert not np.array_equal(one.units(20), other.units(20))
    assert (one.units(20).sum(axis=1) == 20).all() and (one.units(23, 4).sum(axis=1) == 23).all()
    np.testing.assert_allclose(one.seeds(6).sum(axis=1), 1)
    assert (one.seeds(4) == 0.25).all(), "four seeds are averaged, not resampled"


@pytest.mark.parametrize("memory", [0.0, 0.5, 0.9])
def test_autocorrelation_time_of_an_autoregression(memory):
    series = np.random.default_rng(9).normal(size=(40000, 2))
    for time in range(1, len(series)):
        series[time] += memory * series[time - 1]
    np.testing.assert_allclose(autocorrelation_time(series), (1 + memory) / (1 - memory), rtol=0.15)
