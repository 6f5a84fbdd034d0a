"""`headroom export`: graphs that onnxruntime runs to the same answers, and what cannot be exported."""

import json

import numpy as np
import pandas
import pytest
from fixtures.tiny import tiny_dataset
from fixtures.trained_project import shared_project

from headroom.core.errors import HeadroomError
from headroom.core.protocols import Workspace
from headroom.core.storage import load
from headroom.models.ridge_ar import RidgeAr

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxscript")
runtime = pytest.importorskip("onnxruntime")

WAVES = ("--system", "kuramoto", "--noise", "0.1")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return shared_project(tmp_path_factory.getbasetemp())


@pytest.mark.parametrize("model", ["lstm", "dlinear"])
def test_the_graph_answers_as_predict_does(project, model):
    for command, output in (("predict", "table.parquet"), ("export", f"{model}.onnx")):
        recording = ("kuramoto",) if command == "predict" else ()
        done = project.headroom(command, model, *recording, *WAVES, "-o", output)
        assert done.returncode == 0, done.stderr
    observed = load(project.folder / "results/2_observations/kuramoto/identity/white_0.1/observed.npz")
    windows = np.lib.stride_tricks.sliding_window_view(observed.values[1], 10, axis=0).swapaxes(1, 2)  # (window, length, channel)
    session = runtime.InferenceSession(project.folder / f"{model}.onnx")
    (answers,) = session.run(["prediction"], {"window": windows})
    table = pandas.read_parquet(project.folder / "table.parquet")
    expected = table[table["trial"] == 1]["prediction"].to_numpy().reshape(answers.shape)
    np.testing.assert_allclose(answers, expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(session.run(None, {"window": windows[:1]})[0], expected[:1], rtol=1e-4, atol=1e-5)


def test_the_file_says_what_goes_in_and_what_comes_out(project):
    done = project.headroom("export", "ridge_var", *WAVES, "-o", "said.onnx")
    assert "window (batch, 10, 5) -> (batch, 2, 5)" in done.stdout
    notes = {entry.key: entry.value for entry in onnx.load(project.folder / "said.onnx").metadata_props}
    assert notes["model"] == "ridge_var"
    assert notes["condition"] == "kuramoto/identity/white_0.1/forecast/by_block"
    assert float(notes["dt_seconds"]) == 0.5
    assert json.loads(notes["offsets_samples"]) == [1, 3]
    assert json.loads(notes["channels"]) == [f"oscillator {number}" for number in range(1, 6)]
    assert notes["target_kind"] == "ahead" and notes["headroom"]


def test_a_decoder_gives_probabilities(project):
    done = project.headroom("export", "lstm", "--system", "walk", "-o", "walk.onnx")
    assert done.returncode == 0, done.stderr
    session = runtime.InferenceSession(project.folder / "walk.onnx")
    (answers,) = session.run(["probabilities"], {"window": np.random.default_rng(0).normal(size=(7, 8, 2))})
    assert answers.shape == (7, 1, 2)
    np.testing.assert_allclose(answers.sum(axis=2), 1)


def test_what_cannot_be_exported_says_what_can(project):
    said = project.refused("export", "harmonic", "-o", "never.onnx")
    assert said == "harmonic: is neither a network nor linear; models of this condition that can be exported: dlinear, lstm, ridge_var"
    assert project.refused("export", "harmonic", "-o", "x.pt") == "--output x.pt: expected a name that ends in .onnx"
    assert not (project.folder / "never.onnx").exists()


def export(path):
    from headroom.networks.onnx import write

    dataset = tiny_dataset()
    fit = RidgeAr(lags=(5,)).fit(dataset.train, dataset.valid, dataset.target, Workspace(0))[0]
    return write(path, fit, dataset.test, {}, category=False)


def without_constant(self, windows):
    return (windows.flatten(1) @ self.weights).unflatten(1, self.shape)


def test_a_missing_package_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr("headroom.networks.onnx.find_spec", lambda name: None)
    with pytest.raises(HeadroomError, match=r"x.onnx: writing ONNX needs the package onnx; `make extras` installs it"):
        export(tmp_path / "x.onnx")


def test_a_graph_that_answers_differently_is_not_written(tmp_path, monkeypatch):
    assert export(tmp_path / "good.onnx") < 1e-9
    monkeypatch.setattr("headroom.networks.onnx.Weighted.forward", without_constant)
    with pytest.raises(HeadroomError, match=r"differs from the model by .* above 0.0001; nothing written"):
        export(tmp_path / "bad.onnx")
    assert [path.name for path in tmp_path.iterdir()] == ["good.onnx"]
