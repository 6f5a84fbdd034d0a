"""Models of parameters: components in units of their noise, ridge regressions, and what networks can learn from them."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from fixtures.bumps import BUMPS, CORRELATION, made
from fixtures.tiny import tiny_inference
from sklearn.decomposition import PCA
from sklearn.linear_model import Ridge

from headroom.core.errors import HeadroomError
from headroom.core.protocols import Workspace
from headroom.models._evoked_components import components
from headroom.models.bilstm import Bilstm
from headroom.models.component_network import ComponentNetwork
from headroom.models.eeg_transformer import EegTransformer
from headroom.models.quadratic_summary import QuadraticSummary
from headroom.models.ridge_components import RidgeComponents
from headroom.networks.evoked import Described
from headroom.networks.training import Training
from headroom.networks.whole_windows import BothWays


def r2(fitted, examples):
    truth = examples.targets()[:, 0]
    return 1 - ((fitted.predict(examples).point[:, 0] - truth) ** 2).sum(axis=0) / ((truth - truth.mean(axis=0)) ** 2).sum(axis=0)


def fit(model, dataset, seed=0):
    return model.fit(dataset.train, dataset.valid, dataset.target, Workspace(seed))[0]


def test_the_noise_of_components_is_white_with_an_sd_of_one():
    dataset = made(trials=3000)
    found = components(dataset.train, 2).of(dataset.test)
    noise = (found.inputs.values - found.inputs.clean)[:, 0]
    np.testing.assert_allclose(noise.T @ noise / len(noise), np.eye(2), atol=0.06)
    assert found.length == 1 and found.offsets == (0,)


def test_two_components_hold_all_that_the_noise_leaves_of_two_bumps():
    """Least squares on them is as good as generalised least squares with the true shapes (Aitken 1935)."""
    dataset = made(trials=2000, noise=1.0)
    seen, held = (components(dataset.train, 2).of(part) for part in (dataset.train, dataset.test))
    rows = [np.concatenate([part.windows()[:, 0], np.ones((len(part), 1))], axis=1) for part in (seen, held)]
    weights = np.linalg.lstsq(rows[0], seen.targets()[:, 0], rcond=None)[0]
    expected = np.linalg.inv(BUMPS @ np.linalg.inv(CORRELATION) @ BUMPS.T)  # covariance of the estimate, without a prior
    prior = np.eye(2) / 3
    posterior = np.linalg.inv(np.linalg.inv(expected) + np.linalg.inv(prior))
    errors = rows[1] @ weights - held.targets()[:, 0]
    np.testing.assert_allclose((errors**2).mean(axis=0), np.diag(posterior), rtol=0.12)


def test_where_the_noise_is_unknown_components_have_an_sd_of_one():
    dataset = tiny_inference()
    seen = components(dataset.train, 5).of(dataset.train)
    np.testing.assert_allclose(seen.windows()[:, 0].std(axis=0), 1, rtol=1e-6)
    assert seen.inputs.clean is None


def test_ridge_components_are_those_of_scikit_learn():
    dataset = made()
    model = RidgeComponents(components=(4,), penalties=(0.01,))
    point = fit(model, dataset).predict(dataset.test).point[:, 0]
    scale = dataset.train.scale
    flat, held = ((part.windows()[..., 0] - scale.mean) / scale.sd for part in (dataset.train, dataset.test))
    projection = PCA(4, whiten=True).fit(flat)
    ratio = np.sqrt((len(flat) - 1) / len(flat))  # PCA whitens by n - 1
    ridge = Ridge(0.01 * len(flat)).fit(projection.transform(flat) / ratio, dataset.train.targets()[:, 0])
    np.testing.assert_allclose(point, ridge.predict(projection.transform(held) / ratio), rtol=1e-6)


def test_choices_are_made_on_validation():
    dataset = made()
    _, history = RidgeComponents(components=(1, 2, 8)).fit(dataset.train, dataset.valid, dataset.target, Workspace(0))
    assert len(history) == 3 * 5
    assert min(history, key=lambda row: row["valid_loss"])["features"] >= 2


@pytest.mark.parametrize(
    "model",
    [
        RidgeComponents(),
        QuadraticSummary(),
        ComponentNetwork(components=4, layers=(32,), dropout=0.0, fresh_noise=True, training=Training(steps=600, learning_rate=0.01)),
        Bilstm(hidden=16, training=Training(epochs=25, learning_rate=0.01)),
        Bilstm(hidden=32, both_ways=False, training=Training(epochs=25, learning_rate=0.01)),
        Bilstm(hidden=16, loss="decibels", training=Training(epochs=25, learning_rate=0.01)),
        EegTransformer(width=32, hidden=32, patch=5, training=Training(epochs=30, learning_rate=0.003)),
    ],
)
def test_heights_of_bumps_are_found(model):
    """The exact posterior mean explains .977 of either."""
    dataset = made(noise=0.1)
    found = r2(fit(model, dataset), dataset.test)
    assert (found > 0.9).all() and (found < 0.985).all(), found


@pytest.mark.parametrize("directions", [1, 2])
def test_a_recurrent_layer_starts_with_open_forget_gates_and_orthogonal_memory(directions):
    module = BothWays(3, 4, 2, 0.0, False, directions)
    weights = dict(module.named_parameters())
    assert module(torch.zeros(5, 9, 3)).shape == (5, 1, 2) and len(weights) == 4 * directions + 2
    for name, value in weights.items():
        if "weight_hh" in name:
            torch.testing.assert_close(value.T @ value, torch.eye(4), atol=1e-5, rtol=0)
        elif "bias_ih" in name:
            assert value.reshape(4, 4).tolist() == [[0.0] * 4, [1.0] * 4, [0.0] * 4, [0.0] * 4]


def test_dropout_takes_channels_away_at_every_moment():
    """With one channel an answer is that to the doubled window, or to silence."""
    torch.manual_seed(1)
    module, windows = BothWays(1, 4, 2, 0.5, False).train(), torch.randn(1, 7, 1)
    answers = torch.cat([module(windows) for _ in range(40)])[:, 0]
    module.eval()
    expected = torch.stack([module(2 * windows)[0, 0], module(0 * windows)[0, 0]])
    nearest = torch.cdist(answers, expected).min(dim=1)
    assert nearest.values.max() < 1e-5 and set(nearest.indices.tolist()) == {0, 1}


def test_decibels_are_of_the_mean_square_over_the_targets_power():
    torch.manual_seed(0)
    module = BothWays(1, 4, 2, 0.0, True)
    windows, asked = torch.randn(5, 9, 1), torch.randn(5, 1, 2)
    loss = module.loss(windows, asked)
    ratio = ((module(windows) - asked) ** 2).sum() / (asked**2).sum()
    assert loss.item() == pytest.approx(10 * np.log10(ratio.item()))


def test_windows_of_another_length_are_refused():
    dataset = made()
    fitted = fit(RidgeComponents(), dataset)
    short = replace(dataset.test, length=50, offsets=(-49,))
    with pytest.raises(HeadroomError, match="ridge_components: found windows of 50 values; expected 60"):
        fitted.predict(short)
    with pytest.raises(HeadroomError, match="expected whole trials as in training"):
        components(dataset.train, 2).of(short)


def test_a_description_tells_shape_from_size():
    seen, described = torch.from_numpy(np.random.default_rng(0).normal(0, 100, (50, 4))), Described(4)
    small, large = described(seen), described(10 * seen)
    torch.testing.assert_close(small[:, :4], torch.asinh(seen))
    torch.testing.assert_close(small[:, 4:8], large[:, 4:8])
    torch.testing.assert_close(small[:, 4:8].norm(dim=1), torch.ones(50, dtype=seen.dtype))
    torch.testing.assert_close(large[:, 8] - small[:, 8], torch.full((50,), np.log(10), dtype=seen.dtype))


def test_a_recording_without_signal_has_no_direction():
    described = Described(4)(torch.zeros(1, 4))
    torch.testing.assert_close(described, torch.tensor([[0.0] * 8 + [np.log(2)]], dtype=torch.float32))


def test_what_never_varied_in_training_is_not_magnified():
    described = Described(4)
    described.standardise(torch.zeros(20, 4))
    assert described(torch.full((1, 4), 3.0)).abs().max() < 5
