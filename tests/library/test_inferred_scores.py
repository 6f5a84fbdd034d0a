"""Estimates of recordings and their posteriors, ceilings that answer for some recordings, and what the figures make of them."""

from functools import partial

import numpy as np
import pandas
import pytest
from fixtures import inferred_tables as made
from fixtures.tallied import METRICS

from headroom.analyses._inferred import inferred, r2, shared
from headroom.analyses._observed import GAIN, OBSERVED, RESPONSE, flat
from headroom.catalog import build
from headroom.core.combinations import combined
from headroom.core.errors import HeadroomError
from headroom.core.examples import Target
from headroom.core.randomness import stream
from headroom.scores.condition import Condition
from headroom.scores.estimates import DRAWS, estimated, estimates
from headroom.scores.evaluation import Entry, answers, truth_of
from headroom.scores.study import summarise
from headroom.scores.tally import Label, join, tally

TARGET = Target("window", made.TARGETS)


@pytest.fixture(scope="module")
def tables():
    return made.inference()


def computed(kind, tables):
    analysis = build("analyses", {"kind": kind})
    return analysis.compute({name: tables[name] for name in analysis.sources})


def estimated_by(entry, test):
    return pandas.concat(estimates(entry, "infer", test, answers(entry, test)))


def test_every_recording_and_target_has_a_row():
    test = made.examples()
    table = estimated_by(Entry("npe", "model", {0: made.posterior(0.5, 1.0)}), test)
    assert len(table) == len(test) * len(made.TARGETS) and (table["part"] == "parameter").all() and (table["draws"] == DRAWS).all()
    wide = table.pivot(index="trial", columns="channel", values="truth")[list(made.TARGETS)]
    np.testing.assert_array_equal(wide.to_numpy(), test.targets()[:, 0])
    assert table["rank"].between(0, 1).all() and table["distance"].between(0, 1).all()
    np.testing.assert_allclose(table["sd"], 0.5, rtol=0.2)


def test_a_model_without_draws_has_points_alone():
    table = estimated_by(Entry("ridge", "linear", {None: made.posterior(0.5)}), made.examples())
    assert table[["sd", "rank", "distance"]].isna().all(axis=None) and not table["draws"].any() and not table["doubtful"].any()
    assert table["prediction"].notna().all()


def test_the_same_fit_has_the_same_ranks():
    entry = Entry("npe", "model", {0: made.posterior(0.5, 1.0)})
    once, again = (estimated_by(entry, made.examples()) for _ in range(2))
    pandas.testing.assert_frame_equal(once, again)


def test_doubts_stand_beside_all_targets_of_a_recording():
    test = made.examples(4)
    point = made.posterior(0.5).predict(test).point
    table = estimated(point, test, doubtful=np.array([True, False, False, True]), rng=np.random.default_rng(0), model="sampler")
    assert table.groupby("trial")["doubtful"].all().tolist() == [True, False, False, True]


def test_a_ceiling_may_answer_for_some_recordings_and_is_then_paired_with_nothing():
    test = made.examples()
    some = test.take(np.arange(30))
    fits = {"train_mean": ("trivial", None), "ridge_pca": ("linear", 0.8), "npe": ("model", 0.5)}
    frames = [
        tally(Label(subset, "infer", name, role, "1"), truth_of(test, TARGET), METRICS, point=made.posterior(error).predict(test).point)
        for name, (role, error) in fits.items()
        for subset in ("test", "choose")
    ]
    for name, part in (("limit", test), ("sampler", some)):
        label, point = Label("test", "infer", name, "ceiling", "1", "reference"), made.posterior(0.3).predict(part).point
        frames.append(tally(label, truth_of(part, TARGET), METRICS, point=point))
    condition = Condition(study="s", dt=0.001, unit="", noise="1", ceiling="limit", blocks=False, ahead=False, **made.WHERE)
    summary, comparisons = summarise([(condition, join(frames))], METRICS, "r2", partial(stream, 1, "intervals"), draws=50)
    rows = summary[(summary["metric"] == "r2") & (summary["target"] == "all")].set_index("model")
    truth, point = some.targets(), made.posterior(0.3).predict(some).point
    expected = 1 - ((truth - point) ** 2).sum() / ((truth - truth.mean(axis=0)) ** 2).sum()
    assert rows.loc["sampler", "mean"] == pytest.approx(expected) and rows.loc["sampler", "skill"] is not None
    assert np.isfinite(rows.loc["npe", "skill"]) and rows.loc["npe", "ceiling_name"] == "limit" and np.isnan(rows.loc["sampler", "skill"])
    assert "sampler" not in set(comparisons["against"])


def test_realised_r2_is_that_of_all_recordings(tables):
    rows = inferred(tables)
    found = r2(rows).set_index(["noise", "model", "channel"])["r2"]
    one = rows[(rows["noise"] == "1") & (rows["model"] == "npe") & (rows["channel"] == "A_i")]
    expected = 1 - ((one["prediction"] - one["truth"]) ** 2).sum() / ((one["truth"] - one["truth"].mean()) ** 2).sum()
    assert found["1", "npe", "A_i"] == pytest.approx(expected)


