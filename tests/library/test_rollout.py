"""Free-running forecasts."""

import numpy as np
import pytest
from fixtures.tiny import tiny_dataset, with_values

from headroom.core.errors import HeadroomError
from headroom.core.protocols import Workspace
from headroom.core.rollout import rollout
from headroom.metrics.mse import Mse
from headroom.models.harmonic import Harmonic
from headroom.models.lstm import Lstm
from headroom.models.persistence import Persistence
from headroom.models.ridge_var import RidgeVar
from headroom.networks.training import Training
from headroom.scores.evaluation import Entry, rolled_tallies

MODELS = [Persistence(), RidgeVar(), Harmonic(), Lstm(training=Training(steps=5))]


def fit(model, dataset):
    return model.fit(dataset.train, dataset.valid, dataset.target, Workspace(0))[0]


def test_feeds_each_prediction_back_as_the_next_sample():
    dataset = tiny_dataset(offsets=(1, 3))
    fitted, example = fit(RidgeVar(), dataset), dataset.test.take(np.array([4]))
    values = dataset.test.inputs.values.copy()
    trial, next_sample = example.trial[0], example.last[0] + 1
    free = []
    for step in range(6):
        moved = with_values(dataset, values).test.take(np.array([4 + step]))
        free.append(fitted.predict(moved).point[0, 0])
        values[trial, next_sample + step] = free[-1]
    np.testing.assert_allclose(rollout(fitted, example, 6)[0], free, rtol=1e-12)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_first_step_is_the_one_step_prediction_and_nothing_later_is_read(model):
    dataset = tiny_dataset(offsets=(1, 3))
    fitted = fit(model, dataset)
    first = dataset.test.take(np.arange(0, len(dataset.test), 7))
    free = rollout(fitted, first, 8)
    assert free.shape == (len(first), 8, 2)
    assert np.isfinite(free).all()
    np.testing.assert_allclose(free[:, 0], fitted.predict(first).point[:, 0], rtol=1e-6)
    one = dataset.test.take(np.array([0]))
    values = dataset.test.inputs.values.copy()
    values[:, one.last[0] + 1 :] = np.nan
    blind = rollout(fitted, with_values(dataset, values).test.take(np.array([0])), 8)
    np.testing.assert_array_equal(blind, rollout(fitted, one, 8))


def test_harmonic_regression_still_knows_the_time():
    far = tiny_dataset(offsets=(1, 2, 3, 4, 5))
    fitted = fit(Harmonic(), far)
    np.testing.assert_allclose(rollout(fitted, far.test, 5), fitted.predict(far.test).point, rtol=1e-9)


def test_a_forecaster_that_starts_further_ahead_is_refused():
    dataset = tiny_dataset(offsets=(3,))
    with pytest.raises(HeadroomError, match=r"rollout: the first offset is \(3,\)"):
        rollout(fit(Persistence(), dataset), dataset.test, 4)


def test_the_last_step_of_a_roll_out_is_scored_too():
    dataset = tiny_dataset()
    entry = Entry("persistence", "trivial", {None: fit(Persistence(), dataset)})
    (table,) = rolled_tallies(entry, 15, None, dataset, {"mse": Mse()})
    assert sorted(table["offset"].unique()) == [1, 2, 5, 10, 15]
