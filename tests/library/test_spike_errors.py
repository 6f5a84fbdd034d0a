"""Errors at spikes and elsewhere: where the events stand, and that the parts make up the whole."""

from dataclasses import replace

import numpy as np
import pandas
import pytest
from fixtures import study_tables
from fixtures.brunel import spikes_of
from fixtures.tiny import tiny_dataset

from headroom.analyses.spike_errors import PARTS, SpikeErrors
from headroom.config.loading import load
from headroom.config.problems import ConfigError
from headroom.core.examples import Target
from headroom.core.files import write_manifest
from headroom.core.randomness import stream
from headroom.core.storage import load as load_dataset
from headroom.core.storage import save
from headroom.metrics.mse import Mse
from headroom.metrics.mse_rest import MseRest
from headroom.metrics.mse_spike import MseSpike
from headroom.observations.channels import Channels
from headroom.observations.difference import Difference
from headroom.scores.evaluation import truth_of
from headroom.scores.tally import Label, tally
from headroom.simulators.brunel import Brunel
from headroom.splits.by_trial import ByTrial
from headroom.tasks.forecasting import Forecasting

SYSTEM = Brunel(trials=4, duration=3.0, start=0.5, neurons=12, connection_probability=0.3)
METRICS = {"mse": Mse(), "mse_spike": MseSpike(), "mse_rest": MseRest()}
LABEL = Label("test", "forecast", "persistence", "trivial", seed=None)


@pytest.fixture(scope="module")
def recording():
    return SYSTEM.simulate(lambda trial: stream(1, "test", trial))


@pytest.fixture(scope="module")
def examples(recording):
    return Forecasting(window=5, offsets=(1, 4)).examples(recording, recording.states)


def sums(made, point, metrics=METRICS):
    table = tally(LABEL, truth_of(made, Target("ahead", made.track.channels)), metrics, point=point)
    return table.groupby(["metric", "offset"], observed=True)[["s0", "s1"]].sum()


def last(made):
    return np.repeat(made.inputs.values[made.trial, made.last][:, None], len(made.offsets), axis=1)


def test_an_event_stands_at_the_first_sample_after_each_spike(recording, examples):
    events = examples.context["events"]
    assert events.shape == (len(examples), 2, 12)
    for trial, neuron in ((0, 0), (2, 5), (3, 11)):
        first = spikes_of(recording, trial, neuron) // SYSTEM.every + 1
        for offset in (0, 1):
            rows = examples.trial == trial
            at = examples.last[rows] + examples.offsets[offset]
            assert set(at[events[rows, offset, neuron]]) == set(first) & set(at)


def test_the_voltage_of_an_event_is_the_reset_and_the_sample_before_is_not(recording, examples):
    events = examples.context["events"][:, 0]
    trial, last = examples.trial, examples.last
    assert (recording.states.values[trial, last + 1][events] == SYSTEM.reset).all()
    assert (recording.states.values[trial, last][events] > SYSTEM.reset + 5).mean() > 0.95
    assert 0.02 < events.mean() < 0.05


def test_most_of_persistence_s_squared_error_sits_at_the_resets(examples):
    found = sums(examples, last(examples)).xs(1, level="offset")
    assert 0.7 < found.loc["mse_spike", "s0"] / found.loc["mse", "s0"] < 0.95
    assert 0.02 < found.loc["mse_spike", "s1"] / found.loc["mse", "s1"] < 0.05


def test_the_parts_are_the_errors_there_and_make_up_the_whole(examples):
    point = last(examples)
    found = sums(examples, point)
    squared, events = (point - examples.targets()) ** 2, examples.context["events"]
    for place, offset in enumerate(examples.offsets):
        there, rest, whole = (found.loc[(name, offset)].to_numpy() for name in ("mse_spike", "mse_rest", "mse"))
        np.testing.assert_allclose(there, [squared[:, place][events[:, place]].sum(), events[:, place].sum()], rtol=1e-6)
        np.testing.assert_allclose(there + rest, whole, rtol=1e-9)


