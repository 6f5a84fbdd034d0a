"""`headroom predict` on a small trained project: rows, scores, refusals."""

import shutil

import numpy as np
import pandas
import pytest
from fixtures.trained_project import shared_project, write_walk

from headroom.core.storage import load

WAVES = ("--system", "kuramoto", "--noise", "0.1")
LABELS = ("--system", "walk", "--task", "decode")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return shared_project(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def predicted(project):
    """Predictions of the system that the model was trained on, and what was printed."""
    done = project.headroom("predict", "ridge_var", "kuramoto", *WAVES, "-o", "out/ridge.parquet")
    assert done.returncode == 0, done.stderr
    return pandas.read_parquet(project.folder / "out/ridge.parquet"), done.stdout


@pytest.fixture(scope="module")
def observed(project):
    """What the model was trained on (trial, time, channel)."""
    return load(project.folder / "results/2_observations/kuramoto/identity/white_0.1/observed.npz")


def foreign(project, observed, name, **changes):
    """A file with the first trial's first 60 samples, and how the reader is told of its clock."""
    values = changes.get("values", observed.values[0, :60])
    header = ",".join(changes.get("channels", observed.channels))
    np.savetxt(project.folder / name, values, delimiter=",", header=header, comments="", fmt="%.17g")
    return (name, *WAVES, "--dt", changes.get("dt", 0.5))


def test_every_window_has_a_row_for_each_horizon_and_target(predicted, observed):
    table, _ = predicted
    windows = 4 * (300 - 10 + 1)
    assert len(table) == windows * 2 * 5
    assert list(table.columns) == ["trial", "time", "horizon", "target", "prediction", "truth", "unit", "part"]
    assert not table.duplicated(["trial", "time", "horizon", "target"]).any()
    assert table["truth"].isna().sum() == 4 * (1 + 3) * 5  # what lies beyond the end of each trial
    row = table[(table.trial == 2) & (table.horizon == 1.5) & (table.target == "oscillator 4") & np.isclose(table.time, 100.0)].iloc[0]
    assert row["truth"] == observed.values[2, 200, 3]


def test_the_summary_says_what_the_table_holds(predicted):
    table, said = predicted
    assert "1,164 windows of 10 samples, 11,640 rows" in said
    rows = table[(table["horizon"] == 0.5) & table["truth"].notna()]
    means = rows.groupby("target", observed=True)["truth"].transform("mean")
    r2 = 1 - ((rows["truth"] - rows["prediction"]) ** 2).sum() / ((rows["truth"] - means) ** 2).sum()
    assert f"0.5 s ahead, 1,160 windows: R2 {r2:.4f} (persistence 0.7" in said
    assert r2 > 0.9
    assert "152 windows that were neither trained nor chosen on: R2 0.9" in said


def test_a_file_gives_the_predictions_that_its_data_gave(project, predicted, observed):
    table = predicted[0]
    done = project.headroom("predict", "ridge_var", *foreign(project, observed, "same.csv"), "-o", "same.parquet")
    assert done.returncode == 0 and done.stderr == ""
    found = pandas.read_parquet(project.folder / "same.parquet")
    expected = table[(table["trial"] == 0) & (table["time"] - table["horizon"] < 29.75)]
    assert len(found) == len(expected) == 51 * 10
    np.testing.assert_allclose(found["prediction"], expected["prediction"], rtol=1e-9)
    assert "part" not in found


def test_harmonic_regression_does_not_take_a_file_for_its_training_trial(project, observed):
    values = observed.values[0, 60:120]  # other phases than the trial's first 60 samples
    arguments = foreign(project, observed, "later.csv", values=values)
    assert project.headroom("predict", "harmonic", *arguments, "-o", "later.parquet").returncode == 0
    found = pandas.read_parquet(project.folder / "later.parquet")
    known = found[(found["horizon"] == 0.5) & found["truth"].notna()]
    assert np.corrcoef(known["prediction"], known["truth"])[0, 1] > 0.6


def test_a_roll_out_feeds_forecasts_back(project, predicted):
    done = project.headroom("predict", "ridge_var", "kuramoto", *WAVES, "--rollout", 20, "-o", "rolled.parquet")
    assert done.returncode == 0, done.stderr
    rolled = pandas.read_parquet(project.folder / "rolled.parquet")
    assert len(rolled) == 4 * 15 * 20 * 5  # a start every 20 samples
    single = predicted[0]
    first = rolled[rolled["horizon"] == 0.5].merge(single, on=["trial", "time", "horizon", "target"], suffixes=("", "_single"))
    assert len(first) == 4 * 15 * 5
    np.testing.assert_array_equal(first["prediction"], first["prediction_single"])
    assert "10 s ahead, 56 windows" in done.stdout


def test_draws_come_as_quantiles_and_one_by_one(project):
    done = project.headroom("predict", "ridge_var", "kuramoto", *WAVES, "--draws", 19, "--keep-draws", "--every", 40, "-o", "drawn.parquet")
    assert done.returncode == 0, done.stderr
    table = pandas.read_parquet(project.folder / "drawn.parquet")
    place = ["trial", "time", "horizon", "target"]
    point, draws = table[table["draw"].isna()], table[table["draw"].notna()]
    assert len(draws) == 19 * len(point)
    assert (point["q05"] < point["q50"]).all() and (point["q50"] < point["q95"]).all()
    span = draws.groupby(place, observed=True)["prediction"].agg(["min", "median", "max"]).reset_index().merge(point, on=place)
    np.testing.assert_allclose(span[["min", "median", "max"]], span[["q05", "q50", "q95"]])
    again = project.headroom("predict", "ridge_var", "kuramoto", *WAVES, "--draws", 19, "--every", 40, "-o", "again.parquet")
    assert again.returncode == 0
    np.testing.assert_array_equal(pandas.read_parquet(project.folder / "again.parquet")["q05"], point["q05"])


def test_labels_are_decoded_with_probabilities(project):
    true = write_walk(project.folder / "fresh.csv", 200, seed=1)
    done = project.headroom("predict", "lstm", "fresh.csv", *LABELS, "-o", "labels.parquet")
    assert done.returncode == 0, done.stderr
    table = pandas.read_parquet(project.folder / "labels.parquet")
    assert list(table.columns) == ["trial", "time", "label", "truth", "probability 0", "probability 1"]
    np.testing.assert_allclose(table["time"], np.arange(7, 200) * 0.1)
    np.testing.assert_array_equal(table["truth"].astype(int), true[7:])
    np.testing.assert_allclose(table["probability 0"] + table["probability 1"], 1)
    np.testing.assert_array_equal(table["label"].astype(int), table["probability 1"] > table["probability 0"])
    share = (table["label"].astype(str) == table["truth"].astype(str)).mean()
    assert f"193 windows: accuracy {share:.4f} (majority " in done.stdout


def test_a_recording_without_labels_is_decoded_and_not_scored(project):
    write_walk(project.folder / "bare.csv", 60, seed=2, labels=False)
    done = project.headroom("predict", "lstm", "bare.csv", *LABELS, "-o", "bare.parquet")
    assert done.returncode == 0, done.stderr
    table = pandas.read_parquet(project.folder / "bare.parquet")
    assert len(table) == 53 and table["truth"].isna().all() and table["label"].notna().all()
    assert "does not say the truth: nothing to score" in done.stdout


def test_a_weights_file_is_as_good_as_a_name(project):
    file = "results/4_models/kuramoto/identity/white_0.1/forecast/by_block/lstm/seeds_0-1/weights.safetensors"
    for model, output in ((file, "file"), ("lstm", "name")):
        arguments = () if model == file else WAVES
        assert project.headroom("predict", model, "kuramoto", *arguments, "--seed", 1, "-o", f"{output}.parquet").returncode == 0
    read = [(project.folder / f"{output}.parquet").read_bytes() for output in ("file", "name")]
    assert read[0] == read[1]


def test_several_conditions_are_listed_ready_to_paste(project):
    said = project.refused("predict", "ridge_var", "kuramoto", "-o", "x.parquet")
    assert said == "ridge_var: trained on 2 conditions; add one of these:\n  --noise 0.1\n  --noise 0.3"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("lsmt", "kuramoto"),
            "MODEL lsmt: not in the configuration (if a file of yours defines it, add --configfile FILE); did you mean 'lstm'?",
        ),
        (("ridge_var", "kuramoto", "--noise", "0.7"), "--noise 0.7: ridge_var is not planned there; there are: 0.1, 0.3"),
        (("lstm", "kuramoto", *WAVES, "--seed", 5), "--seed 5: no such fit of lstm; trained are: 0, 1"),
        (("lstm", "kuramoto", *WAVES, "--draws", 9), "models of this condition that do: dlinear, ridge_var"),
        (("lstm", "walk", *LABELS, "--rollout", 9), "--rollout: lstm decodes labels; only forecasts can be fed back"),
        (("ridge_var", "kuramto", *WAVES), "kuramto: neither a file nor a system of the configuration; did you mean 'kuramoto'?"),
        (("ridge_var", "none.csv", *WAVES), "none.csv: no such file in "),
        (("ridge_var", "kuramoto", *WAVES, "--dt", 1), "--dt: is for files; kuramoto is a system, which says so itself"),
        (("ridge_var", "kuramoto", *WAVES, "--keep-draws"), "--keep-draws: no draws to keep; add --draws N"),
        (("ridge_var", "kuramoto", *WAVES, "--every", 0), "--every 0: expected a whole number of at least 1"),
        (("none.safetensors", "kuramoto"), "none.safetensors: no such file; expected the weights.safetensors of a fit, or a model's name"),
        (("lstm", "walk", *LABELS, "--configfile", "wider.yaml"), "lstm: the weights do not fit its settings ("),
    ],
)
def test_mistakes_are_one_line(project, arguments, words):
    (project.folder / "wider.yaml").write_text("models: {lstm: {hidden: 5}}\n")
    said = project.refused("predict", *arguments, "-o", "never.parquet")
    assert words in said and "\n" not in said
    assert not (project.folder / "never.parquet").exists()


