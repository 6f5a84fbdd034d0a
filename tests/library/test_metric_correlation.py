"""Correlation and normalised error against scipy and scikit-learn, from sums."""

import numpy as np
import pytest
from scipy.stats import pearsonr
from sklearn.metrics import root_mean_squared_error

from headroom.metrics.nrmse import Nrmse
from headroom.metrics.pearson import Pearson


def made(seed=0, shift=0.0):
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=(300, 3)) * [1.0, 30.0, 0.01] + shift
    return truth * [1.0, -1.0, 0.2] + rng.normal(size=truth.shape) * [0.5, 20.0, 0.01], truth


def of_sums(metric, point, truth, cut=120):
    """The metric of each target alone and of all, from the sums of two parts."""
    statistics = metric.statistics(point, truth)
    sums = statistics[:cut].sum(axis=0) + statistics[cut:].sum(axis=0)
    return np.array([metric.value(sums[[place]]) for place in range(sums.shape[0])]), metric.value(sums)


@pytest.mark.parametrize("shift", [0.0, 50.0])
def test_r_is_that_of_scipy_and_keeps_its_sign(shift):
    point, truth = made(shift=shift)
    each, together = of_sums(Pearson(), point, truth)
    expected = [pearsonr(point[:, place], truth[:, place]).statistic for place in range(3)]
    np.testing.assert_allclose(each, expected, rtol=1e-6)
    assert each[1] < -0.5
    assert together == pytest.approx(np.mean(expected), rel=1e-6)


def test_an_anticorrelated_prediction_scores_minus_one():
    truth = np.random.default_rng(1).normal(size=(50, 1))
    assert of_sums(Pearson(), 3 - 7 * truth, truth)[1] == pytest.approx(-1)


@pytest.mark.parametrize("constant", [0.0, 1e3, 1 / 3])
def test_r_of_a_constant_is_undefined(constant):
    truth = np.random.default_rng(1).normal(size=(40_000, 1))
    assert np.isnan(of_sums(Pearson(), np.full_like(truth, constant), truth)[1])


def test_nrmse_is_the_error_in_sds_of_the_truth():
    point, truth = made()
    each, together = of_sums(Nrmse(), point, truth)
    expected = [root_mean_squared_error(truth[:, place], point[:, place]) / truth[:, place].std() for place in range(3)]
    np.testing.assert_allclose(each, expected, rtol=1e-9)
    assert together == pytest.approx(np.sqrt(np.mean(np.square(expected))), rel=1e-9)
