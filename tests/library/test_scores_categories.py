"""Scores of decoders: from probabilities to skill between majority and a ceiling, without a horizon."""

from dataclasses import replace

import numpy as np
import pytest
from fixtures import decoded_tables
from fixtures.decoded_tables import CLASSES, CONDITION, Leaning, examples
from fixtures.tallied import GENERATORS, METRICS, only

from headroom.core.examples import Target
from headroom.core.prediction import Prediction
from headroom.scores.alarm import leaks
from headroom.scores.condition import require_unique
from headroom.scores.evaluation import truth_of
from headroom.scores.importance import importance
from headroom.scores.permutation import TIMES, permuted
from headroom.scores.study import summarise
from headroom.scores.table import score_table
from headroom.scores.tally import COLUMNS, Label, join, tally

CLASSED = {kind: metric for kind, metric in METRICS.items() if metric.about == "category"}


@pytest.fixture(scope="module")
def tables():
    return decoded_tables.decoding()


def tallied(lean, name, role, gives=None, subset="test", made=None):
    made = made or examples()
    label = Label(subset, "decode_causal", name, role, None, gives)
    return tally(label, truth_of(made, Target("category", CLASSES)), METRICS, point=Leaning(lean, 3).predict(made).point)


def test_labels_are_scored_by_metrics_of_categories_alone_together_or_class_by_class(tables):
    rows = tallied(1.0, "logistic", "linear")
    assert set(rows["metric"]) == set(CLASSED)
    for kind, part in rows.groupby("metric", observed=True):
        assert set(part["target"]) == (set(CLASSES) if CLASSED[kind].per_target else {"all"})
    scores = tables["scores"]
    assert set(scores.loc[scores["metric"] == "accuracy", "target"]) == {"all"}
    assert set(scores.loc[scores["metric"] == "auc", "target"]) == {*CLASSES, "all"}
    require_unique(scores)


@pytest.mark.parametrize("metric", ["auc", "readout_accuracy", "readout_f1"])
def test_what_is_pooled_over_classes_is_their_mean(tables, metric):
    rows = tables["summary"]
    own = rows[(rows["metric"] == metric) & (rows["model"] == "logistic")].set_index("target")["mean"]
    assert own["all"] == pytest.approx(own[list(CLASSES)].mean())


def rotated(made, point):
    """Right decisions (order,): the true one first."""
    table = permuted(Label("test", "decode_causal", "some", "model"), made, point)
    assert len(table) == 1 and table["subset"].item() == "permuted" and table["s0"].item() == len(made)
    return table[[f"s{k}" for k in range(1, TIMES + 2)]].to_numpy()[0]


def test_labels_moved_in_time_are_decoded_by_chance_and_their_own_order_stands_first():
    made = examples()
    point = Leaning(2.0, 3).predict(made).point
    right = rotated(made, point) / len(made)
    decoded, true = point[:, 0].argmax(axis=1), made.targets()[:, 0].argmax(axis=1)
    assert right[0] == pytest.approx((decoded == true).mean())
    chance = sum((decoded == k).mean() * (true == k).mean() for k in range(3))
    assert right[1:].mean() == pytest.approx(chance, abs=0.02) and right[1:].max() < right[0]


def test_rotations_keep_what_shuffling_destroys():
    """A decoder that never looks, and stays in one state for long, is not significant; were single examples shuffled, it would be."""
    made = examples(trials=1, samples=1998)
    rng = np.random.default_rng(0)
    small = []
    for _ in range(40):
        decoded = np.repeat(rng.integers(0, 3, 25), 80)[: len(made)]
        right = rotated(made, np.eye(3)[decoded][:, None])
        small.append((right >= right[0]).mean() < 0.05)
    assert np.mean(small) < 0.2


def test_a_channel_that_is_not_read_costs_nothing_and_one_that_is_costs_much():
    made = examples()

    class First:
        def predict(self, asked):
            odds = np.stack([0 * asked.windows()[:, -1, 0], asked.windows()[:, -1, 0] - 1, 2 * asked.windows()[:, -1, 0] - 3], axis=1)
            raised = np.exp(odds)
            return Prediction((raised / raised.sum(axis=1, keepdims=True))[:, None])

    before = made.inputs.values.copy()
    rises = importance(First(), made)
    assert rises.shape == (2,) and rises[1] == 0 and rises[0] > 0.1
    np.testing.assert_array_equal(made.inputs.values, before)


