"""Figures of decoders whose numbers are known: ROC curves, reliability, permutation tests, scores by class, robustness, batches."""

import numpy as np
import pandas
import pytest
from fixtures import decoded_tables
from fixtures.decoded_tables import CLASSES, Leaning, examples
from scipy.signal import lfilter
from sklearn import metrics as reference

from headroom.analyses._paired import BATCHES, by_run, difference
from headroom.analyses._recorded import tuning
from headroom.analyses.attainable import Attainable
from headroom.analyses.class_scores import MACRO, WEIGHTED, ClassScores
from headroom.analyses.neuron_importance import NeuronImportance
from headroom.analyses.permutation_test import PermutationTest
from headroom.analyses.reliability import Reliability
from headroom.analyses.robustness import Robustness
from headroom.analyses.roc import Roc
from headroom.analyses.split_inflation import SplitInflation
from headroom.core.randomness import streams
from headroom.simulators.grid_walk import GridWalk
from headroom.simulators.kuramoto import Kuramoto


@pytest.fixture(scope="module")
def tables():
    return decoded_tables.decoding()


@pytest.fixture(scope="module")
def logistic():
    """Decoded probabilities (example, class) and the class of each example."""
    made = examples()
    return Leaning(1.0, 0).predict(made).point[:, 0], made.targets()[:, 0].argmax(axis=1)


def test_areas_are_those_of_scikit_learn_and_curves_end_in_the_corners(tables, logistic):
    table = Roc().compute(tables)
    own = table[table["model"] == "logistic"]
    for place, name in enumerate(CLASSES):
        curve = own[own["channel"] == name]
        exact = reference.roc_auc_score(logistic[1] == place, logistic[0][:, place])
        assert curve["auc"].iloc[0] == pytest.approx(exact, abs=0.003)
        assert curve[["false", "true"]].iloc[0].tolist() == [0, 0] and curve[["false", "true"]].iloc[-1].tolist() == [1, 1]
        assert (np.diff(curve["false"]) >= 0).all() and (np.diff(curve["true"]) >= 0).all()
    assert set(own["examples"]) == {len(logistic[1])}


def test_reliability_is_the_share_that_comes_true(tables, logistic):
    table = Reliability().compute(tables)
    own = table[table["model"] == "logistic"]
    point, label = logistic
    inside = (point >= 0.4) & (point < 7 / 15)
    row = own[(own["said"] >= 0.4) & (own["said"] < 7 / 15)].iloc[0]
    assert row["count"] == inside.sum() and row["said"] == pytest.approx(point[inside].mean())
    assert row["true"] == pytest.approx((np.eye(3)[label] > 0)[inside].mean())
    assert own["brier"].iloc[0] == pytest.approx(((point - np.eye(3)[label]) ** 2).sum(axis=1).mean())
    summary = tables["summary"]
    error = summary[(summary["metric"] == "calibration_error") & (summary["target"] == "all") & (summary["model"] == "logistic")]["mean"]
    assert own["error"].iloc[0] == pytest.approx(error.item())


def test_skill_is_significant_and_its_absence_is_not(tables):
    table = PermutationTest().compute(tables).set_index("model")
    assert table.loc["logistic", "p"] == table.loc["lstm_decoder", "p"] == 1 / 400
    assert table.loc["majority", "p"] == 1 and table.loc["majority", "low"] == table.loc["majority", "accuracy"]
    summary = tables["summary"].query("metric == 'accuracy'").set_index("model")["mean"]
    assert table["accuracy"].to_dict() == pytest.approx(summary.to_dict())
    assert table.loc["lstm_decoder", "seeds"] == 2


def test_scores_by_class_are_those_of_scikit_learn(tables, logistic):
    table = ClassScores().compute(tables)
    own = table[table["model"] == "logistic"].set_index("row")
    decoded = logistic[0].argmax(axis=1)
    exact = reference.precision_recall_fscore_support(logistic[1], decoded)
    np.testing.assert_allclose(own.loc[list(CLASSES), ["precision", "recall", "f1", "examples"]].to_numpy().T, exact)
    for row, average in ((MACRO, "macro"), (WEIGHTED, "weighted")):
        assert own.loc[row, "f1"] == pytest.approx(reference.f1_score(logistic[1], decoded, average=average))
    assert own.loc[WEIGHTED, "recall"] == pytest.approx(reference.accuracy_score(logistic[1], decoded))


def test_importance_stands_beside_the_true_tuning(tables):
    table = NeuronImportance().compute(tables)
    assert set(table["model"]) == {"logistic"} and table["rank"].tolist() == [1, 2]
    assert table.set_index("channel")["group"].to_dict() == {"a": "mixed selectivity", "b": "locomotion only"}


def test_tuning_of_a_recording_is_that_of_its_neurons():
    walk = GridWalk(neurons=30, samples=300, trials=2)
    table = tuning(walk.simulate(streams(0, "simulate")))
    assert (table["group"] == "locomotion only").sum() == walk.population.locomotion
    gains = np.mean([walk.population.gains(session, 30)[1:].std(axis=0) for session in (0, 1)], axis=0)
    np.testing.assert_allclose(table["tuning"], gains)
    assert tuning(Kuramoto(trials=3, samples=50).simulate(streams(0, "simulate"))).empty


