"""Neural posteriors against one that is known exactly: heights of bumps in Gaussian noise."""

from dataclasses import replace

import numpy as np
import pytest
from fixtures.bumps import POSTERIOR_SD, made

from headroom.core.errors import HeadroomError
from headroom.core.given import told
from headroom.core.protocols import Sampled, Workspace
from headroom.models.neural_posterior import NeuralPosterior
from headroom.networks.training import Training

pytest.importorskip("sbi")
BOX = {"prior": np.array([[1.0, 3.0]] * 2)}
STEPS = {"spline": 600, "matching": 2000}


def quick(flow):
    return Training(
        optimiser="adamw", steps=STEPS[flow], batch_size=64, learning_rate=5e-3, schedule="one_cycle", validate_every=100, clip=5.0
    )


@pytest.fixture(scope="module", params=["spline", "matching"])
def fitted(request):
    dataset = told(made(trials=1500, noise=0.1), BOX)
    model = NeuralPosterior(
        flow=request.param, components=3, hidden=24, embedded=4, transforms=2, fresh_noise=True, training=quick(request.param)
    )
    fit, _ = model.fit(dataset.train, dataset.valid, dataset.target, Workspace(0))
    return model, replace(dataset, test=dataset.test.take(np.arange(150))), fit


def test_draws_have_the_mean_and_the_width_of_the_posterior(fitted):
    _, dataset, fit = fitted
    draws = fit.sample(dataset.test, 200, np.random.default_rng(0))[:, :, 0]
    truth = dataset.test.targets()[:, 0]
    inside = ((truth > 1.3) & (truth < 2.7)).all(axis=1)  # off the walls of the box, where the posterior is no normal
    errors = (draws.mean(axis=0) - truth)[inside]
    assert np.sqrt((errors**2).mean()) < 1.25 * POSTERIOR_SD
    assert np.median(draws.std(axis=0)[inside]) == pytest.approx(POSTERIOR_SD, rel=0.3)
    z = errors / draws.std(axis=0)[inside]
    assert 0.75 < np.sqrt((z**2).mean()) < 1.3


def test_draws_lie_in_the_box_and_repeat(fitted):
    _, dataset, fit = fitted
    assert isinstance(fit, Sampled)
    once, again, other = (fit.sample(dataset.test, 20, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert once.shape == (20, len(dataset.test), 1, 2)
    assert once.min() >= 1 and once.max() <= 3
    np.testing.assert_array_equal(once, again)
    assert not np.array_equal(once, other)


def test_the_prediction_is_their_mean(fitted):
    _, dataset, fit = fitted
    point = fit.predict(dataset.test).point
    draws = fit.sample(dataset.test, 300, np.random.default_rng(3))
    assert np.abs(point - draws.mean(axis=0)).max() < 6 * POSTERIOR_SD / np.sqrt(fit.draws) * 1.5


def test_combinations_of_parameters_have_no_box(fitted):
    model, dataset, _ = fitted
    with pytest.raises(HeadroomError, match="neural_posterior: found 2 targets and a prior of 0 parameters; expected"):
        blind = replace(dataset.train, given={})
        model.fit(blind, dataset.valid, dataset.target, Workspace(0))
