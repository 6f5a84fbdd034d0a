"""References of inferred parameters on systems whose posterior is known exactly, and on the evoked potentials of a column."""

from dataclasses import replace

import numpy as np
import pytest
from fixtures.evoked import TIMES, Linear, condition, toeplitz

from headroom.ceilings._evoked import reduced
from headroom.ceilings._symmetry import exchangeable, silent
from headroom.ceilings.laplace import Laplace
from headroom.ceilings.structural_limit import StructuralLimit
from headroom.ceilings.tempered_smc import TemperedSmc
from headroom.core.errors import HeadroomError
from headroom.core.prior import Prior
from headroom.simulators.erp import Erp

SMALL = TemperedSmc(particles=256, moves=4)
PAIR = ("A_i", "a_4")
MEMORY = 0.9 ** np.arange(TIMES)


def exact(simulator, dataset, sd, memory=None, prior=False):
    """Means (example, parameter) and covariance of the posterior without the edges of the box, `prior` as a normal one beside."""
    whiten = np.linalg.inv(np.linalg.cholesky(np.eye(TIMES) if memory is None else toeplitz(memory))) / sd
    design = whiten @ simulator.design.T
    covariance = np.linalg.inv(design.T @ design + (np.diag(1 / Prior.of(simulator).variance) if prior else 0))
    return dataset.test.inputs.values[dataset.test.trial, :, 0] @ whiten.T @ design @ covariance.T, covariance


@pytest.mark.parametrize("memory", [None, MEMORY], ids=["white", "red"])
def test_laplace_is_exact_for_a_linear_response(memory):
    simulator = Linear()
    recording, dataset = condition(simulator, memory=memory)
    said = Laplace().expect(simulator, recording, dataset, np.random.default_rng(0)).variance
    expected = np.diag(exact(simulator, dataset, 1.0, memory, prior=True)[1])
    np.testing.assert_allclose(said, np.broadcast_to(expected, said.shape), rtol=0.01)  # .01 is what the directions left out may hold


def test_laplace_of_a_combination_follows_its_derivative():
    simulator = Linear()
    recording, dataset = condition(simulator, sd=0.1, targets=("log(A_e/A_i)",))
    said = Laplace().expect(simulator, recording, dataset, np.random.default_rng(0)).variance[:, 0, 0]
    covariance = exact(simulator, dataset, 0.1, prior=True)[1]
    at = recording.parameters[dataset.test.trial]
    slope = np.stack([1 / at[:, 0], -1 / at[:, 1], np.zeros(len(at))], axis=1)
    np.testing.assert_allclose(said, np.einsum("np,pq,nq->n", slope, covariance, slope), rtol=0.02)


@pytest.mark.parametrize("memory", [None, MEMORY], ids=["white", "red"])
def test_particles_have_the_exact_posterior_means(memory):
    simulator = Linear(low=0.001, high=100.0)
    recording, dataset = condition(simulator, memory=memory)
    inside = recording.parameters[dataset.test.trial].min(axis=1) > 3  # the box cuts nothing off
    said = SMALL.expect(simulator, recording, dataset, np.random.default_rng(0))
    means, covariance = exact(simulator, dataset, 1.0, memory)
    apart = ((said.point[:, 0] - means) / np.sqrt(np.diag(covariance)))[inside]
    assert inside.sum() > 10 and np.sqrt((apart**2).mean()) < 0.2  # Monte Carlo error of some 100 particles
    spread = said.draws[:, inside, 0].var(axis=0).mean(axis=0)
    np.testing.assert_allclose(spread, np.diag(covariance), rtol=0.15)
    assert said.doubtful.shape == (len(dataset.test),) and said.doubtful.mean() < 0.2


def test_draws_are_calibrated_where_the_box_cuts_the_posterior_off():
    """Simulation-based calibration (Talts et al. 2018): ranks of the truth are even for every parameter."""
    from scipy.stats import kstest

    simulator = Linear()
    ranks = []
    for seed in range(4):
        recording, dataset = condition(simulator, sd=6.0, seed=seed)
        draws = replace(SMALL, runs=1).expect(simulator, recording, dataset, np.random.default_rng(seed)).draws
        ranks.append((draws < dataset.test.targets()).mean(axis=0)[:, 0])
    for parameter in np.concatenate(ranks).T:
        assert kstest(parameter, "uniform").pvalue > 0.01


def test_a_product_alone_leaves_its_factors_at_their_limit():
    simulator = Linear(product=True)
    recording, dataset = condition(simulator, sd=1e-3)
    limit = StructuralLimit().expect(simulator, recording, dataset, np.random.default_rng(0))
    truth = dataset.test.targets()
    np.testing.assert_array_equal(limit.point[..., 0], truth[..., 0])
    assert limit.note == "A_i and a_4 enter as their product alone"
    found = replace(SMALL, runs=1).expect(simulator, recording, dataset, np.random.default_rng(0)).point
    spread = truth.std(axis=0)
    assert np.abs((found - limit.point) / spread).max() < 0.3  # particles without noise know the product, and no more
    assert np.abs((found - truth) / spread)[..., 1:].max() > 0.5


