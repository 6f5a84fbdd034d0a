"""Decoders: logistic regression against scikit-learn, and networks with a category head."""

import numpy as np
import pytest
import torch
from fixtures.tiny import tiny_decoding
from fixtures.two_states import recording
from sklearn.linear_model import LogisticRegression

from headroom.core.errors import HeadroomError
from headroom.core.protocols import Workspace
from headroom.models.logistic import Logistic
from headroom.models.lstm import Lstm
from headroom.models.majority import Majority
from headroom.networks.fitting import _log_loss
from headroom.networks.training import Training
from headroom.splits.by_trial import ByTrial
from headroom.tasks.decoding import Decoding


def dataset_of(made, **task):
    cut = Decoding(**task)
    return ByTrial().apply(cut.examples(made, made.states), cut.target(made, made.states), made)


def fit(model, dataset, seed=0):
    return model.fit(dataset.train, dataset.valid, dataset.target, Workspace(seed))


def losses(point, examples):
    return -np.log((point * examples.targets()).sum(axis=2))


def features(examples, lags):
    windows = (examples.windows() - examples.scale.mean) / examples.scale.sd
    return windows[:, ::-1][:, :lags].reshape(len(examples), -1)


@pytest.mark.parametrize("penalty", [1e-3, 1e-1])
def test_logistic_regression_is_that_of_scikit_learn(penalty):
    dataset = tiny_decoding()
    ours = fit(Logistic(lags=3, penalties=(penalty,)), dataset)[0].predict(dataset.test).point[:, 0]
    rows, label = features(dataset.train, 3), dataset.train.targets()[:, 0].argmax(axis=1)
    theirs = LogisticRegression(C=1 / (penalty * len(rows)), tol=1e-8, max_iter=5000).fit(rows, label)
    np.testing.assert_allclose(ours, theirs.predict_proba(features(dataset.test, 3)), atol=2e-3)


def test_the_penalty_is_chosen_by_log_loss_on_validation():
    dataset = dataset_of(recording(0.3, trials=10, samples=60), window=12)
    model, history = fit(Logistic(lags=12, penalties=(1e-6, 1.0)), dataset)
    best = min(history, key=lambda row: row["valid_loss"])
    alone = fit(Logistic(lags=12, penalties=(best["penalty"],)), dataset)[0]
    np.testing.assert_allclose(model.predict(dataset.test).point, alone.predict(dataset.test).point, atol=2e-3)
    held = losses(model.predict(dataset.valid).point, dataset.valid).mean()
    assert held == pytest.approx(best["valid_loss"], rel=1e-6)


def test_components_stand_for_many_channels():
    made = recording(1.5, trials=10, samples=100)
    whole, reduced = (fit(Logistic(lags=2, components=number), dataset_of(made, window=4))[0] for number in (2, 1))
    assert whole.inputs.directions.shape == (2, 2) and reduced.inputs.directions.shape == (2, 1)
    assert reduced.weights.shape == (3, 2)


def test_a_head_of_categories_is_trained_on_the_log_loss():
    odds = torch.tensor([[[2.0, 0.0]], [[0.0, 1.0]]])
    asked = torch.tensor([[[1.0, 0.0]], [[1.0, 0.0]]])
    expected = (np.log(1 + np.exp(-2)) + np.log(1 + np.exp(1))) / 2
    assert _log_loss(odds, asked).item() == pytest.approx(expected)


@pytest.mark.parametrize("loss", ["last", "dense"])
def test_a_network_learns_to_decode_and_says_its_log_loss(loss):
    dataset = tiny_decoding()
    training = Training(steps=200, validate_every=50, learning_rate=0.01)
    model, history = fit(Lstm(hidden=12, loss=loss, training=training), dataset)
    floor = losses(fit(Majority(), dataset)[0].predict(dataset.test).point, dataset.test).mean()
    assert losses(model.predict(dataset.test).point, dataset.test).mean() < 0.6 * floor
    best = min(row["valid_loss"] for row in history)
    assert losses(model.predict(dataset.valid).point, dataset.valid).mean() == pytest.approx(best, rel=1e-4)


def test_a_centred_network_trains_on_every_step_s_label_too():
    dataset = dataset_of(recording(2.0, stay=0.9, trials=10, samples=80), window=10, look=4)
    training = Training(steps=150, validate_every=50, learning_rate=0.01)
    point = fit(Lstm(hidden=8, loss="dense", training=training), dataset)[0].predict(dataset.test).point
    assert (point.argmax(axis=2) == dataset.test.targets().argmax(axis=2)).mean() > 0.8


def test_a_fit_refuses_other_offsets_than_its_own():
    causal, centred = (dataset_of(recording(1.0, trials=6, samples=60), window=8, look=look) for look in (0, 3))
    for model in (Majority(), Logistic()):
        with pytest.raises(HeadroomError, match=r"fitted for offsets \(0,\), asked for \(-3,\)"):
            fit(model, causal)[0].predict(centred.test)
