"""Tallies: sums per trial or block, whatever the order of the examples, and nothing invented where a metric does not apply."""

import io

import numpy as np
import pandas
import pytest

from headroom.catalog import build, kinds
from headroom.core.examples import Examples
from headroom.core.signal import Signal
from headroom.metrics.mse import Mse
from headroom.metrics.r2 import R2
from headroom.scores.tally import COLUMNS, TEXT, Label, Truth, join, tally, units

METRICS = {kind: build("metrics", {"kind": kind}) for kind in kinds("metrics")}
LABEL = Label("test", "forecast", "lstm", "model", "0.2", seed=3)
RNG = np.random.default_rng(1)
VALUES = RNG.normal(size=(30, 2, 3))
POINT = VALUES + 0.1 * RNG.normal(size=VALUES.shape)
TRUTH = Truth(VALUES, np.repeat([4, 7, 9], 10), (1, 5), ("a", "b", "c"), clean=VALUES + 0.01)


def test_one_row_per_metric_unit_offset_and_target_with_the_sums_of_that_unit():
    table = tally(LABEL, TRUTH, {"mse": Mse(), "r2": R2()}, point=POINT)
    assert tuple(table.columns) == (*COLUMNS, "s0", "s1", "s2", "s3")
    assert len(table) == 2 * 3 * 2 * 3
    row = table[(table["metric"] == "mse") & (table["unit"] == 7) & (table["offset"] == 5) & (table["target"] == "b")].iloc[0]
    assert row["s0"] == pytest.approx(((POINT - VALUES)[10:20, 1, 1] ** 2).sum())
    assert row["s1"] == 10 and np.isnan(row["s2"])
    assert (row["model"], row["role"], row["tested"], row["seed"], row["subset"]) == ("lstm", "model", "0.2", 3, "test")
    assert pandas.isna(row["ceiling_gives"])


def test_the_order_of_the_examples_does_not_matter():
    shuffled = np.random.default_rng(2).permutation(30)
    mixed = Truth(VALUES[shuffled], TRUTH.unit[shuffled], TRUTH.offsets, TRUTH.targets)
    one = tally(LABEL, TRUTH, {"mse": Mse()}, point=POINT)
    other = tally(LABEL, mixed, {"mse": Mse()}, point=POINT[shuffled])
    pandas.testing.assert_frame_equal(one, other)


def test_an_oracle_that_knows_a_variance_has_rows_only_where_that_fixes_the_metric():
    table = tally(Label("test", "forecast", "floor", "ceiling", "0.2", "bound"), TRUTH, METRICS, variance=np.full(VALUES.shape, 0.01))
    assert set(table["metric"]) == {"r2", "r2_mean", "mse", "rmse", "mse_z", "nrmse"}
    assert table["seed"].isna().all() and (table["ceiling_gives"] == "bound").all()


def test_without_a_clean_truth_there_are_no_clean_scores():
    blind = Truth(VALUES, TRUTH.unit, TRUTH.offsets, TRUTH.targets)
    assert "r2_clean" not in set(tally(LABEL, blind, METRICS, point=POINT)["metric"])
    assert "r2_clean" in set(tally(LABEL, TRUTH, METRICS, point=POINT)["metric"])


def test_no_examples_no_rows():
    empty = Truth(VALUES[:0], TRUTH.unit[:0], TRUTH.offsets, TRUTH.targets)
    table = join([tally(LABEL, empty, METRICS, point=POINT[:0]), tally(LABEL, TRUTH, METRICS, point=POINT)])
    assert len(table) == len(tally(LABEL, TRUTH, METRICS, point=POINT))


def test_far_from_zero_r2_keeps_its_digits():
    far = Truth(VALUES + 1e7, TRUTH.unit, TRUTH.offsets, TRUTH.targets)
    near, offset = (tally(LABEL, truth, {"r2": R2()}, point=point) for truth, point in ((TRUTH, POINT), (far, POINT + 1e7)))
    values = [R2().value(t[["s0", "s1", "s2", "s3"]].to_numpy().reshape(3, 6, 4).sum(axis=0)[:, None]) for t in (near, offset)]
    np.testing.assert_allclose(values[0], values[1], rtol=1e-6)


def test_text_stays_categorical_through_join_and_parquet():
    parts = [tally(Label("test", "forecast", name, "model", None), TRUTH, {"mse": Mse()}, point=POINT) for name in ("a", "b")]
    file = io.BytesIO()
    join(parts).to_parquet(file)
    loaded = pandas.read_parquet(file)
    again = join([loaded, tally(LABEL, TRUTH, {"r2": R2()}, point=POINT)])
    assert all(isinstance(again[name].dtype, pandas.CategoricalDtype) for name in TEXT)
    assert list(dict.fromkeys(again["model"])) == ["a", "b", "lstm"]
    assert again["tested"].isna().sum() == len(loaded)


def test_units_are_trials_where_there_are_several_and_else_blocks():
    signal = Signal(np.zeros((3, 200, 1)), 0.1, ("x",))
    several = Examples(signal, signal, np.array([0, 2, 2]), np.array([0, 5, 90]), 10, (1, 5))
    single = Examples(signal, signal, np.array([2, 2, 2]), np.array([0, 14, 30]), 10, (1, 5))
    assert [list(units(several)[0]), units(several)[1]] == [[0, 2, 2], False]
    assert [list(units(single)[0]), units(single)[1]] == [[0, 0, 2], True], "blocks are 10 + 5 samples long"
