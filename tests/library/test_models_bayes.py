"""Decoders by Bayes' rule against scikit-learn's."""

import numpy as np
import pytest
from fixtures.tiny import tiny_decoding
from fixtures.two_states import recording
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.naive_bayes import GaussianNB

from headroom.core.errors import HeadroomError
from headroom.core.protocols import Workspace
from headroom.models.lda import Lda
from headroom.models.naive_bayes import NaiveBayes
from headroom.splits.by_trial import ByTrial
from headroom.tasks.decoding import Decoding


def fit(model, dataset):
    return model.fit(dataset.train, dataset.valid, dataset.target, Workspace(0))


def features(examples, lags):
    windows = (examples.windows() - examples.scale.mean) / examples.scale.sd
    return windows[:, ::-1][:, :lags].reshape(len(examples), -1)


def label(examples):
    return examples.targets()[:, 0].argmax(axis=1)


def centred():
    made, task = recording(1.0, trials=6, samples=60), Decoding(window=8, look=3)
    return ByTrial().apply(task.examples(made, made.states), task.target(made, made.states), made)


def test_naive_bayes_is_that_of_scikit_learn():
    dataset = tiny_decoding()
    ours = fit(NaiveBayes(lags=3), dataset)[0].predict(dataset.test).point[:, 0]
    theirs = GaussianNB().fit(features(dataset.train, 3), label(dataset.train))
    np.testing.assert_allclose(ours, theirs.predict_proba(features(dataset.test, 3)), atol=1e-6)


@pytest.mark.parametrize("shrinkage", [0.001, 0.4, 1.0])
def test_the_linear_discriminant_is_that_of_scikit_learn(shrinkage):
    dataset = tiny_decoding()
    ours = fit(Lda(lags=3, shrinkages=(shrinkage,)), dataset)[0].predict(dataset.test).point[:, 0]
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=shrinkage)
    theirs = model.fit(features(dataset.train, 3), label(dataset.train))
    np.testing.assert_allclose(ours, theirs.predict_proba(features(dataset.test, 3)), atol=1e-6)


def test_the_shrinkage_is_chosen_by_log_loss_on_validation():
    dataset = tiny_decoding()
    model, history = fit(Lda(lags=6), dataset)
    best = min(history, key=lambda row: row["valid_loss"])
    alone = fit(Lda(lags=6, shrinkages=(best["shrinkage"],)), dataset)[0]
    np.testing.assert_array_equal(model.predict(dataset.test).point, alone.predict(dataset.test).point)
    point = model.predict(dataset.valid).point
    assert -np.log((point * dataset.valid.targets()).sum(axis=2)).mean() == pytest.approx(best["valid_loss"])


@pytest.mark.parametrize("model", [Lda(), NaiveBayes()], ids=["lda", "naive_bayes"])
def test_other_offsets_than_its_own_are_refused(model):
    with pytest.raises(HeadroomError, match=r"fitted for offsets \(0,\), asked for \(-3,\)"):
        fit(model, tiny_decoding())[0].predict(centred().test)
