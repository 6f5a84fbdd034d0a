"""Models that reconstruct states: against independent implementations, and what each of them may see and learn."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from fixtures.tiny import tiny_reconstruction
from sklearn.decomposition import PCA
from sklearn.linear_model import LinearRegression

from headroom.core.errors import HeadroomError
from headroom.core.protocols import Workspace
from headroom.core.recording import Recording
from headroom.core.shape import DataShape, Extent
from headroom.core.signal import Signal
from headroom.models.autoencoder import Autoencoder
from headroom.models.bidirectional import Bidirectional
from headroom.models.pca import Pca
from headroom.models.ridge_lags import RidgeLags
from headroom.models.variational import Variational
from headroom.models.windowed_network import WindowedNetwork
from headroom.networks import engine
from headroom.networks.segments import _starts
from headroom.networks.training import Training
from headroom.networks.variational import Variational as Module
from headroom.planning.amounts import answer_features, fit_features
from headroom.splits.by_trial import ByTrial
from headroom.splits.shuffled_windows import ShuffledWindows
from headroom.tasks.reconstruction import Reconstruction

FEW = Training(steps=20, validate_every=10)


def fit(model, data, seed=0):
    return model.fit(data.train, data.valid, data.target, Workspace(seed))[0]


def filtered(split=None, samples=300):
    """White noise, and a hidden state that is what was seen two samples before less half of what is seen three samples later."""
    rng = np.random.default_rng(4)
    seen = rng.normal(size=(8, samples + 10, 1))
    hidden = np.roll(seen, 2, axis=1) - 0.5 * np.roll(seen, -3, axis=1)
    states = Signal(np.concatenate([seen, hidden], axis=2)[:, 5:-5], 0.01, ("a", "b"), "mV")
    recording, observed = Recording(states, np.empty((8, 0))), replace(states, values=states.values[..., :1], channels=("a",))
    task = Reconstruction(window=6, margin=8, stride=1)
    return (split or ByTrial()).apply(task.examples(recording, observed), task.target(recording, observed), recording)


def test_lags_find_a_filter_and_a_single_sample_does_not():
    data = filtered()
    truth = data.test.targets()[:, 0]
    wide, narrow = (fit(RidgeLags(context=context), data).predict(data.test).point[:, 0] for context in (None, 0))
    np.testing.assert_allclose(wide, truth, atol=1e-5)
    np.testing.assert_allclose(narrow[:, 0], truth[:, 0], atol=1e-5)
    assert abs(np.corrcoef(narrow[:, 1], truth[:, 1])[0, 1]) < 0.15


def test_components_are_those_of_scikit_learn():
    data = tiny_reconstruction()
    rows = {part: getattr(data, part).windows()[:, 4:9].reshape(len(getattr(data, part)), -1) for part in ("train", "test")}
    scale = np.tile(data.train.scale.sd, 5)
    pca = PCA(3).fit(rows["train"] / scale)
    regression = LinearRegression().fit(pca.transform(rows["train"] / scale), data.train.targets()[:, 0])
    expected = regression.predict(pca.transform(rows["test"] / scale))
    np.testing.assert_allclose(fit(Pca(components=3, context=2), data).predict(data.test).point[:, 0], expected, atol=1e-6)


def test_all_components_are_least_squares():
    data = tiny_reconstruction()
    plain = fit(RidgeLags(context=1, penalties=(1e-12,)), data).predict(data.test).point
    np.testing.assert_allclose(fit(Pca(components=99, context=1), data).predict(data.test).point, plain, atol=1e-6)


@pytest.mark.parametrize("model", [RidgeLags, WindowedNetwork, Autoencoder, Pca, Variational])
def test_a_context_beyond_the_tasks_window_is_refused(model):
    with pytest.raises(HeadroomError, match="reads 50 samples either side, and the task shows 6"):
        fit(model(context=50), tiny_reconstruction())


@pytest.mark.parametrize("model", [WindowedNetwork(context=2, training=FEW), Autoencoder(context=2, training=FEW), RidgeLags(context=2)])
def test_a_model_sees_its_context_and_no_more(model):
    data = tiny_reconstruction()
    examples = data.test.take(np.array([30]))
    moment, trial, fitted = examples.last[0] + examples.offsets[0], examples.trial[0], fit(model, data)
    moved = []
    for distance in (-3, -2, 0, 2, 3):
        values = examples.inputs.values.copy()
        values[trial, moment + distance] += 1.0
        other = replace(examples, inputs=replace(examples.inputs, values=values))
        moved.append(not np.array_equal(fitted.predict(other).point, fitted.predict(examples).point))
    assert moved == [False, True, True, True, False]


def test_the_published_autoencoder_has_the_published_layers():
    module = Autoencoder()._module((0, 0), 6, 6, None)
    sizes = [(layer.in_features, layer.out_features) for layer in module.layers if isinstance(layer, torch.nn.Linear)]
    assert sizes == [(6, 128), (128, 64), (64, 3), (3, 64), (64, 128), (128, 6)]


@pytest.mark.parametrize(("loss", "hidden_moves"), [("observed", False), ("all", True)])
def test_as_published_the_read_outs_of_hidden_states_are_never_trained(loss, hidden_moves):
    data = tiny_reconstruction()
    weights = [
        fit(Autoencoder(loss=loss, training=replace(FEW, steps=steps)), data).module.layers[-1].weight.detach().numpy() for steps in (1, 40)
    ]
    moved = np.abs(weights[1] - weights[0]).max(axis=1) > 0
    assert list(data.target.names) == ["a", "b", "slow"]
    assert moved.tolist() == [True, True, hidden_moves]


def test_an_autoencoder_that_sees_no_state_is_refused():
    data = tiny_reconstruction()
    renamed = {part: replace(getattr(data, part), inputs=replace(data.train.inputs, channels=("c", "d"))) for part in ("train", "valid")}
    with pytest.raises(HeadroomError, match="sees c, d, none of the states a, b, slow"):
        fit(Autoencoder(), replace(data, **renamed))


def test_the_loss_of_a_variational_autoencoder_is_error_and_divergence():
    torch.manual_seed(0)
    module = Module((0, 0), 2, (5,), 3, 4, beta=0.5).eval()
    windows, asked = torch.randn(7, 1, 2), torch.randn(7, 1, 4)
    mean, log_variance = module._encoded(windows)
    code = torch.distributions.Normal(mean, (log_variance / 2).exp())
    divergence = torch.distributions.kl_divergence(code, torch.distributions.Normal(0.0, 1.0)).sum(dim=1).mean()
    expected = ((module(windows) - asked) ** 2).mean() + 0.5 * divergence
    torch.testing.assert_close(module.loss(windows, asked), expected)
    drawn = module.train().loss(windows, asked)
    assert drawn != module.loss(windows, asked)


def test_both_directions_see_beyond_the_tasks_window():
    data = tiny_reconstruction()
    fitted = fit(Bidirectional(training=FEW, frame=3, segment=30), data)
    examples = data.test.take(np.array([5]))
    moment, trial = examples.last[0] + examples.offsets[0], examples.trial[0]
    for distance in (-8, 8):
        values = examples.inputs.values.copy()
        values[trial, moment + distance] += 3.0
        other = replace(examples, inputs=replace(examples.inputs, values=values))
        assert np.abs(fitted.predict(other).point - fitted.predict(examples).point).max() > 0


def test_a_moments_answer_does_not_depend_on_what_else_is_asked():
    data = tiny_reconstruction()
    fitted = fit(Bidirectional(training=FEW, frame=3, segment=30), data)
    whole, some = fitted.predict(data.test).point, np.arange(0, len(data.test), 4)
    np.testing.assert_array_equal(fitted.predict(data.test.take(some)).point, whole[some])


def test_a_bidirectional_network_finds_a_filter():
    data = filtered()
    training = Training(steps=400, batch_size=16, learning_rate=1e-2, schedule="one_cycle", validate_every=200)
    point = fit(Bidirectional(hidden=16, segment=60, training=training), data).predict(data.test).point[:, 0]
    assert np.corrcoef(point[:, 1], data.test.targets()[:, 0, 1])[0, 1] > 0.95


def test_segments_are_not_cut_where_other_parts_lie():
    with pytest.raises(HeadroomError, match="leave gaps, which other parts may hold"):
        fit(Bidirectional(training=FEW), filtered(ShuffledWindows()))


@pytest.mark.parametrize(("first", "end", "length"), [(0, 100, 30), (7, 37, 30), (0, 101, 10), (3, 64, 31)])
def test_segments_cover_their_stretch(first, end, length):
    starts = _starts(first, end, length)
    covered = np.unique(starts[:, None] + np.arange(length))
    np.testing.assert_array_equal(covered, np.arange(first, end))
    assert (np.diff(starts) <= max(1, length // 2)).all()


def test_a_trial_shorter_than_a_segment_is_refused():
    data = tiny_reconstruction()
    fitted = fit(Bidirectional(training=FEW, segment=150), data)
    short = replace(data.test.inputs, values=data.test.inputs.values[:, :100], clean=None)
    with pytest.raises(HeadroomError, match="a trial has 100 samples, and segments have 120"):
        fitted.predict(replace(data.test, inputs=short))


class Killed(Exception):
    pass


@pytest.mark.parametrize("model", [Variational, Bidirectional, Autoencoder])
def test_a_killed_fit_goes_on_with_the_same_bits(model, tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "CHECKPOINT_SECONDS", 0.0)
    data, lines = tiny_reconstruction(), []
    settings = model(training=Training(steps=30, batch_size=16, validate_every=6))

    def stop(line):
        lines.append(line)
        if "step 12/30" in line:
            raise Killed

    with pytest.raises(Killed):
        settings.fit(data.train, data.valid, data.target, Workspace(1, checkpoints=tmp_path, report=stop))
    resumed = settings.fit(data.train, data.valid, data.target, Workspace(1, checkpoints=tmp_path, report=lines.append))[0].state()
    whole = settings.fit(data.train, data.valid, data.target, Workspace(1))[0].state()
    assert any("goes on from step" in line for line in lines)
    assert {name: array.tobytes() for name, array in resumed.items()} == {name: array.tobytes() for name, array in whole.items()}


def test_a_reconstructing_network_can_be_exported(tmp_path):
    pytest.importorskip("onnxruntime")
    from headroom.networks.onnx import write

    data = tiny_reconstruction()
    for model in (WindowedNetwork(training=FEW), Variational(training=FEW), RidgeLags()):
        assert write(tmp_path / "model.onnx", fit(model, data), data.test, {}, category=False) < 1e-4


@pytest.mark.parametrize("model", [WindowedNetwork(), Autoencoder(), Variational(), Bidirectional(), RidgeLags(), Pca()])
def test_what_a_fit_costs_can_be_said_before(model):
    shape = DataShape(Extent(10, 1000, 3), 6, 1, 0, 81, 4000, 1000, 1000)
    fitting, answering = fit_features(model, shape, 2), answer_features(model, shape, 2, 1, 4)
    assert all(np.isfinite(value) and value >= 0 for value in (*fitting.values(), *answering.values())) and fitting["work"] > 0


@pytest.mark.parametrize(("model", "units"), [(Autoencoder(code=2, training=FEW), 2), (Variational(code=5, training=FEW), 5)])
def test_a_code_is_all_that_the_answer_rests_on(model, units):
    data = tiny_reconstruction()
    fitted = fit(model, data)
    first = data.test.take(data.test.trial == data.test.trial.min())
    code = fitted.explain(data.test, "code")["code"]
    assert code.shape == (len(first), units)
    module, held = fitted.module, torch.from_numpy(code.astype(np.float32))
    with torch.no_grad():
        answers = module.layers[module.coded :](held) if isinstance(model, Autoencoder) else module.decoder(held)
    point = answers.double().numpy() * fitted.scale.track_sd + fitted.scale.track_mean
    np.testing.assert_allclose(fitted.predict(first).point[:, 0], point, rtol=1e-5, atol=1e-5)


def test_a_network_without_a_code_says_so():
    data = tiny_reconstruction()
    with pytest.raises(HeadroomError, match="found no code in this network"):
        fit(WindowedNetwork(training=FEW), data).explain(data.test, "code")
