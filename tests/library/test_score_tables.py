"""Scores, summary and comparisons of a study whose numbers are known by construction."""

import numpy as np
import pandas
import pytest
from fixtures.tallied import GENERATORS, METRICS, MODELS, condition, only, tallies, truth

from headroom.scores.condition import COMPARISONS, SCORES, SUMMARY, require_unique
from headroom.scores.study import summarise
from headroom.scores.table import score_table
from headroom.scores.tally import join

CANONICAL = [
    "study", "system", "sensor", "noise", "trained_noise", "task", "horizon", "split", "model", "role", "seed", "metric",
    "unit", "target", "trial", "value", "note",
]  # fmt: skip


def summary_of(*parts, primary="r2"):
    return summarise(parts, METRICS, primary, GENERATORS, draws=200)


@pytest.fixture(scope="module")
def scores():
    return score_table([(condition(), tallies())], METRICS)


@pytest.fixture(scope="module")
def tables():
    return summary_of((condition(), tallies()))


def test_scores_have_the_canonical_columns_and_a_unique_key(scores):
    assert list(scores.columns) == CANONICAL == list(SCORES)
    require_unique(scores)
    with pytest.raises(ValueError, match=r"twice; the first: .*persistence"):
        require_unique(pandas.concat([scores, scores.iloc[[0]]]))


def test_scores_per_trial_and_pooled_per_target_and_over_all(scores):
    lstm = {"model": "lstm", "seed": 1, "metric": "mse", "horizon": 0.5}
    assert only(scores, **lstm, target="all", trial=None)["value"] == pytest.approx(
        np.mean([0.25 * (1 + 0.2 * np.sin(3 * t)) for t in range(6)])
    )
    assert only(scores, **lstm, target="b", trial=2)["value"] == pytest.approx(0.25 * (1 + 0.2 * np.sin(6)))
    row = only(scores, **lstm, target="all", trial=2)
    assert (row["study"], row["noise"], row["trained_noise"], row["split"], row["task"]) == (
        "made_up",
        "0.2",
        "0.2",
        "by_block",
        "forecast",
    )
    assert only(scores, model="noise_floor", metric="r2", target="all", trial=None, horizon=0.1)["value"] == pytest.approx(0.9)
    assert scores.loc[scores["model"].isin(["ridge", "noise_floor"]), "seed"].isna().all()


def test_units_are_physical(scores):
    units = scores.groupby("metric", observed=True)["unit"].agg(set)
    assert {metric: found for metric, found in units.items() if found != {""}} == {"mse": {"mV^2"}, "rmse": {"mV"}, "mae": {"mV"}}
    assert {"r2", "r2_clean", "r2_mean", "pearson", "nrmse"} <= set(units.index)


def test_the_mean_of_r2_exists_for_all_targets_only(scores):
    assert set(scores.loc[scores["metric"] == "r2_mean", "target"]) == {"all"}
    assert set(scores.loc[scores["metric"] == "r2", "target"]) == {"a", "b", "all"}


def test_undefined_scores_are_null_with_a_reason():
    goal = truth()
    goal.values[:, :, 1] = 3.0
    frame = tallies({"wild": ("model", (np.inf,)), "tame": ("model", (0.1,))}, {}, goal=goal)
    scores = score_table([(condition(), frame)], METRICS)
    tame = only(scores, model="tame", metric="r2", target="b", trial=None, horizon=0.1)
    wild = only(scores, model="wild", metric="mse", target="a", trial=1, horizon=0.1)
    assert (np.isnan(tame["value"]), tame["note"]) == (True, "constant target or prediction, or a class is absent")
    assert (np.isnan(wild["value"]), wild["note"]) == (True, "prediction not finite")
    assert scores["note"].notna().equals(scores["value"].isna()) and not np.isinf(scores["value"]).any()
    summary, _ = summary_of((condition(), frame))
    assert only(summary, model="wild", metric="mse", target="all", horizon=0.1)["note"].startswith("undefined")


def test_models_that_were_scored_on_different_trials_are_refused():
    frame = tallies()
    with pytest.raises(ValueError, match="differ between models in their trials"):
        score_table([(condition(), frame[~((frame["model"] == "ridge") & (frame["unit"] == 3))])], METRICS)