def test_a_file_must_say_its_clock_and_fit_it(project, observed):
    name, *where = foreign(project, observed, "clock.csv")[:-2]
    silent = project.refused("predict", "ridge_var", name, *where, "-o", "never.parquet")
    assert silent == "clock.csv: does not say its sampling interval; add --dt SECONDS (the model was trained at --dt 0.5)"
    wrong = project.refused("predict", "ridge_var", name, *where, "--dt", 0.25, "-o", "never.parquet")
    assert wrong == "clock.csv: found a sampling interval of 0.25 s; expected 0.5 s, as trained: resample the recording"
    setting = project.refused("predict", "ridge_var", name, *where, "--dt", 0.5, "--reading", "mising=drop", "-o", "never.parquet")
    assert setting == "--reading.mising: unknown key; did you mean 'missing'?"


def test_other_channels_are_refused_or_warned_of(project, observed):
    four = foreign(project, observed, "four.csv", values=observed.values[0, :60, :4], channels=observed.channels[:4])
    assert "found 4 channels" in project.refused("predict", "ridge_var", *four, "-o", "never.parquet")
    named = foreign(project, observed, "named.csv", channels=("a", "b", "c", "d", "e"))
    done = project.headroom("predict", "ridge_var", *named, "-o", "named.parquet")
    assert done.returncode == 0
    assert done.stderr.startswith("headroom: warning: named.csv: channels are taken in their order: 'a' for 'oscillator 1'")


