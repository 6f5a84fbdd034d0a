"""The ceilings of spiking networks against each other and against what theory says of them."""

import numpy as np
import pytest

from headroom.catalog import build
from headroom.ceilings.twins import evenly, filled
from headroom.core.errors import HeadroomError
from headroom.core.randomness import stream, streams
from headroom.simulators.brunel import Brunel
from headroom.simulators.kuramoto import Kuramoto

SYSTEM = Brunel(trials=4, duration=2.5, start=0.5, neurons=40, connection_probability=0.25)


@pytest.fixture(scope="module")
def recording():
    return SYSTEM.simulate(streams(3, "simulate", "small"))


def condition(recording, level, offsets=(1,)):
    observed = build("observations", {"kind": "white", "level": level, "relative": False}).apply(recording.states, streams(3, "noise"))
    task = build("tasks", {"kind": "forecasting", "window": 100, "stride": 5, "offsets": offsets})
    split = build("splits", {"kind": "by_trial"})
    return split.apply(task.examples(recording, observed), task.target(recording, observed), recording)


def explained(ceiling, recording, dataset):
    """R2 of what a ceiling says of the test examples, by offset."""
    expectation = build("ceilings", ceiling).expect(SYSTEM, recording, dataset, stream(3, "ceiling"))
    truth = dataset.test.targets()
    wrong = expectation.variance if expectation.variance is not None else (expectation.point - truth) ** 2
    return 1 - wrong.sum(axis=(0, 2)) / ((truth - truth.mean(axis=(0, 2), keepdims=True)) ** 2).sum(axis=(0, 2))


def test_knowing_more_explains_more(recording):
    dataset = condition(recording, 0.2)
    full = explained({"kind": "twins", "futures": 16, "per_trial": 100}, recording, dataset)
    own = explained({"kind": "own_state_twins", "futures": 16, "per_trial": 100}, recording, dataset)
    filtered = explained({"kind": "block_particle_filter", "particles": 64}, recording, dataset)
    alone = explained({"kind": "block_particle_filter", "particles": 64, "connected": False}, recording, dataset)
    last = dataset.test.inputs.values[dataset.test.trial, dataset.test.last]
    truth = dataset.test.targets()[:, 0]
    persistence = 1 - ((last - truth) ** 2).sum() / ((truth - truth.mean()) ** 2).sum()
    assert full > own > alone > persistence
    assert full > filtered > alone


def test_more_noise_leaves_the_filter_less_and_the_twins_only_the_noise_itself(recording):
    quiet, loud = condition(recording, 0.2), condition(recording, 3.0)
    filtered = [explained({"kind": "block_particle_filter", "particles": 64}, recording, dataset) for dataset in (quiet, loud)]
    assert filtered[0] > filtered[1] + 0.1
    twins = [
        build("ceilings", {"kind": "twins", "futures": 8, "per_trial": 50}).expect(SYSTEM, recording, dataset, stream(3, "ceiling"))
        for dataset in (quiet, loud)
    ]
    np.testing.assert_allclose(twins[1].variance - twins[0].variance, 3.0**2 - 0.2**2)


def test_forecasts_further_ahead_explain_less(recording):
    dataset = condition(recording, 0.2, offsets=(1, 3, 8))
    for kind in ("twins", "block_particle_filter"):
        few = {"futures": 8, "per_trial": 50} if kind == "twins" else {"particles": 32}
        assert (np.diff(explained({"kind": kind, **few}, recording, dataset)) < 0).all()


def test_without_noise_the_filter_says_nothing_and_why(recording):
    silent = build("ceilings", {"kind": "block_particle_filter"}).expect(SYSTEM, recording, condition(recording, 0.0), stream(3, "ceiling"))
    assert silent.point is None and silent.variance is None and "noise" in silent.note


def test_other_systems_are_refused_in_one_line():
    rings = Kuramoto(trials=3, samples=300)
    found = rings.simulate(streams(0, "simulate"))
    dataset = condition(found, 0.1)
    for kind in ("block_particle_filter", "own_state_twins"):
        with pytest.raises(HeadroomError, match=f"^{kind}: Kuramoto"):
            build("ceilings", {"kind": kind}).expect(rings, found, dataset, stream(0, "ceiling"))


def test_the_filter_repeats_bit_for_bit(recording):
    dataset = condition(recording, 0.2)
    first, second = (
        build("ceilings", {"kind": "block_particle_filter", "particles": 16}).expect(SYSTEM, recording, dataset, stream(3, "ceiling"))
        for _ in range(2)
    )
    assert first.point.tobytes() == second.point.tobytes()


def test_a_subset_of_examples_stands_for_its_trial():
    trial = np.repeat([0, 2], [10, 30])
    chosen = evenly(trial, 5)
    assert np.bincount(trial[chosen]).tolist() == [5, 0, 5]
    spread = np.arange(10.0)[:, None, None]
    whole = filled(spread, chosen, trial)
    np.testing.assert_allclose(whole[trial == 0].mean(), spread[:5].mean())
    np.testing.assert_array_equal(whole[chosen], spread)
    assert np.array_equal(evenly(trial, None), np.arange(40))