def test_summary_and_comparisons_have_the_canonical_columns(tables):
    summary, comparisons = tables
    kept = [name for name in CANONICAL if name not in ("seed", "trial", "value", "note")]
    added = ["mean", "low", "high", "seeds", "floor", "linear", "ceiling", "ceiling_name", "skill", "note"]
    assert list(summary.columns) == [*kept, *added] == list(SUMMARY)
    assert list(comparisons.columns) == list(COMPARISONS)
    assert not summary.duplicated(kept).any()


def test_skill_is_a_ratio_of_mean_losses(tables):
    row = only(tables[0], model="lstm", metric="r2", target="all", horizon=0.1)
    drift = np.mean([1 + 0.2 * np.sin(3 * t) for t in range(6)])
    floor, linear, mean = 1 - 0.5 * drift, 1 - 0.2 * drift, 1 - 0.22 * drift
    np.testing.assert_allclose([row["floor"], row["linear"], row["ceiling"], row["mean"]], [floor, linear, 0.9, mean])
    assert row["skill"] == pytest.approx((mean - floor) / (0.9 - floor))
    assert (row["ceiling_name"], row["seeds"], row["note"]) == ("noise_floor", 3, None)
    assert row["low"] < row["mean"] < row["high"]


def test_skill_is_nought_at_the_floor_one_at_the_ceiling_and_never_clipped(tables):
    rows = tables[0][(tables[0]["metric"] == "r2") & (tables[0]["target"] == "a") & (tables[0]["horizon"] == 0.1)].set_index("model")[
        "skill"
    ]
    assert rows["persistence"] == 0 and rows["noise_floor"] == pytest.approx(1)
    assert rows["train_mean"] < -1
    assert tables[0].loc[tables[0]["metric"] != "r2", "skill"].isna().all()


def test_skill_is_the_same_in_a_metric_where_less_is_better():
    by_error, _ = summary_of((condition(), tallies()), primary="mse")
    by_r2, _ = summary_of((condition(), tallies()))
    rows = [only(table, model="lstm", metric=metric, target="all", horizon=0.1) for table, metric in ((by_error, "mse"), (by_r2, "r2"))]
    assert rows[0]["skill"] == pytest.approx(rows[1]["skill"])


def test_floor_and_linear_predictor_are_chosen_on_other_data_than_they_are_scored_on():
    models = {**MODELS, "ridge_two": ("linear", (0.05,))}
    summary, comparisons = summary_of((condition(), tallies(models, choose={"train_mean": 0.01, "ridge_two": 0.9})))
    row = only(summary, model="lstm", metric="mse", target="all", horizon=0.1)
    assert row["floor"] == pytest.approx(only(summary, model="train_mean", metric="mse", target="all", horizon=0.1)["mean"])
    assert row["linear"] == pytest.approx(only(summary, model="ridge", metric="mse", target="all", horizon=0.1)["mean"])
    assert set(comparisons.loc[comparisons["against_role"] == "floor", "against"]) == {"train_mean"}


@pytest.mark.parametrize(
    ("floor", "wobble", "reason"),
    [
        (0.104, 0.0, "floor - ceiling is below 5 % of the floor's loss"),
        (0.12, 0.9, "the lower 95 % limit of floor - ceiling is not above 0"),
    ],
)
def test_no_skill_where_floor_and_ceiling_are_too_near(floor, wobble, reason):
    models = {"persistence": ("trivial", (floor,)), "lstm": ("model", (0.103,))}
    summary, _ = summary_of((condition(), tallies(models, wobble=wobble)))
    row = only(summary, model="lstm", metric="r2", target="all", horizon=0.1)
    excess = only(summary, model="lstm", metric="mse", target="all", horizon=0.1)["mean"] - 0.1
    assert np.isnan(row["skill"])
    assert row["note"] == f"no skill: {reason}; excess MSE over noise_floor {excess:.3g} mV^2"