def test_it_runs_as_a_process_of_its_own_and_fails_without_a_traceback(project, predicted):
    done = project.started("predict", "ridge_var", "kuramoto", *WAVES, "-o", "started.parquet")
    assert (done.returncode, done.stderr) == (0, "")
    assert (project.folder / "started.parquet").read_bytes() == (project.folder / "out/ridge.parquet").read_bytes()
    wrong = project.started("predict", "ridge_var", "kuramoto", "-o", "never.parquet")
    assert wrong.returncode == 1 and wrong.stderr.startswith("headroom: ridge_var: trained on 2 conditions")


def test_a_unit_with_another_prefix_is_converted(project):
    """The system `walk` was recorded in mV; its file's settings are taken over, dt among them."""
    rng = np.random.default_rng(4)
    values = rng.normal(size=(40, 2))
    for unit, factor in (("mV", 1.0), ("V", 1e-3)):
        np.savez(project.folder / f"{unit}.npz", values=values * factor, channels=np.array(["a", "b"]), unit=unit)
        done = project.headroom("predict", "lstm", f"{unit}.npz", *LABELS, "-o", f"{unit}.parquet")
        assert (done.returncode, done.stderr) == (0, "")
    one, other = (pandas.read_parquet(project.folder / f"{unit}.parquet")["probability 1"] for unit in ("mV", "V"))
    np.testing.assert_allclose(one, other, rtol=1e-6)


def test_what_is_not_trained_yet_says_how_to_train_it(project):
    weights = project.folder / "results/4_models/kuramoto/identity/white_0.1/forecast/by_block/persistence"
    shutil.move(weights, weights.with_name("away"))
    try:
        said = project.refused("predict", "persistence", "kuramoto", "-o", "never.parquet")
    finally:
        shutil.move(weights.with_name("away"), weights)
    command = f"snakemake --cores 1 {(weights / 'once/weights.safetensors').relative_to(project.folder)}"
    assert said == f"persistence: not trained yet; {command} trains it on kuramoto/identity/white_0.1/forecast/by_block"
