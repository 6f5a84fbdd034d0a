"""The random forest that is kept is scikit-learn's own, read without it."""

import numpy as np
import pytest
from fixtures.tiny import tiny_decoding
from sklearn.ensemble import RandomForestClassifier

from headroom.core.protocols import Workspace
from headroom.models._class_rows import rows
from headroom.models.random_forest import RandomForest


@pytest.mark.parametrize("leaf", [1, 10])
def test_the_kept_trees_answer_as_scikit_learn_does(leaf):
    dataset = tiny_decoding()
    fitted = RandomForest(lags=3, trees=15, leaf=leaf).fit(dataset.train, dataset.valid, dataset.target, Workspace(4))[0]
    features, truth = rows(fitted.inputs, dataset.train)
    theirs = RandomForestClassifier(15, min_samples_leaf=leaf, random_state=4).fit(features, truth.argmax(axis=1))
    wanted = theirs.predict_proba(rows(fitted.inputs, dataset.test)[0])
    np.testing.assert_allclose(fitted.predict(dataset.test).point[:, 0], wanted, atol=1e-12)