def test_a_recording_without_a_ceiling_and_of_one_trial_says_what_is_missing():
    frame = tallies(ceilings={}, tested=(None,))
    summary, comparisons = summary_of((condition(noise=None, ceiling=None, blocks=True, unit="pA"), frame))
    row = only(summary, model="lstm", metric="r2", target="all", horizon=0.1)
    assert row["note"] == "no interval: too short; no skill: no ceiling is known"
    assert np.isnan(row["low"]) and np.isnan(row["ceiling"]) and row["ceiling_name"] is None and row["noise"] is None
    assert row["floor"] == pytest.approx(0.5, abs=0.1)
    assert set(comparisons["against_role"]) == {"floor", "linear"} and set(comparisons["note"]) == {"too short"}


def test_cross_noise_cells_borrow_the_ceiling_of_the_level_they_are_tested_on():
    low, high = tallies(tested=("0.2", "0.5")), tallies(ceilings={"noise_floor": ("bound", 0.3)}, tested=("0.5", "0.2"))
    summary, comparisons = summary_of((condition(), low), (condition(noise="0.5"), high))
    row = only(summary, model="lstm", metric="mse", target="all", horizon=0.1, noise="0.5", trained_noise="0.2")
    assert row["ceiling"] == pytest.approx(0.3)
    assert only(summary, model="lstm", metric="mse", target="all", horizon=0.1, noise="0.2", trained_noise="0.5")[
        "ceiling"
    ] == pytest.approx(0.1)
    crossed = {"model": "lstm", "metric": "mse", "horizon": 0.1, "noise": "0.5", "trained_noise": "0.2", "against": "noise_floor"}
    assert only(comparisons, **crossed)["difference"] == pytest.approx(0.3 - row["mean"])


def test_a_roll_out_is_held_against_the_floor_chosen_at_the_shortest_horizon():
    rolled = tallies(ceilings={}, task="rollout")
    summary, _ = summary_of((condition(), join([tallies(), rolled[rolled["subset"] == "test"]])))
    row = only(summary, model="lstm", metric="r2", target="all", horizon=0.5, task="rollout")
    assert row["floor"] == only(summary, model="persistence", metric="r2", target="all", horizon=0.5, task="rollout")["mean"]


def test_comparisons_are_positive_where_the_model_is_better(tables):
    comparisons = tables[1]
    assert set(comparisons["metric"]) == {"r2", "mse"} and set(comparisons["target"]) == {"all"}
    assert not (comparisons["model"] == comparisons["against"]).any() and "ceiling" not in set(comparisons["role"])
    for metric, direction in (("r2", "higher is better"), ("mse", "lower is better")):
        rows = comparisons[(comparisons["metric"] == metric) & (comparisons["horizon"] == 0.1)]
        row = only(rows, model="lstm", against="persistence")
        drift = np.mean([1 + 0.2 * np.sin(3 * t) for t in range(6)])
        assert row["difference"] == pytest.approx((0.5 - 0.22) * drift) and row["low"] > 0 and row["p_one_sided"] < 0.01
        assert (row["against_role"], row["direction"], row["runs"], row["seeds"]) == ("floor", direction, 6, 3)
        assert row["seed_sd"] == pytest.approx(np.std([0.15, 0.25, 0.26], ddof=1) * drift)
        assert only(rows, model="ridge", against="noise_floor")["difference"] < 0
        assert only(rows, model="ridge", against="noise_floor")["against_role"] == "bound"


def test_what_else_a_study_holds_changes_nothing():
    goal = truth(trials=24)
    part, other = (condition(), tallies(goal=goal)), (condition(system="another"), tallies(goal=goal, wobble=0.5))
    alone, _ = summary_of(part)
    together, _ = summary_of(other, part)
    rest = together[together["system"] == "toy"].reset_index(drop=True)
    pandas.testing.assert_frame_equal(alone, rest)


def test_blocks_of_two_tasks_of_one_recording_may_differ():
    near, far = truth(), truth(unit=np.repeat(np.arange(3), 20))
    far = type(far)(far.values, far.unit, (20, 50), far.targets, far.clean)
    blocks = condition(blocks=True)
    summary, _ = summary_of((blocks, tallies(goal=near)), (blocks, tallies(goal=far)))
    assert sorted(summary["horizon"].unique()) == [0.1, 0.5, 2.0, 5.0]
    assert not summary.loc[summary["model"] == "lstm", ["floor", "ceiling"]].isna().all(axis=None)
