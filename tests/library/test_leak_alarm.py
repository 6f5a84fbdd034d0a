"""The leak alarm: loud for a predictor that has seen what it must not, silent for one that is as good as can be."""

import numpy as np
import pandas
import pytest
from fixtures.panels import PLACE
from fixtures.tallied import GENERATORS, METRICS, condition, tallies, truth

from headroom.metrics.r2 import R2
from headroom.scores.alarm import leaks
from headroom.scores.intervals import Intervals
from headroom.scores.panel import Cell, Panel
from headroom.scores.question import Question
from headroom.scores.resampling import Resampler
from headroom.scores.study import summarise

NOISE = 0.3


def chances(experiments, runs, peek, rng, examples=100):
    """One-sided p of a model against the bound: it predicts the clean signal and a share `peek` of the noise itself."""
    clean, noise = rng.normal(size=(2, experiments, runs, examples))
    noise, metric = NOISE * noise, R2()
    seen = metric.statistics(clean + peek * noise, clean + noise).sum(axis=2)
    bound = metric.expected(np.full_like(noise, NOISE**2), clean + noise).sum(axis=2)
    sums = tuple(np.concatenate((seen, bound))[:, None, :, None, :])  # (seed, unit, target, statistic) of each cell
    cells = tuple(Cell(PLACE, None, 1, f"m{i}", "model", None, (None,)) for i in range(len(sums)))
    panel = Panel("forecast", "r2", metric, ("x",), tuple(range(runs)), cells, sums)
    index = np.arange(experiments)
    question = Question(panel, index, index + experiments, first=-1)
    return Intervals(panel, Resampler("toy", GENERATORS, draws=400)).answer(question).p_one_sided[:, 0]


def study(p):
    return pandas.DataFrame({"metric": "r2", "against_role": "bound", "p_one_sided": p})


@pytest.mark.parametrize("runs", [8, 24])
def test_a_model_at_the_bound_raises_the_alarm_in_about_one_study_of_a_hundred(runs):
    p = chances(6000, runs, 0.0, np.random.default_rng(runs))
    assert 0.005 < np.mean(p < 0.01) < 0.017
    alarmed = [len(leaks(study(group), "r2")) > 0 for group in p.reshape(150, 40)]
    assert np.mean(alarmed) <= 0.04, "one in a hundred is expected; 0.04 is the 99.9th percentile of 150 studies"


@pytest.mark.parametrize("runs", [8, 24])
def test_a_planted_leak_raises_the_alarm(runs):
    p = np.concatenate((chances(39, runs, 0.0, np.random.default_rng(1)), chances(1, runs, 0.3, np.random.default_rng(2))))
    found = leaks(study(p), "r2")
    assert list(found.index) == [39]


def test_from_tallies_to_alarm_with_bounds_and_references():
    goal = truth(trials=24)
    models = {"persistence": ("trivial", (0.5,)), "cheat": ("model", (0.05,)), "honest": ("model", (0.1,))}
    ceilings = {"noise_floor": ("bound", 0.1), "formula": ("reference", 0.3)}
    _, comparisons = summarise([(condition(), tallies(models, ceilings, goal=goal, wobble=0.0))], METRICS, "r2", GENERATORS, draws=100)
    found = leaks(comparisons, "r2")
    assert set(found["model"]) == {"cheat"} and set(found["against"]) == {"noise_floor"}, "honest equals the bound; references never alarm"
    assert comparisons.loc[comparisons["against"] == "formula", "p_one_sided"].min() < 1e-6


def test_where_no_bound_is_known_nothing_alarms():
    _, comparisons = summarise([(condition(ceiling=None), tallies(ceilings={}))], METRICS, "r2", GENERATORS, draws=100)
    assert leaks(comparisons, "r2").empty
