"""Gaussian draws of linear forecasters against the theory of a vector autoregression, and their weights against their predictions."""

import numpy as np
import pytest
from fixtures.tiny import tiny_dataset
from safetensors.numpy import load, save

from headroom.core.protocols import Affine, Sampled, Workspace
from headroom.core.signal import Signal
from headroom.models.dlinear import Dlinear
from headroom.models.lstm import Lstm
from headroom.models.nlinear import Nlinear
from headroom.models.ridge_ar import RidgeAr
from headroom.models.ridge_var import RidgeVar
from headroom.networks.training import Training
from headroom.prediction.answers import Answer, Ask, answer
from headroom.prediction.windows import every_window, truth

A = np.array([[0.6, 0.3], [-0.4, 0.5]])
Q = np.array([[1.0, 0.5], [0.5, 2.0]])
LINEAR = (RidgeVar(lags=(3,)), RidgeAr(lags=(3, 5)), RidgeAr(lags=(5,), shared=True), Nlinear(), Dlinear(kernel=5))


def series(seed, samples=12_000):
    """x(t) = A x(t - 1) + noise of covariance Q, far from mean 0."""
    rng = np.random.default_rng(seed)
    noise = rng.multivariate_normal(np.zeros(2), Q, samples)
    values = np.zeros((1, samples, 2))
    for step in range(1, samples):
        values[0, step] = A @ values[0, step - 1] + noise[step]
    return Signal(values + np.array([30.0, -4.0]), 0.1, ("a", "b"), "mV")


@pytest.fixture(scope="module")
def dataset():
    return tiny_dataset(series(0), window=5, offsets=(1, 2))


@pytest.fixture(scope="module")
def fitted(dataset):
    return RidgeVar(lags=(3,), penalties=(1e-6,)).fit(dataset.train, dataset.valid, dataset.target, Workspace(0))[0]


def test_the_interval_holds_nine_in_ten_of_fresh_data(fitted, dataset):
    fresh = series(1)
    examples = every_window(fresh, fresh, dataset.train, every=3, known=False)
    found = answer(fitted, examples, Ask(draws=39), np.random.default_rng(0)).quantiles()
    true = truth(examples, examples.offsets)
    inside = ((true >= found["q05"]) & (true <= found["q95"]))[np.isfinite(true).all(axis=(1, 2))]
    np.testing.assert_allclose(inside.mean(axis=0), 0.9, atol=0.015)  # of each offset and target; SE .005


def test_draws_are_as_correlated_as_the_noise_makes_the_future(fitted, dataset):
    one = dataset.test.take(np.zeros(1, int))
    draws = fitted.sample(one, 20_000, np.random.default_rng(1))[:, 0]
    np.testing.assert_allclose(draws.mean(axis=0), fitted.predict(one).point[0], atol=0.05)
    expected = np.block([[Q, Q @ A.T], [A @ Q, A @ Q @ A.T + Q]])
    np.testing.assert_allclose(np.cov(draws.reshape(-1, 4).T), expected, atol=0.12)


def test_paths_spread_as_the_noise_adds_up(fitted, dataset):
    one = dataset.test.take(np.zeros(1, int))
    paths = answer(fitted, one, Ask(rollout=4, draws=3000), np.random.default_rng(2)).draws[:, 0]
    expected = sum(np.linalg.matrix_power(A, step) @ Q @ np.linalg.matrix_power(A, step).T for step in range(4))
    np.testing.assert_allclose(np.cov(paths[:, -1].T), expected, atol=0.25)


def test_draws_depend_on_the_generator_alone_and_survive_saving(fitted, dataset):
    few = dataset.test.take(np.arange(4))
    again = RidgeVar().restore(load(save(fitted.state())))
    first, second, other = (model.sample(few, 3, np.random.default_rng(seed)) for model, seed in ((fitted, 5), (again, 5), (fitted, 6)))
    assert first.tobytes() == second.tobytes()
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("model", LINEAR, ids=lambda model: f"{type(model).__name__}{'_shared' if getattr(model, 'shared', False) else ''}")
def test_every_linear_forecaster_says_its_weights_and_its_spread(model, dataset):
    fit = model.fit(dataset.train, dataset.valid, dataset.target, Workspace(0))[0]
    assert isinstance(fit, Affine) and isinstance(fit, Sampled)
    some = dataset.test.take(np.arange(20))
    weights, constant = fit.affine(some.length)
    np.testing.assert_allclose(np.einsum("elc,otlc->eot", some.windows(), weights) + constant, fit.predict(some).point, atol=1e-9)
    error = fit.predict(dataset.test).point - dataset.test.targets()
    spread = fit.sample(some, 4000, np.random.default_rng(0)).std(axis=0).mean(axis=0)
    np.testing.assert_allclose(spread, error.std(axis=0), rtol=0.08)


def test_a_network_is_neither_sampled_nor_a_weighted_sum(dataset):
    fit = Lstm(hidden=2, training=Training(steps=2)).fit(dataset.train, dataset.valid, dataset.target, Workspace(0))[0]
    assert not isinstance(fit, Sampled) and not isinstance(fit, Affine)


def test_quantiles_of_few_draws_are_not_too_narrow():
    draws = np.random.default_rng(3).normal(size=(19, 20_000, 1, 1))
    found = Answer(draws[0], draws).quantiles()
    truth = np.random.default_rng(4).normal(size=(20_000, 1, 1))
    assert ((truth > found["q05"]) & (truth < found["q95"])).mean() == pytest.approx(0.9, abs=0.01)
