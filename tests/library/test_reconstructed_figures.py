"""Figures of reconstructed states: which are hidden, and where a published number stands among the seeds."""

import numpy as np
import pytest
from fixtures import reconstructed_tables
from fixtures.reconstructed_tables import LEVELS, STATES

from headroom.analyses.published_distribution import PublishedDistribution
from headroom.analyses.reconstructed_traces import ReconstructedTraces
from headroom.analyses.state_scores import StateScores
from headroom.analyses.state_scores_by_noise import StateScoresByNoise


@pytest.fixture(scope="module")
def tables():
    return reconstructed_tables.reconstruction()


def test_a_state_is_observed_where_the_sensor_has_a_channel_of_its_name(tables):
    table = StateScores().compute(tables)
    shown = table.groupby(["sensor", "target"])["shown"].agg(set)
    for sensor, seen in reconstructed_tables.SENSORS.items():
        assert all(shown[sensor, state] == {"observed" if state in seen else "hidden"} for state in STATES)


def test_bars_are_correlations_of_the_summary_at_one_level(tables):
    table = StateScores().compute(tables)
    summary = tables["summary"].astype({"model": str, "target": str, "sensor": str})
    assert set(table["metric"]) == {"pearson"} and table.groupby("panel")["noise"].nunique().max() == 1
    row = table[(table["model"] == "windowed_network") & (table["target"] == "y2") & (table["sensor"] == "y0")].iloc[0]
    keys = (summary["model"] == row["model"]) & (summary["target"] == "y2") & (summary["sensor"] == "y0") & (summary["metric"] == "pearson")
    own = summary[keys & (summary["noise"] == row["noise"]) & (summary["trained_noise"] == row["noise"])]
    assert len(own) == 1 and own["mean"].iloc[0] == row["mean"]
    assert set(table["role"]) == {"model", "linear", "ceiling"}


def test_every_noise_level_has_its_place(tables):
    table = StateScoresByNoise().compute(tables)
    assert set(table["noise"]) == set(LEVELS)
    assert (table.groupby(["panel", "noise"])["target"].nunique() == len(STATES)).all()


def test_lines_follow_the_noise_whatever_the_order_of_the_rows(tables):
    table = StateScoresByNoise().compute(tables)
    figure = StateScoresByNoise().draw(table.iloc[::-1])
    paths = [line.get_xdata() for axes in figure.axes for line in axes.get_lines() if len(line.get_xdata()) > 1]
    assert paths and all((np.diff(path) > 0).all() for path in paths)


def test_traces_show_true_states_and_what_is_seen_of_them(tables):
    table = ReconstructedTraces().compute(tables)
    seen = table[table["part"] == "input"].groupby("panel")["channel"].agg(set)
    assert {frozenset(names) for names in seen} == {frozenset(names) for names in reconstructed_tables.SENSORS.values()}
    assert "train_mean" not in set(table["model"])
    true = table[table["part"] == "target"].groupby(["panel", "channel", "time"])["truth"].nunique()
    assert (true == 1).all()


def test_the_share_of_the_seeds_below_a_claim(tables):
    table = PublishedDistribution().compute(tables)
    assert set(table["sensor"]) == {"y0", "potentials"} and (table["seeds"] == 6).all()
    for _, rows in table.groupby(["sensor", "target"]):
        expected = np.mean(rows["value"] < rows["published"].iloc[0])
        np.testing.assert_allclose(rows["below"], expected)
    by = table.drop_duplicates(["sensor", "target"]).set_index(["sensor", "target"])
    assert by.loc[("y0", "y0"), "below"] == 1.0 and 0 < by.loc[("y0", "y2"), "below"] <= 1
    assert by.loc[("y0", "y0"), "shown"] == "observed" and by.loc[("potentials", "y3"), "shown"] == "hidden"


def test_few_seeds_give_no_share(tables):
    scores = tables["scores"]
    few = scores[scores["seed"].isna() | (scores["seed"].astype(float) < 3)]
    table = PublishedDistribution().compute(tables | {"scores": few})
    assert len(table) and table["below"].isna().all() and (table["seeds"] == 3).all()