def test_a_prediction_that_is_not_finite_spoils_its_own_part_alone(examples):
    point = last(examples).astype(float)
    point[np.argwhere(examples.context["events"][:, 0, 3])[0, 0], 0, 3] = np.nan
    found = sums(examples, point).xs(1, level="offset")["s0"]
    assert np.isfinite(found["mse_rest"])
    row = tally(LABEL, truth_of(examples, Target("ahead", examples.track.channels)), METRICS, point=point)
    spoilt = row[row["s0"].isna()]
    assert set(spoilt["metric"]) == {"mse", "mse_spike"} and set(spoilt["target"]) == {"neuron 4"}


def test_a_run_without_spikes_is_undefined_and_a_system_without_them_has_no_rows(examples):
    quiet = replace(examples, context={"events": np.zeros_like(examples.context["events"])})
    found = sums(quiet, last(quiet)).loc[("mse_spike", 1)].to_numpy()
    assert np.isnan(MseSpike().value(found[None]))
    test = tiny_dataset().test
    assert test.context == {} and set(sums(test, last(test)).reset_index()["metric"]) == {"mse"}


def test_an_expected_error_is_not_split(examples):
    truth = truth_of(examples, Target("ahead", examples.track.channels))
    table = tally(LABEL, truth, METRICS, variance=np.ones(truth.values.shape))
    assert set(table["metric"]) == {"mse"}


def test_events_follow_the_channels_that_are_seen_through_split_and_file(recording, examples, tmp_path):
    seen = Channels(names=("neuron 7", "neuron 2")).apply(recording.states, None)
    task = Forecasting(window=5, offsets=(1, 4))
    some = task.examples(recording, seen)
    np.testing.assert_array_equal(some.context["events"], examples.context["events"][..., [6, 1]])
    mixed = Difference(plus="neuron 1", minus="neuron 2").apply(recording.states, None)
    assert task.examples(recording, mixed).context == {}
    dataset = ByTrial().apply(some, task.target(recording, seen), recording)
    save(tmp_path / "dataset.npz", dataset)
    write_manifest(tmp_path / "x.manifest.json", "x", [tmp_path / "dataset.npz"])
    kept = load_dataset(tmp_path / "dataset.npz").test
    np.testing.assert_array_equal(kept.context["events"], some.context["events"][np.isin(some.trial, kept.trial)])


def test_a_study_without_spikes_that_asks_for_them_is_refused():
    study = {"question": "Is it?", "systems": ["net"], "models": ["persistence"], "metrics": ["mse", "mse_rest"]}
    given = {"systems": {"net": {"kind": "kuramoto"}}, "studies": {"one": study}}
    with pytest.raises(ConfigError, match=r"studies\.one\.metrics\[1\]: mse_rest tells spikes .* brunel"):
        load(given)
    load(given | {"systems": {"net": {"kind": "brunel"}}})


def test_shares_are_those_of_samples_and_errors():
    table = SpikeErrors().compute(study_tables.oscillators())
    there = table[table["part"] == PARTS["mse_spike"]]
    np.testing.assert_allclose(there["share_of_samples"], 0.03, rtol=1e-6)
    np.testing.assert_allclose(there["share_of_error"], 0.85, rtol=1e-6)
    bound = table[table["model"] == "noise_floor"]
    assert set(bound["part"]) == {"all samples"} and bound["share_of_error"].isna().all()


def test_shares_are_unknown_where_the_whole_is_not_scored():
    tables = study_tables.oscillators()
    tables["summary"] = tables["summary"].query("metric != 'mse'")
    table = SpikeErrors().compute(tables)
    assert len(table) and table["share_of_error"].isna().all()
    assert isinstance(table, pandas.DataFrame) and SpikeErrors().draw(table).axes
