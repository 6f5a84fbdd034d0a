"""The filter of a hidden gait: against enumeration of every path, and against the labels, which its probabilities must fit."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from headroom.ceilings._hidden_chain import Chain
from headroom.ceilings.blind_step_filter import BlindStepFilter
from headroom.ceilings.step_filter import StepFilter
from headroom.core.errors import HeadroomError
from headroom.core.protocols import Workspace
from headroom.core.randomness import stream, streams
from headroom.models.logistic import Logistic
from headroom.simulators.grid_walk import GridWalk
from headroom.simulators.kuramoto import Kuramoto
from headroom.splits.by_block import ByBlock
from headroom.tasks.decoding import Decoding
from headroom.tasks.forecasting import Forecasting

WALK = GridWalk(neurons=150, samples=8000, trials=2, tuning=0.2)


def tiny_chain(samples=6):
    rng = np.random.default_rng(0)
    moves = rng.dirichlet(np.ones(3), (2, 3))
    return Chain(rng.dirichlet(np.ones(3)), moves, np.array([0, 0, 0, 1, 1, 0])[:samples], rng.random((samples, 3)))


def enumerated(chain, moment, until):
    """P(state at moment | seen up to `until`) by summing over every path."""
    total = np.zeros(3)
    for path in product(range(3), repeat=max(moment, until) + 1):
        weight = chain.start[path[0]]
        for time in range(1, len(path)):
            weight *= chain.moves[chain.regime[time]][path[time - 1], path[time]]
        total[path[moment]] += weight * np.prod([chain.likelihood[time, path[time]] for time in range(until + 1)])
    return total / total.sum()


def condition(simulator, look=0, seed=0):
    recording = simulator.simulate(streams(seed, "simulate"))
    task = Decoding(window=12, look=look, stride=2)
    return recording, ByBlock().apply(task.examples(recording, recording.states), task.target(recording, recording.states), recording)


def expected(ceiling, simulator, recording, dataset):
    return ceiling.expect(simulator, recording, dataset, stream(0, "ceiling")).point[:, 0]


def accuracy(point, dataset):
    return (point.argmax(axis=1) == dataset.test.targets()[:, 0].argmax(axis=1)).mean()


def test_filter_smoother_and_prediction_are_those_of_every_path_summed():
    chain = tiny_chain()
    beliefs = chain.filtered()
    cases = [(moment, until) for moment in range(6) for until in range(6)]
    found = chain.known(beliefs, *np.array(cases).T)
    np.testing.assert_allclose(found, [enumerated(chain, *case) for case in cases], atol=1e-12)
    np.testing.assert_allclose(chain.smoothed(beliefs), [enumerated(chain, moment, 5) for moment in range(6)], atol=1e-12)
    np.testing.assert_allclose(beliefs, [enumerated(chain, moment, moment) for moment in range(6)], atol=1e-12)


@pytest.mark.parametrize(("jitter", "look", "lag"), [(0, 0, 0), (0, 6, 0), (0, 0, 2), (0, 0, None), (5, 0, 0), (5, 6, None)])
def test_it_is_right_as_often_as_it_says(jitter, look, lag):
    """A bound with another answer than the true probabilities would be one that could be passed."""
    simulator = replace(WALK, annotation_jitter=jitter)
    recording, dataset = condition(simulator, look)
    point = expected(StepFilter(sensor_lag=lag), simulator, recording, dataset)
    np.testing.assert_allclose(point.sum(axis=1), 1)
    assert point.max(axis=1).mean() == pytest.approx(accuracy(point, dataset), abs=0.025)
    truth = dataset.test.targets()[:, 0]
    for low, high in ((0.05, 0.35), (0.35, 0.65), (0.65, 0.95)):
        some = (point > low) & (point < high)
        assert truth[some].mean() == pytest.approx(point[some].mean(), abs=0.06)


def test_it_is_above_a_decoder_of_the_same_spikes_and_rises_with_what_it_sees():
    simulator = replace(WALK, neurons=60, tuning=0.5)
    recording, dataset = condition(simulator)
    fit = Logistic(lags=4, components=20, penalties=(0.01,)).fit(dataset.train, dataset.valid, dataset.target, Workspace(0))[0]
    decoded = accuracy(fit.predict(dataset.test).point[:, 0], dataset)
    whole = [accuracy(expected(StepFilter(sensor_lag=lag), simulator, recording, dataset), dataset) for lag in (0, 8, None)]
    majority = dataset.test.targets()[:, 0].mean(axis=0).max()
    assert majority + 0.05 < decoded < whole[0] < whole[1] <= whole[2] + 0.005


def test_not_knowing_the_confounds_costs_something():
    simulator = replace(WALK, confound_tuning=0.8)
    recording, dataset = condition(simulator)
    knowing, blind = (expected(ceiling(), simulator, recording, dataset) for ceiling in (StepFilter, BlindStepFilter))
    assert accuracy(blind, dataset) < accuracy(knowing, dataset) - 0.01
    assert (StepFilter.gives, BlindStepFilter.gives) == ("bound", "reference")


def test_a_change_of_speed_is_known_to_it():
    simulator = replace(WALK, speed_shift=0.4)
    recording, dataset = condition(simulator)
    knowing = expected(StepFilter(), simulator, recording, dataset)
    mistaken = expected(StepFilter(), WALK, recording, dataset)
    logs = [np.log((point * dataset.test.targets()[:, 0]).sum(axis=1)).mean() for point in (knowing, mistaken)]
    assert logs[0] > logs[1] + 0.01


def test_later_spikes_change_nothing():
    recording, dataset = condition(replace(WALK, trials=1))
    counts = recording.states.values.copy()
    counts[:, 7000:] = 3
    later = replace(recording, states=replace(recording.states, values=counts))
    one, other = (expected(StepFilter(), replace(WALK, trials=1), made, dataset) for made in (recording, later))
    early = dataset.test.last < 7000
    assert early.any() and not early.all()
    np.testing.assert_array_equal(one[early], other[early])
    assert (one[~early] != other[~early]).any()


def test_other_systems_and_tasks_are_refused():
    recording, dataset = condition(replace(WALK, samples=500))
    with pytest.raises(HeadroomError, match="step_filter: Kuramoto has no hidden gait"):
        StepFilter().expect(Kuramoto(), recording, dataset, stream(0, "ceiling"))
    task = Forecasting(window=10)
    examples = task.examples(recording, recording.states)
    ahead = ByBlock().apply(examples, task.target(recording, recording.states), recording)
    with pytest.raises(HeadroomError, match="blind_step_filter: the targets are not the classes of the gait"):
        BlindStepFilter().expect(WALK, recording, ahead, stream(0, "ceiling"))
