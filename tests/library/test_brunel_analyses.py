"""Figures about neurons: connections, ablations, splits and errors, on tables whose answer is known."""

from dataclasses import replace

import numpy as np
import pandas
import pytest
from fixtures import study_tables

from headroom.analyses import _connections as connections
from headroom.analyses import ablations
from headroom.analyses._neurons import with_types
from headroom.analyses._paired import difference
from headroom.analyses._recorded import spikes, wiring
from headroom.analyses._variants import variants
from headroom.analyses.ablations import Ablations
from headroom.analyses.attainable import Attainable
from headroom.analyses.error_by_group import ErrorByGroup
from headroom.analyses.error_distribution import moments
from headroom.analyses.gain_by_horizon import GainByHorizon
from headroom.analyses.graph_recovery import GraphRecovery
from headroom.analyses.neuron_ranking import NeuronRanking
from headroom.analyses.run_consistency import RunConsistency
from headroom.analyses.split_inflation import SplitInflation
from headroom.core.randomness import stream
from headroom.simulators.brunel import Brunel


@pytest.fixture(scope="module")
def tables():
    return study_tables.oscillators()


@pytest.fixture(scope="module")
def network():
    system = Brunel(trials=4, duration=4.0, start=0.2, neurons=12, connection_probability=0.3, weight=2.0)
    return system.simulate(lambda trial: stream(1, "test", trial))


def test_auc_and_its_curve_agree_with_scikit_learn_with_ties():
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(0)
    score, positive = rng.integers(0, 6, 200).astype(float), rng.random(200) < 0.3
    assert connections.auc(score, positive) == pytest.approx(roc_auc_score(positive, score))
    assert np.isnan(connections.auc(score, np.zeros(200, bool)))


def test_the_error_of_an_auc_is_that_of_repeated_draws():
    rng = np.random.default_rng(1)
    draws = [connections.auc(np.append(rng.normal(1, 1, 30), rng.normal(0, 1, 60)), np.arange(90) < 30) for _ in range(400)]
    assert connections.auc_error(float(np.mean(draws)), 30, 60) == pytest.approx(np.std(draws), rel=0.15)


def test_spikes_of_a_network_tell_its_strong_synapses_and_nothing_else_does(network):
    sources = {
        "wiring": wiring(network).assign(system="net"),
        "spikes": spikes(network, np.arange(4)).assign(system="net", split="by_trial"),
        "explanations": pandas.DataFrame(columns=["what", "system"]),
    }
    table = GraphRecovery().compute(sources)
    area = table[table["part"] == "curve"].groupby(["method", "synapses"])["auc"].first()
    assert (area.xs("excitatory", level="synapses") > 0.9).all() and len(area) >= 2
    shuffled = sources["wiring"].assign(weight=np.random.default_rng(3).permutation(sources["wiring"]["weight"]))
    chance = GraphRecovery().compute(sources | {"wiring": shuffled})
    assert abs(chance[chance["part"] == "curve"].groupby(["method", "synapses"])["auc"].first().mean() - 0.5) < 0.25


def test_the_glm_is_the_maximum_of_the_penalised_likelihood(network):
    from sklearn.linear_model import LogisticRegression

    few = spikes(network, np.arange(2))
    design, answers = connections._design(few)
    found = connections.glm(few)
    for target in (0, 3, 7, 11):
        exact = LogisticRegression(C=1 / connections.RIDGE, max_iter=2000, tol=1e-8).fit(design[:, :-1], answers[:, target])
        assert np.corrcoef(found[target], exact.coef_[0, : len(found)])[0, 1] > 0.95


def test_spikes_stand_at_the_sample_that_first_shows_them(network):
    table = spikes(network, np.array([2]))
    assert set(table["trial"]) == {2}
    volts = network.states.values[2]
    after = volts[table["sample"].to_numpy(), table["neuron"].to_numpy()]
    assert np.mean(after < -60) > 0.99  # reset, and refractory: not near the threshold


def test_wiring_has_the_graph_and_the_types(network):
    table = wiring(network)
    matrix = table.pivot(index="target", columns="source", values="weight").to_numpy()
    np.testing.assert_allclose(matrix, network.extras["graph"][0], rtol=1e-6)
    assert (table.groupby("source")["excitatory"].first().to_numpy() == network.extras["excitatory"]).all()


def test_graphs_of_single_runs_are_a_control_and_no_in_degree(network):
    own = replace(network, extras=network.extras | {"graph": np.repeat(network.extras["graph"], network.states.trials, axis=0)})
    table = wiring(own, np.arange(network.states.trials - 2))
    assert set(table["trial"]) == {network.states.trials - 2, network.states.trials - 1}
    channels = pandas.DataFrame({"system": "net", "target": network.states.channels})
    known = with_types(channels, table.assign(system="net"))
    assert known["in_degree"].isna().all() and set(known["group"]) == {"excitatory", "inhibitory"}
    sources = {"wiring": table.assign(system="net"), "spikes": spikes(network, np.arange(2)).assign(system="net", split="by_trial")}
    found = GraphRecovery().compute(sources | {"explanations": pandas.DataFrame(columns=["what", "system"])})
    once = GraphRecovery().compute(
        sources | {"wiring": wiring(network).assign(system="net"), "explanations": pandas.DataFrame(columns=["what", "system"])}
    )
    curves, single = (each[each["part"] == "curve"] for each in (found, once))
    assert (curves["graphs"] == 2).all() and curves["auc"].to_numpy()[0] == pytest.approx(single["auc"].to_numpy()[0])


