"""The support vector machine against scikit-learn's, its probabilities, and the label-shuffle baseline."""

import numpy as np
import pytest
from fixtures.tiny import tiny_decoding
from fixtures.two_states import recording
from sklearn.svm import LinearSVC

from headroom.core.protocols import Workspace
from headroom.models.label_shuffle import LabelShuffle
from headroom.models.logistic import Logistic
from headroom.models.svm import Svm
from headroom.splits.by_trial import ByTrial
from headroom.tasks.decoding import Decoding


def fit(model, dataset, seed=0):
    return model.fit(dataset.train, dataset.valid, dataset.target, Workspace(seed))


def features(examples, lags):
    windows = (examples.windows() - examples.scale.mean) / examples.scale.sd
    return windows[:, ::-1][:, :lags].reshape(len(examples), -1)


def two_classes():
    made, task = recording(1.5, trials=12, samples=100), Decoding(window=4)
    return ByTrial().apply(task.examples(made, made.states), task.target(made, made.states), made)


@pytest.mark.parametrize("dataset", [tiny_decoding(), two_classes()], ids=["three", "two"])
def test_its_borders_are_those_of_scikit_learn(dataset):
    model = fit(Svm(lags=3, penalties=(0.1,)), dataset)[0]
    rows, label = features(dataset.train, 3), dataset.train.targets()[:, 0].argmax(axis=1)
    theirs = LinearSVC(C=1 / (0.1 * len(rows)), dual=False, tol=1e-3).fit(rows, label)
    wanted = theirs.decision_function(features(dataset.test, 3)).reshape(len(dataset.test), -1)
    np.testing.assert_allclose(model.scores(features(dataset.test, 3)), wanted, atol=1e-8)


def test_its_probabilities_are_calibrated_and_chosen_on_validation():
    dataset = two_classes()
    model, history = fit(Svm(lags=2), dataset)
    point, truth = model.predict(dataset.valid).point[:, 0], dataset.valid.targets()[:, 0]
    assert point[:, 1].mean() == pytest.approx(truth[:, 1].mean(), abs=1e-3)
    assert -np.log((point * truth).sum(axis=1)).mean() == pytest.approx(min(row["valid_loss"] for row in history))
    tested = dataset.test.targets()[:, 0]
    ours, theirs = (one.predict(dataset.test).point[:, 0] for one in (model, fit(Logistic(lags=2), dataset)[0]))
    assert -np.log((ours * tested).sum(axis=1)).mean() < 0.02 - np.log((theirs * tested).sum(axis=1)).mean(), (
        "logistic is calibrated by its loss"
    )


def test_shuffled_labels_teach_no_more_than_the_shares_of_the_classes():
    dataset = two_classes()
    points = [fit(LabelShuffle(), dataset, seed)[0].predict(dataset.test).point[:, 0] for seed in (0, 1)]
    share = dataset.train.targets()[:, 0].mean(axis=0)
    assert np.abs(points[0] - points[1]).max() > 1e-4
    for point in points:
        assert np.abs(point - share).mean() < 0.05
        auc_like = point[:, 1][dataset.test.targets()[:, 0, 1] > 0].mean() - point[:, 1][dataset.test.targets()[:, 0, 1] == 0].mean()
        assert abs(auc_like) < 0.05