def test_a_changed_system_stands_beside_the_one_of_most_models(tables):
    harder = {name: tables[name].assign(system="harder") for name in ("summary", "comparisons")}
    harder["summary"] = harder["summary"].assign(mean=tables["summary"]["mean"] - 0.1).query("model != 'majority'")
    both = {name: pandas.concat([tables[name], harder[name]], ignore_index=True) for name in harder}
    table = Robustness().compute(both)
    assert set(table["place"]) == {"harder, by_trial"} and set(table["reference"]) == {"walker, by_trial"}
    assert set(table["model"]) == {"logistic", "lstm_decoder"}
    assert (table["there"] - table["mean"]).to_numpy() == pytest.approx(0.1)


def test_a_changed_system_under_another_split_stands_beside_its_twin_under_that_split(tables):
    moved = tables["summary"].query("model != 'majority'").assign(split="by_block", mean=lambda rows: rows["mean"] - 0.3)
    harder = moved.assign(system="harder", mean=moved["mean"] - 0.1)
    both = {"summary": pandas.concat([tables["summary"], moved, harder], ignore_index=True), "comparisons": tables["comparisons"]}
    table = Robustness().compute(both).set_index("place")
    assert table["reference"].to_dict() == {"walker, by_block": "walker, by_trial", "harder, by_block": "walker, by_block"}
    lost = table["there"] - table["mean"]
    assert lost["harder, by_block"].to_numpy() == pytest.approx(0.1) and lost["walker, by_block"].to_numpy() == pytest.approx(0.3)


def test_another_split_of_the_causal_task_is_not_held_against_the_centred_one():
    rows = [
        {
            "system": "s",
            "sensor": "c",
            "noise": "1",
            "trained_noise": "1",
            "horizon": np.nan,
            "model": "m",
            "role": "model",
            "target": "all",
        }
        | {"metric": "accuracy", "seed": 0, "trial": trial, "task": task, "split": split, "value": value}
        for trial in range(3)
        for task, split, value in (("causal", "by_block", 0.5), ("centred", "by_block", 0.9), ("causal", "shuffled", 0.7))
    ]
    summary = pandas.DataFrame([{"skill": 1.0, "metric": "accuracy"}])
    table = SplitInflation().compute({"scores": pandas.DataFrame(rows), "summary": summary})
    assert table[["task", "sound", "other"]].to_numpy().tolist() == [["causal", 0.5, pytest.approx(0.7)]]


def test_neighbouring_blocks_are_batched_so_that_intervals_cover():
    """Blocks of one recording hang together: taken for independent ones, their interval would be far too narrow."""
    rng, hits, naive = np.random.default_rng(0), 0, 0
    for _ in range(100):
        walk = lfilter([1.0], [1.0, -0.8], rng.normal(size=400))
        frame = pandas.DataFrame({"trial": np.arange(400) + 7, "seed": -1, "value": walk})
        other = frame.assign(value=0.0)
        found = difference(by_run(frame), by_run(other))
        hits += found["low"] <= 0 <= found["high"]
        single = [rows.pivot_table(index="trial", columns="seed", values="value") for rows in (frame, other)]
        narrow = difference(*single)
        naive += narrow["low"] <= 0 <= narrow["high"]
    assert found["runs"] == BATCHES and by_run(frame).index[0] == 7
    assert hits / 100 > 0.85 > 0.65 > naive / 100


def test_a_few_runs_are_left_as_they_are():
    frame = pandas.DataFrame({"trial": np.arange(2 * BATCHES - 1), "seed": -1, "value": 1.0})
    assert len(by_run(frame)) == 2 * BATCHES - 1


def test_what_sees_the_exact_state_is_no_attainable_reference():
    rows = [
        ("majority", "trivial", 0.6),
        ("lda", "linear", 0.7),
        ("net", "model", 0.8),
        ("learnt", "ceiling", 0.85),
        ("exact", "ceiling", 0.95),
    ]
    place = {"system": "s", "sensor": "c", "noise": "1", "trained_noise": "1", "horizon": np.nan, "target": "all", "metric": "accuracy"}
    place |= {
        "task": "decode_causal",
        "split": "by_block",
        "skill": 1.0,
        "ceiling": 0.95,
        "ceiling_name": "exact",
        "seeds": 1,
        "linear": 0.7,
    }
    summary = pandas.DataFrame([place | {"model": name, "role": role, "mean": mean} for name, role, mean in rows])
    shown = pandas.DataFrame(
        {"model": ["net", "learnt", "exact"], "role": ["model", "ceiling", "ceiling"], "sees": [np.nan, "observation", "exact_state"]}
    )
    table = Attainable().compute({"summary": summary, "predictions": shown}).set_index("model")
    assert set(table["reference_name"]) == {"learnt"} and table.loc["net", "share"] == pytest.approx(0.1 / 0.15)