def test_a_variant_is_named_after_the_model_that_it_changes():
    assert variants(["lstm", "lstm_residual", "lstm_residual_norm", "lstmx", "gru"]) == [
        ("lstm_residual", "lstm"),
        ("lstm_residual_norm", "lstm_residual"),
    ]


def test_differences_are_paired_over_runs_and_their_intervals_cover():
    rng, hits, narrow = np.random.default_rng(4), 0, []
    for _ in range(300):
        run, seeds = rng.normal(0, 1, (8, 1)), rng.normal(0, 0.2, (2, 5))
        one, other = (pandas.DataFrame(run + seeds[i] + rng.normal(0, 0.1, (8, 5)) + 0.3 * i) for i in (0, 1))
        found = difference(other, one)
        hits += found["low"] <= 0.3 <= found["high"]
        narrow.append(found["high"] - found["low"])
    assert 0.91 < hits / 300 <= 1.0 and np.mean(narrow) < 1.0
    assert not difference(one, other.rename(index=lambda run: run + 100))["paired"]


def test_ablations_subtract_the_full_model(tables):
    table = Ablations().compute(tables)
    assert set(table["variant"]) == {"lstm_residual"} and set(table["full"]) == {"lstm"}
    assert (table["difference"].abs() < 0.05).all() and (table["low"] < table["difference"]).all()


def test_the_verdict_on_a_part_is_that_of_its_interval():
    intervals = {"no_gate": (-0.5, -0.4), "no_skip": (-0.01, 0.02), "no_noise": (0.01, 0.03)}
    rows = [{"variant": f"net_{name}", "difference": (low + high) / 2, "low": low, "high": high} for name, (low, high) in intervals.items()]
    about = {"panel": "system", "noise": "0.1", "full": "net", "metric": "r2", "runs": 5, "seeds": 3, "full_score": 0.9}
    table = pandas.DataFrame(rows).assign(**about, verdict=[ablations._verdict(*interval) for interval in intervals.values()])
    (axes,) = (one for one in Ablations().draw(table).axes if one.get_visible())
    assert [label.get_text() for label in axes.get_yticklabels()] == ["no_gate: worse", "no_skip: no difference", "no_noise: better"]
    assert axes.get_xlim()[1] < 0.2 and [text.get_text() for text in axes.texts if text.get_text()] == ["-0.450"], "far off, as a number"


def test_a_split_that_flatters_by_two_points_is_seen_to(tables):
    table = SplitInflation().compute(tables)
    assert table["difference"].to_numpy() == pytest.approx(0.02)
    assert set(table["sound_split"]) == {"by_block"} and set(table["split"]) == {"leading_windows"}
    assert table["model"].nunique() >= 3


def test_ranks_are_a_permutation_and_the_best_channel_is_first(tables):
    table = NeuronRanking().compute(tables)
    for _, part in table.groupby(["panel", "model"]):
        assert sorted(part["rank"]) == list(range(5))
    able = table[~table["role"].isin(["trivial", "ceiling"])]
    means = able.groupby(["panel", "rank"])["mean"].mean()
    assert (means.groupby("panel").diff().dropna() <= 1e-12).all()


def test_in_degrees_are_those_of_the_graph(tables):
    table = ErrorByGroup().compute(tables)
    true = tables["wiring"].assign(on=tables["wiring"]["weight"] != 0).groupby(["system", "channel"])["on"].sum()
    for row in table.itertuples():
        assert row.in_degree == true[(row.panel, row.target)]


def test_moments_of_known_laws():
    rng = np.random.default_rng(6)
    normal, expo = moments(rng.normal(2, 3, 200_000)), moments(rng.exponential(1, 200_000))
    assert normal["sd"] == pytest.approx(3, rel=0.01) and abs(normal["skew"]) < 0.03 and abs(normal["kurtosis"]) < 0.06
    assert normal["beyond"] == pytest.approx(0.0027, abs=0.0005)
    assert expo["skew"] == pytest.approx(2, rel=0.05) and expo["kurtosis"] == pytest.approx(6, rel=0.15)


def test_every_run_has_one_best_model(tables):
    table = RunConsistency().compute(tables)
    best = table.drop_duplicates(["panel", "model"]).groupby("panel")["best"].sum()
    assert (best == 3).all()


def test_gains_are_those_of_ablations_at_every_horizon(tables):
    gains, ablations = GainByHorizon().compute(tables), Ablations().compute(tables)
    shortest = gains[gains["horizon"] == gains["horizon"].min()].set_index(["panel", "noise"])["difference"]
    assert shortest.to_dict() == pytest.approx(ablations.set_index(["panel", "noise"])["difference"].to_dict())
    assert gains["horizon"].nunique() == 3 and gains["delay"].to_numpy() == pytest.approx(0.4)
    assert GainByHorizon().compute(tables | {"systems": tables["systems"].head(0)})["delay"].isna().all()


def test_the_attainable_share_is_nought_at_the_best_linear_model_and_one_at_the_reference(tables):
    table = Attainable().compute(tables)
    predicting = set(tables["predictions"].query("role == 'ceiling'")["model"])
    assert len(table) and not table["role"].eq("ceiling").any()
    for _, place in table.groupby(["panel", "noise"]):
        linear = place[place["role"] == "linear"]
        known = place["share"].notna()
        assert linear["mean"].max() == place["linear"].iloc[0]
        assert place["reference"].iloc[0] >= place["mean"].max() - 1e-12
        assert place["reference_name"].iloc[0] in predicting | set(place["model"])
        np.testing.assert_allclose(
            place["share"][known] * (place["reference"] - place["linear"])[known], (place["mean"] - place["linear"])[known]
        )