def test_attained_is_the_best_on_the_recordings_that_were_sampled(tables):
    predictions = tables["predictions"]
    few = predictions[(predictions["model"] != "sampler") | (predictions["trial"] < 40)]
    assert shared(inferred(tables | {"predictions": few}))["trial"].max() == 39
    table = computed("parameter_scores_by_noise", tables | {"predictions": few})
    assert (table["recordings"] == 40).all() and "limit" not in set(table["by"]) and "limit" in set(table["model"])
    best = r2(shared(inferred(tables | {"predictions": few})))
    best = best[(best["model"] != "limit") & (best["noise"] == "3") & (best["channel"] == "b_e")]["r2"].max()
    assert table[(table["noise"] == "3") & (table["target"] == "b_e")]["attained"].unique() == pytest.approx([best])


def test_an_overconfident_posterior_is_told_from_a_right_one(tables):
    table = computed("calibration", tables).drop_duplicates("model").set_index("model")
    assert not table.loc["npe_hasty", "even_ranks"] and table.loc["npe_hasty", "apart"] > 0.2 > table.loc["npe", "apart"]
    accepted = computed("posterior_acceptance", tables).groupby("model")["accepted"].mean()
    assert accepted["npe_hasty"] == 0 and accepted["sampler"] > 0.5
    doubtful = computed("posterior_acceptance", tables).groupby("model")["doubtful"].max()
    assert 0 < doubtful["sampler"] < 0.2 and doubtful["npe"] == 0


def test_ratios_are_in_decibels(tables):
    table = computed("snr_histograms", tables).drop_duplicates("noise").set_index("noise")
    assert table.loc["0.1", "median"] - table.loc["1", "median"] == pytest.approx(20.0)
    assert table["trials"].eq(6).all()


def test_maps_hold_the_gain_and_the_strongest_moment(tables):
    table = tables["topography"]
    assert set(table["part"]) == {GAIN, RESPONSE, OBSERVED}
    one = table[table["noise"] == "1"].pivot(index="channel", columns="part", values="value")
    assert abs(np.corrcoef(one[GAIN], one[RESPONSE])[0, 1]) == pytest.approx(1.0)


def test_sensors_are_flattened_by_their_angle_from_the_vertex():
    at = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -np.sqrt(0.5), np.sqrt(0.5)], [0, 0, -1]], float)
    found = flat(0.1 * at + np.array([0.01, -0.02, 0.03]))
    np.testing.assert_allclose(found[:5], [[0, 0], [1, 0], [0, 1], [-1, 0], [0, -0.5]], atol=1e-9)


def test_combinations_of_parameters():
    values = np.array([[2.0, 8.0]])
    np.testing.assert_allclose(combined(("x", "log(x y)", "log(y/x)"), values, ("x", "y")), [[2.0, np.log(16), np.log(4)]])
    for wrong in ("z", "log(x z)", "log(x*y)"):
        with pytest.raises(HeadroomError, match="expected one of x, y"):
            combined((wrong,), values, ("x", "y"))


def test_rank_correlations_are_those_of_scipy_with_an_interval_that_holds_them(tables):
    from scipy.stats import spearmanr

    table = computed("parameter_correlations", tables).set_index(["noise", "model", "target"])
    shown = tables["predictions"]
    rows = shown[(shown["noise"] == "1") & (shown["model"] == "npe") & (shown["channel"] == "A_i")]
    found = table.loc[("1", "npe", "A_i")]
    assert found["spearman"] == pytest.approx(spearmanr(rows["truth"], rows["prediction"]).statistic)
    assert found["pearson"] == pytest.approx(np.corrcoef(rows["truth"], rows["prediction"])[0, 1])
    assert found["low"] < found["spearman"] < found["high"] and found["high"] - found["low"] < 0.5
    assert table.loc[("1", "train_mean", "A_i"), ["spearman", "pearson"]].isna().all() and len(table) == 3 * 6 * len(made.TARGETS)


def test_intervals_of_rank_correlations_cover_as_often_as_they_say():
    from headroom.analyses.parameter_correlations import _interval, _pearson, _ranks

    rng = np.random.default_rng(0)
    true = 6 / np.pi * np.arcsin(0.6 / 2)  # Spearman's of a normal pair with r = .6 (Pearson 1907)
    held = 0
    for _ in range(400):
        one = rng.standard_normal(100)
        other = 0.6 * one + 0.8 * rng.standard_normal(100)
        low, high = _interval(_pearson(_ranks(one), _ranks(other)), 100)
        held += low < true < high
    assert 0.92 < held / 400 < 0.98


def test_what_is_attained_is_measured_on_the_recordings_that_the_reference_knows(tables):
    everywhere = computed("attainable", tables)
    assert set(everywhere["reference_name"]) == {"sampler"} and everywhere["recordings"].isna().all()
    shown = tables["predictions"]
    few = shown[(shown["model"] != "sampler") | (shown["trial"] < 30)]
    table = computed("attainable", tables | {"predictions": few})
    assert set(table["reference_name"]) == {"sampler"} and set(table["recordings"]) == {30}
    mine = few[(few["model"] == "npe") & (few["noise"] == "1") & (few["trial"] < 30)]
    each = [
        1 - ((part["prediction"] - part["truth"]) ** 2).mean() / part["truth"].var(ddof=0)
        for _, part in mine.groupby("channel", observed=True)
    ]
    assert table.set_index(["model", "noise"]).loc[("npe", "1"), "mean"] == pytest.approx(np.mean(each))
