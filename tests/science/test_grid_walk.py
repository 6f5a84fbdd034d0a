"""The walking generator: shares and speed of its gait against theory, its spikes against the rates that it says they have."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import poisson

from headroom.core.randomness import stream, streams
from headroom.simulators._grid_walk_gait import annotated
from headroom.simulators._grid_walk_population import wander
from headroom.simulators.grid_walk import GridWalk

FEW = GridWalk(neurons=40, samples=20_000)


@pytest.fixture(scope="module")
def recording():
    return FEW.simulate(streams(0, "simulate"))


def rates(simulator, recording, trial=0):
    """Rates (time, neuron) [Hz], put together from the extras alone."""
    extras = {name: values[trial] for name, values in recording.extras.items() if name in ("gait", "gains", "confounds", "private")}
    private = np.repeat(extras["private"], 30, axis=0)[: simulator.samples]
    shared = extras["confounds"] @ recording.extras["loadings"]
    return np.exp(recording.extras["baseline"] + shared + private + extras["gains"][extras["gait"]])


def advance(gait, phases):
    """Mean bins per frame while walking on."""
    on = (gait[1:] > 0) & (gait[:-1] > 0)
    return ((gait[1:].astype(int) - gait[:-1])[on] % phases).mean()


@pytest.mark.parametrize("speed", [0.8, 1.0, 1.3])
def test_the_stated_shares_are_stationary_at_any_speed(speed):
    matrix, shares = FEW.gait.transitions(speed), FEW.stationary()
    np.testing.assert_allclose(matrix.sum(axis=1), 1)
    assert (matrix >= 0).all()
    np.testing.assert_allclose(shares @ matrix, shares, atol=1e-15)


def test_classes_have_the_published_shares():
    shares = np.bincount(FEW.classes(), FEW.stationary())
    np.testing.assert_allclose(shares, [0.634, 0.183, 0.183], atol=1e-12)


def test_a_long_walk_has_the_stationary_shares_and_the_stated_speed():
    simulator = GridWalk(neurons=1, samples=100_000)
    matrices, regime = simulator.transitions()
    gait = simulator.gait.path(matrices, regime, np.random.default_rng(0))
    np.testing.assert_allclose(np.bincount(simulator.classes()[gait]) / len(gait), [0.634, 0.183, 0.183], atol=0.02)
    assert advance(gait, 30) == pytest.approx(1, abs=0.01)
    bouts = np.flatnonzero(np.diff((gait > 0).astype(int)) == 1)
    assert np.diff(bouts).mean() * simulator.dt == pytest.approx(simulator.walking + simulator.resting, rel=0.05)


def test_a_change_of_speed_begins_where_it_is_said_to():
    simulator = GridWalk(neurons=1, samples=20_000, speed_shift=0.3, shift_at=0.5)
    gait = simulator.simulate(streams(0, "simulate")).extras["gait"][0]
    assert advance(gait[:10_000], 30) == pytest.approx(1, abs=0.04)
    assert advance(gait[10_000:], 30) == pytest.approx(1.3, abs=0.04)


def test_spikes_are_poisson_with_the_rates_of_the_extras(recording):
    expected = rates(FEW, recording) * FEW.dt
    counts = recording.states.values[0].astype(float)
    assert counts.sum() == pytest.approx(expected.sum(), abs=4 * np.sqrt(expected.sum()))
    assert ((counts - expected) ** 2 / expected).mean() == pytest.approx(1, abs=0.01)
    assert (counts == 0).mean() == pytest.approx(np.exp(-expected).mean(), abs=0.002)


def test_the_log_likelihood_is_that_of_poisson_counts_in_each_state(recording):
    some, states = slice(2000, 2050), np.array([0, 1, 7, 30])
    found = FEW.log_likelihood(recording, 0, confounds=True)[some][:, states]
    gains, gait = recording.extras["gains"][0], recording.extras["gait"][0]
    rest = rates(FEW, recording)[some] / np.exp(gains[gait[some]])
    counts = recording.states.values[0, some]
    wanted = np.stack([poisson.logpmf(counts, rest * np.exp(gains[state]) * FEW.dt).sum(axis=1) for state in states], axis=1)
    np.testing.assert_allclose(found - found[:, :1], wanted - wanted[:, :1], atol=1e-6)


def test_without_confounds_rates_are_at_their_mean():
    simulator = replace(FEW, samples=20_000, neurons=5, private_time=10.0, confound_time=0.5)
    drive = [simulator._drive(simulator._nuisance(np.random.default_rng(seed)), slice(0, 20_000)) for seed in range(5)]
    found = np.exp(np.concatenate(drive)).mean(axis=0)
    np.testing.assert_allclose(found, np.exp(simulator._mean_drive()), rtol=0.08)


def test_slow_signals_have_the_stated_spread_and_memory():
    path = wander(0.9, 40_000, 2, np.random.default_rng(0))
    np.testing.assert_allclose(path.std(axis=0), 1, atol=0.03)
    np.testing.assert_allclose([np.corrcoef(one[5:], one[:-5])[0, 1] for one in path.T], 0.9**5, atol=0.03)


def test_sessions_track_the_same_neurons_whose_tuning_drifts():
    population = GridWalk(neurons=2000, kept=0.8).population
    first, second, fourth = (population.gains(session, 30)[5, population.locomotion :] for session in (0, 1, 3))
    assert np.corrcoef(first, second)[0, 1] == pytest.approx(0.8, abs=0.04)
    assert np.corrcoef(first, fourth)[0, 1] == pytest.approx(0.8**3, abs=0.06)
    assert fourth.std() == pytest.approx(first.std(), rel=0.1)


def test_the_locomotion_group_knows_nothing_of_the_phase(recording):
    gains, group = recording.extras["gains"][0], FEW.population.locomotion
    assert group == 8
    np.testing.assert_array_equal(np.ptp(gains[1:, :group], axis=0), 0)
    assert (gains[1, :group].mean() > 0.4) and (np.ptp(gains[1:, group:], axis=0) > 0).all()
    assert gains[1:, group:].std(axis=0).mean() == pytest.approx(FEW.tuning, rel=0.25)


def test_an_annotator_is_late_by_no_more_than_said_and_by_all_delays_alike():
    label, moment = np.arange(30_000), np.arange(30_000)
    delay = (moment - annotated(label, 3, 30, np.random.default_rng(0)))[100:-100]
    assert set(delay) == set(range(-3, 4))
    shares = np.bincount(delay + 3) / len(delay)
    np.testing.assert_allclose(shares, 1 / 7, atol=0.05)
    np.testing.assert_array_equal(annotated(label, 0, 30, np.random.default_rng(0)), label)


def test_jitter_changes_labels_and_nothing_of_the_walk(recording):
    jittered = replace(FEW, annotation_jitter=4).simulate(streams(0, "simulate"))
    np.testing.assert_array_equal(jittered.extras["gait"], recording.extras["gait"])
    changed = (jittered.labels.values != recording.labels.values).mean()
    assert 0.05 < changed < 0.4
    np.testing.assert_array_equal(recording.labels.values[..., 0], FEW.classes()[recording.extras["gait"]])


def test_what_is_drawn_belongs_to_the_seed_and_the_session():
    simulator = replace(FEW, samples=300, trials=2)
    recording = simulator.simulate(lambda session: stream(0, "same"))
    np.testing.assert_array_equal(*recording.extras["gait"])
    assert (recording.extras["gains"][0] != recording.extras["gains"][1]).any()
    assert recording.session.tolist() == [0, 1] and recording.labels.channels == ("step",)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"speed": 2.0}, "speed: found 2 bins"),
        ({"speed_shift": -0.95}, "speed: found 0.05 bins"),
        ({"swing": 16}, "swing: found 16; expected at most half"),
        ({"rates": (3.0, 1.0)}, "rates: found 3 and 1 Hz"),
        ({"walking": 0.01}, "walking: found 0.01 s; expected at least a frame"),
    ],
)
def test_settings_that_cannot_be_are_refused(changes, words):
    assert GridWalk().problems() == []
    assert words in "; ".join(GridWalk(**changes).problems())
