"""The Kalman decoder against an explicit Kalman filter and smoother, and on labels that lag."""

import numpy as np
import pytest
from fixtures.tiny import tiny_decoding
from fixtures.two_states import recording

from headroom.core.errors import HeadroomError
from headroom.core.protocols import Workspace
from headroom.models._label_state import LabelState, estimator
from headroom.models.kalman import Kalman
from headroom.splits.by_trial import ByTrial
from headroom.tasks.decoding import Decoding

RNG = np.random.default_rng(0)


def some_state():
    """A stable two-dimensional state seen through three components."""
    memory = np.array([[0.8, 0.1], [-0.2, 0.7]])
    driven = np.array([[0.5, 0.1], [0.1, 0.3]])
    covariance = np.eye(2)
    for _ in range(500):
        covariance = memory @ covariance @ memory.T + driven
    mixed = RNG.normal(size=(3, 3))
    return LabelState(covariance, memory, RNG.normal(size=(3, 2)), mixed @ mixed.T + np.eye(3), delay=0), driven


def filtered(state, driven, seen):
    """Means and covariances before and after each sample (Kalman 1960)."""
    mean, covariance, steps = np.zeros(2), state.covariance, []
    for time, sample in enumerate(seen):
        if time:
            mean, covariance = state.memory @ mean, state.memory @ covariance @ state.memory.T + driven
        before = mean, covariance
        gain = covariance @ state.report.T @ np.linalg.inv(state.report @ covariance @ state.report.T + state.noise)
        mean, covariance = mean + gain @ (sample - state.report @ mean), covariance - gain @ state.report @ covariance
        steps.append((*before, mean, covariance))
    return steps


def smoothed(state, steps, back):
    """The mean `back` samples before the last (Rauch, Tung and Striebel 1965)."""
    mean = steps[-1][2]
    for place in range(len(steps) - 2, len(steps) - 2 - back, -1):
        ahead, spread = steps[place + 1][:2]
        gain = steps[place][3] @ state.memory.T @ np.linalg.inv(spread)
        mean = steps[place][2] + gain @ (mean - ahead)
    return mean


def fit(dataset, **changes):
    return Kalman(**changes).fit(dataset.train, dataset.valid, dataset.target, Workspace(0))


def dataset_of(made, **task):
    cut = Decoding(**task)
    return ByTrial().apply(cut.examples(made, made.states), cut.target(made, made.states), made)


@pytest.mark.parametrize("back", [0, 1, 4])
def test_its_weights_are_those_of_the_recursions(back):
    state, driven = some_state()
    seen = RNG.normal(size=(7, 3))
    found = seen[::-1].ravel() @ estimator(state, 7, -back)
    np.testing.assert_allclose(found, smoothed(state, filtered(state, driven, seen), back), atol=1e-10)


def test_a_delay_is_a_prediction_of_the_state():
    state, driven = some_state()
    seen = RNG.normal(size=(7, 3))
    late = LabelState(state.covariance, state.memory, state.report, state.noise, delay=2)
    ahead = state.memory @ state.memory @ smoothed(state, filtered(state, driven, seen), 0)
    np.testing.assert_allclose(seen[::-1].ravel() @ estimator(late, 7, 0), ahead, atol=1e-10)


def test_the_delay_of_the_signal_is_found():
    made = recording(2.5, stay=0.9, trials=12, samples=200)
    made.states.values[:] = np.roll(made.states.values, 3, axis=1)
    _, history = fit(dataset_of(made, window=10), delays=(0, 3, 6))
    assert min(history, key=lambda row: row["valid_loss"])["delay"] == 3


def test_delays_beyond_the_window_are_left_out_and_other_offsets_refused():
    made = recording(1.0, trials=6, samples=60)
    model, history = fit(dataset_of(made, window=3), delays=(0, 2, 3))
    assert [row["delay"] for row in history] == [0, 2]
    with pytest.raises(HeadroomError, match=r"kalman: fitted for offsets \(0,\), asked for \(-1,\)"):
        model.predict(dataset_of(made, window=3, look=1).test)


def test_it_uses_the_whole_window():
    dataset = tiny_decoding()
    model = fit(dataset)[0]
    assert (np.abs(model.gains.reshape(12, 2, 2)).max(axis=(1, 2)) > 0).all()