def test_combinations_at_the_limit():
    simulator = Linear(product=True)
    targets = ("log(A_i a_4)", "log(A_i/A_e)", "A_i")
    recording, dataset = condition(simulator, targets=targets)
    point = StructuralLimit().expect(simulator, recording, dataset, np.random.default_rng(0)).point[:, 0]
    truth = dataset.test.targets()[:, 0]
    np.testing.assert_allclose(point[:, 0], truth[:, 0], atol=1e-9)
    assert np.abs(point[:, 1] - truth[:, 1]).max() > 0.1 and abs((point[:, 1] - truth[:, 1]).mean()) < 0.25


def test_it_may_sample_some_recordings_alone_and_says_which():
    simulator = Linear()
    recording, dataset = condition(simulator)
    some = replace(SMALL, particles=64, runs=1, recordings=5).expect(simulator, recording, dataset, np.random.default_rng(0))
    assert some.which.tolist() == [0, 1, 2, 3, 4] and some.point.shape == (5, 1, 3) and some.draws.shape == (64, 5, 1, 3)
    assert (
        replace(SMALL, particles=64, runs=1, recordings=None).expect(simulator, recording, dataset, np.random.default_rng(0)).which is None
    )


def test_an_evoked_potential_tells_a_product_better_than_its_factors():
    erp = Erp(trials=30)
    recording, dataset = condition(erp, sd=1.0, targets=("log(A_i a_4)", "A_i", "A_e"))
    sampler = TemperedSmc(particles=64, moves=4, runs=1, recordings=4)
    said = sampler.expect(erp, recording, dataset, np.random.default_rng(0))
    truth, scatter = dataset.test.targets()[said.which], dataset.test.targets().var(axis=0)
    product, factor, excitatory = ((said.draws.var(axis=0)) / scatter).mean(axis=0)[0]
    assert excitatory < 0.05 and product < 0.6 * factor
    assert (((said.point - truth) ** 2 / scatter).mean(axis=0)[0] < [0.5, 1.5, 0.1]).all()


def test_what_changes_nothing_is_predicted_by_its_prior():
    design = np.random.default_rng(0).standard_normal((3, TIMES)) * np.array([[1.0], [0.0], [1.0]])
    simulator = Linear(design=design)
    recording, dataset = condition(simulator, targets=("A_i", "log(A_e A_i)"))
    said = StructuralLimit().expect(simulator, recording, dataset, np.random.default_rng(0))
    assert said.note == "A_i changes nothing" and (said.point[:, 0, 0] == 5.0).all()
    logarithm = np.log(np.linspace(1, 9, 100_001)).mean()
    np.testing.assert_allclose(said.point[:, 0, 1], np.log(recording.parameters[dataset.test.trial, 0]) + logarithm, atol=1e-4)


def test_without_a_symmetry_there_is_no_limit():
    simulator = Linear()
    with pytest.raises(HeadroomError, match="every parameter has its own effect"):
        StructuralLimit().expect(simulator, *condition(simulator), np.random.default_rng(0))


@pytest.mark.parametrize("ceiling", [Laplace(), SMALL])
def test_noise_and_source_must_be_known(ceiling):
    simulator = Linear()
    recording, dataset = condition(simulator)
    inputs = dataset.test.inputs
    for other, words in (
        (replace(inputs, noise_sd=np.zeros(1)), "without measurement noise"),
        (replace(inputs, clean=2 * inputs.clean), "source"),
    ):
        with pytest.raises(HeadroomError, match=words):
            ceiling.expect(simulator, recording, replace(dataset, test=replace(dataset.test, inputs=other)), np.random.default_rng(0))


def test_the_directions_kept_tell_what_all_samples_tell():
    simulator = Linear()
    recording, dataset = condition(simulator, memory=MEMORY)
    seen = reduced("laplace", simulator, dataset.test.inputs, recording, np.random.default_rng(0))
    inverse = np.linalg.inv(toeplitz(MEMORY))
    np.testing.assert_allclose(
        simulator.design @ seen.weights @ seen.weights.T @ simulator.design.T, simulator.design @ inverse @ simulator.design.T
    )
    assert seen.weights.shape == (TIMES, 3)


def test_an_evoked_potential_shows_the_product_of_two_parameters_alone():
    """The null direction (.707, -.707) of log A_i and log a_4, exact in the simulator and along no other pair."""
    erp, rng = Erp(trials=1), np.random.default_rng(0)
    prior = Prior.of(erp)
    assert silent(erp, prior, rng) == [] and exchangeable(erp, prior, PAIR, rng)
    assert not exchangeable(erp, prior, ("a_1", "a_4"), rng) and not exchangeable(erp, prior, ("A_e", "a_2"), rng)
    driven = replace(erp, inhibitory=0.5)
    assert not exchangeable(driven, prior, PAIR, rng)


def test_as_published_four_parameters_change_nothing():
    """Volts in a sigmoid whose slope is per millivolt: the firing rate never changes."""
    published = {"drawn": "normal", "r": 0.00056, "e_0": 0.025, "C": 1, "pulse_rate": 60, "pyramidal": 0.56, "inhibitory": 1}
    erp = Erp(trials=1, ranges=Erp().ranges | {"b_e": (5.0, 150.0)}, **published)
    assert silent(erp, Prior.of(erp), np.random.default_rng(0)) == ["a_1", "a_2", "a_3", "a_4"]
