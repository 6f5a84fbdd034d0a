"""The trees that are kept are scikit-learn's own, read without it."""

import numpy as np
from fixtures.tiny import tiny_dataset

from headroom.core.protocols import Workspace
from headroom.models._trees import forest_of
from headroom.models.boosted_lags import BoostedLags, _lagged


def test_the_kept_trees_answer_as_scikit_learn_does():
    from sklearn.ensemble import HistGradientBoostingRegressor

    rng = np.random.default_rng(0)
    x = rng.normal(size=(2000, 5))
    y = np.sin(3 * x[:, 0]) + x[:, 1] * (x[:, 2] > 0)
    model = HistGradientBoostingRegressor(max_iter=40, max_leaf_nodes=15, random_state=0).fit(x, y)
    fresh = rng.normal(size=(500, 5))
    np.testing.assert_allclose(forest_of(model).predict(fresh), model.predict(fresh), atol=1e-9)


def test_it_learns_what_a_line_cannot():
    dataset = tiny_dataset()
    fitted, history = BoostedLags(trees=60).fit(dataset.train, dataset.valid, dataset.target, Workspace(0))
    error = ((fitted.predict(dataset.test).point - dataset.test.targets()) ** 2).mean(axis=(0, 2))
    scatter = dataset.test.targets().var(axis=0).mean(axis=-1)
    assert (error < 0.2 * scatter).all()
    assert {row["offset"] for row in history} == {1, 3}


def test_lags_are_the_newest_first():
    dataset = tiny_dataset()
    lags = _lagged(dataset.train, np.arange(3), 4, dataset.train.scale)
    windows = (dataset.train.windows(np.arange(3)) - dataset.train.scale.mean) / dataset.train.scale.sd
    np.testing.assert_array_equal(lags[1, 0], windows[1, ::-1, 0][:4])