def test_counts_of_a_trial_are_its_examples():
    rows = tallied(1.0, "logistic", "linear")
    counts = rows[rows["metric"] == "accuracy"].set_index("unit")[[f"s{k}" for k in range(9)]]
    made = examples()
    np.testing.assert_array_equal(counts.sum(axis=1), np.bincount(made.trial))
    truth = made.targets()[made.trial == 2][:, 0].sum(axis=0)
    np.testing.assert_array_equal(counts.loc[2].to_numpy().reshape(3, 3).sum(axis=1), truth)


def test_many_examples_are_counted_in_parts_with_the_same_result(monkeypatch):
    whole = tallied(1.0, "logistic", "linear")
    monkeypatch.setattr("headroom.scores.tally.AT_ONCE", 7)
    parts = tallied(1.0, "logistic", "linear")
    numbers = [name for name in whole if name not in COLUMNS]
    np.testing.assert_allclose(parts[numbers], whole[numbers], rtol=1e-12)


def test_decoders_have_no_horizon_and_the_majority_is_the_floor(tables):
    summary = tables["summary"]
    assert summary["horizon"].isna().all() and tables["scores"]["horizon"].isna().all()
    floor = only(summary, model="majority", metric="accuracy")["mean"]
    assert (summary.loc[summary["metric"] == "accuracy", "floor"] == floor).all()
    assert floor == pytest.approx(examples().targets()[:, 0, 0].mean())
    assert summary["metric"].iloc[0] == "accuracy", "the primary metric stands first"


def test_paired_differences_of_decoders_have_intervals(tables):
    row = only(tables["comparisons"], model="lstm_decoder", against_role="linear", metric="accuracy")
    summary = tables["summary"]
    means = [only(summary, model=name, metric="accuracy")["mean"] for name in ("lstm_decoder", "logistic")]
    assert row["difference"] == pytest.approx(means[0] - means[1])
    assert row["low"] < row["difference"] < row["high"] and row["runs"] == 6


@pytest.mark.parametrize("primary", ["accuracy", "log_loss", "auc"])
def test_skill_divides_by_the_distance_from_majority_to_ceiling(primary):
    parts = [tallied(0.0, "majority", "trivial"), tallied(0.0, "majority", "trivial", subset="choose")]
    parts += [tallied(1.0, "logistic", "linear"), tallied(4.0, "smoother", "ceiling", "bound")]
    where = replace(CONDITION, ceiling="smoother")
    summary, comparisons = summarise([(where, join(parts))], CLASSED, primary, GENERATORS)
    row = only(summary, model="logistic", metric=primary, target="all")
    assert row["skill"] == pytest.approx((row["mean"] - row["floor"]) / (row["ceiling"] - row["floor"]))
    assert 0.05 < row["skill"] < 0.95 and row["ceiling_name"] == "smoother"
    assert not len(leaks(comparisons, primary))


def test_an_absent_class_leaves_a_score_null_with_its_reason(tables):
    made = examples()
    first = made.take((made.trial == 0) & (made.targets()[:, 0, 2] == 0))
    rows = join([tallied(1.0, "logistic", "linear", made=first)])
    scores = score_table([(CONDITION, rows)], CLASSED)
    for metric in ("balanced_accuracy", "macro_f1", "auc"):
        row = only(scores, metric=metric, trial=None, target="all")
        assert np.isnan(row["value"]) and "a class is absent" in row["note"]
    assert only(scores, metric="accuracy", trial=None)["value"] > 0


def test_an_excerpt_of_a_decoder_shows_what_was_seen_at_the_label_s_time():
    tables = decoded_tables.decoding("decode_centred", look=3)
    rows = tables["predictions"]
    assert rows["horizon"].isna().all()
    seen, made = rows[(rows["part"] == "input") & (rows["model"] == "logistic") & (rows["channel"] == "b")], examples(look=3)
    first = made.trial == 0
    np.testing.assert_allclose(seen["truth"], made.inputs.values[0, made.last[first] - 3, 1])
    np.testing.assert_allclose(seen["time"], (made.last[first] - 3) * 0.01)
    assert seen["prediction"].isna().all() and set(seen["unit"]) == {"mV"}
