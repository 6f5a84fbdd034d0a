"""Errors over the time within a run."""

import numpy as np
import pandas
import pytest
from fixtures.tiny import tiny_dataset, tiny_signal

from headroom.analyses.error_by_position import _stretch
from headroom.core.protocols import Workspace
from headroom.models.ridge_var import RidgeVar
from headroom.scores.evaluation import Entry, answers
from headroom.scores.positions import LEAST, STRETCHES, positions


@pytest.fixture(scope="module")
def found():
    dataset = tiny_dataset(tiny_signal(samples=800), offsets=(1, 3))
    fitted = RidgeVar().fit(dataset.train, dataset.valid, dataset.target, Workspace(0))[0]
    entry = Entry("ridge_var", "linear", {None: fitted})
    points = answers(entry, dataset.test)
    return dataset.test, fitted, pandas.concat(positions(entry, dataset.test, points, task="forecast"), ignore_index=True)


def test_stretches_hold_every_prediction_once(found):
    test, fitted, table = found
    error = fitted.predict(test).point[:, 0] - test.targets()[:, 0]
    assert table["samples"].sum() == error.size
    assert table["squared"].sum() == pytest.approx((error**2).sum())
    assert table["fourth"].sum() == pytest.approx((error**4).sum())
    assert set(table["trial"]) == set(np.unique(test.trial))
    assert 5 < table["time"].nunique() <= min(STRETCHES, max(1, len(np.unique(test.last)) // LEAST))
    assert table["horizon"].to_numpy() == pytest.approx(test.inputs.dt)


def test_a_stretch_holds_the_targets_of_its_time(found):
    test, fitted, table = found
    width = np.diff(np.sort(table["time"].unique()))[0]
    row = table.iloc[1]
    when = (test.last + 1) * test.inputs.dt
    mine = (test.trial == row["trial"]) & (when >= row["time"] - width / 2 - 1e-9) & (when < row["time"] + width / 2 - 1e-9)
    error = fitted.predict(test.take(mine)).point[:, 0] - test.targets(mine)[:, 0]
    assert row["squared"] == pytest.approx((error**2).sum())


def test_intervals_over_runs_cover_the_mean():
    rng, hits = np.random.default_rng(0), 0
    for _ in range(400):
        runs = pandas.DataFrame({"squared": 50 * rng.normal(2, 0.3, 6), "fourth": 1.0, "samples": 50.0})
        row = _stretch(runs).iloc[0]
        hits += row["low"] <= 2 <= row["high"]
    assert 0.92 < hits / 400 < 0.98


def test_the_interval_of_a_single_run_is_that_of_its_errors():
    squared = np.random.default_rng(1).normal(0, 1, 400) ** 2
    sums = pandas.DataFrame([{"squared": squared.sum(), "fourth": (squared**2).sum(), "samples": 400.0}])
    row = _stretch(sums).iloc[0]
    assert row["high"] - row["error"] == pytest.approx(1.96 * squared.std() / 20)
