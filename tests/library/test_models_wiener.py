"""Wiener filters against scikit-learn's ridge regression, cascades, and trees on their scores."""

import numpy as np
import pytest
from fixtures.tiny import tiny_decoding
from fixtures.two_states import recording
from sklearn.linear_model import Ridge

from headroom.core.errors import HeadroomError
from headroom.core.protocols import Workspace
from headroom.models._wiener import filters
from headroom.models.boosted_wiener import BoostedWiener, _by_class, _rows
from headroom.models.wiener import Wiener
from headroom.splits.by_trial import ByTrial
from headroom.tasks.decoding import Decoding


def dataset_of(made, **task):
    cut = Decoding(**task)
    return ByTrial().apply(cut.examples(made, made.states), cut.target(made, made.states), made)


def fit(model, dataset):
    return model.fit(dataset.train, dataset.valid, dataset.target, Workspace(0))


def features(examples, lags):
    windows = (examples.windows() - examples.scale.mean) / examples.scale.sd
    return windows[:, ::-1][:, :lags].reshape(len(examples), -1)


def log_loss(point, examples):
    return -np.log((point * examples.targets()).sum(axis=2)).mean()


@pytest.mark.parametrize("penalty", [1e-3, 1.0])
def test_scores_are_those_of_ridge_regression(penalty):
    dataset = tiny_decoding()
    found, _ = filters(dataset.train, dataset.valid, 3, 40, (penalty,))
    x = features(dataset.train, 3)
    theirs = Ridge(alpha=penalty * len(x)).fit(x, dataset.train.targets()[:, 0])
    wanted = theirs.predict(features(dataset.test, 3))
    np.testing.assert_allclose(found.scores(features(dataset.test, 3)), wanted, atol=1e-8)
    np.testing.assert_allclose(found.along(dataset.test, slice(None))[:, :3], wanted, atol=1e-8)


def test_scores_along_a_window_are_those_of_earlier_windows():
    dataset = dataset_of(recording(1.0, trials=6, samples=60), window=8)
    found, _ = filters(dataset.train, dataset.valid, 3, 40, (1e-2,))
    along = found.along(dataset.test, slice(None)).reshape(len(dataset.test), 6, 2)
    same = (dataset.test.trial[1:] == dataset.test.trial[:-1]) & (np.diff(dataset.test.start) == 1)
    np.testing.assert_allclose(along[1:][same, 1:], along[:-1][same, :-1], atol=1e-12)


def test_a_cascade_bends_what_a_filter_leaves_straight():
    made = recording(3.0, share=0.2, trials=12, samples=200)
    dataset = dataset_of(made, window=2)
    straight, bent = (fit(Wiener(lags=1, degree=degree), dataset)[0].predict(dataset.test).point for degree in (1, 3))
    assert log_loss(bent, dataset.test) < log_loss(straight, dataset.test) - 0.01


def test_without_a_penalty_a_filter_s_scores_are_its_probabilities_where_they_are_some():
    dataset = dataset_of(recording(1.0, trials=6, samples=100), window=4)
    model = fit(Wiener(lags=2, penalties=(1e-10,)), dataset)[0]
    scores, point = model.filters.scores(features(dataset.test, 2)), model.predict(dataset.test).point[:, 0]
    inside = (scores > 0.01).all(axis=1) & (scores < 0.99).all(axis=1)
    assert inside.mean() > 0.5
    np.testing.assert_allclose(point[inside], scores[inside], atol=1e-6)


@pytest.mark.parametrize("classes", [2, 3])
def test_the_kept_trees_answer_as_scikit_learn_does(classes):
    dataset = tiny_decoding() if classes == 3 else dataset_of(recording(1.5, trials=8, samples=100), window=8)
    model = BoostedWiener(lags=3, trees=20)
    fitted = fit(model, dataset)[0]
    found, _ = filters(dataset.train, dataset.valid, 3, 40, model.penalties)
    grown = model._grown(_rows(found, dataset.train), _rows(found, dataset.valid))
    wanted = grown.predict_proba(_rows(found, dataset.test)[0])
    assert len(_by_class(grown)) == (3 if classes == 3 else 1)
    np.testing.assert_allclose(fitted.predict(dataset.test).point[:, 0], wanted, atol=1e-9)


def test_trees_see_more_than_the_filter_that_they_rest_on():
    dataset = dataset_of(recording(1.2, stay=0.95, trials=30, samples=200), window=16)
    filter_, trees = (fit(model, dataset)[0].predict(dataset.test).point for model in (Wiener(lags=4), BoostedWiener(lags=4)))
    assert log_loss(trees, dataset.test) < log_loss(filter_, dataset.test) - 0.03


@pytest.mark.parametrize("model", [Wiener(), BoostedWiener()], ids=["wiener", "boosted_wiener"])
def test_other_offsets_than_its_own_are_refused(model):
    causal, centred = (dataset_of(recording(1.0, trials=6, samples=60), window=8, look=look) for look in (0, 3))
    with pytest.raises(HeadroomError, match=r"fitted for offsets \(0,\), asked for \(-3,\)"):
        fit(model, causal)[0].predict(centred.test)
