"""Metrics against their textbook formulas, from sums that were taken apart and put together again."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from headroom.metrics.mae import Mae
from headroom.metrics.mae_z import MaeZ
from headroom.metrics.mse import Mse
from headroom.metrics.mse_z import MseZ
from headroom.metrics.r2 import R2
from headroom.metrics.r2_clean import R2Clean
from headroom.metrics.r2_mean import R2Mean
from headroom.metrics.rmse import Rmse

numbers = st.floats(-100, 100, allow_nan=False).map(lambda x: round(x, 3))


@st.composite
def cases(draw):
    shape = (draw(st.integers(2, 12)), draw(st.integers(1, 4)))  # (example, target)
    truth = draw(arrays(float, shape, elements=numbers))
    return draw(arrays(float, shape, elements=numbers)), truth, draw(st.integers(0, shape[0]))


def pooled(metric, point, truth, cut):
    """The metric from the sums of two parts, as trials are put together."""
    statistics = metric.statistics(point, truth)
    return metric.value(statistics[:cut].sum(axis=0) + statistics[cut:].sum(axis=0))


@settings(deadline=None)
@given(cases())
def test_r2_of_pooled_sums_is_the_direct_formula(case):
    point, truth, cut = case
    scatter = ((truth - truth.mean(axis=0)) ** 2).sum(axis=0)
    if (scatter > 1e-3).all():
        error = ((point - truth) ** 2).sum(axis=0)
        np.testing.assert_allclose(pooled(R2(), point, truth, cut), 1 - error.sum() / scatter.sum(), rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(pooled(R2Mean(), point, truth, cut), np.mean(1 - error / scatter), rtol=1e-6, atol=1e-6)


@settings(deadline=None)
@given(cases())
def test_errors_of_pooled_sums_are_the_direct_formulas(case):
    point, truth, cut = case
    np.testing.assert_allclose(pooled(Mse(), point, truth, cut), np.mean((point - truth) ** 2), rtol=1e-9)
    np.testing.assert_allclose(pooled(Rmse(), point, truth, cut), np.sqrt(np.mean((point - truth) ** 2)), rtol=1e-9)
    np.testing.assert_allclose(pooled(Mae(), point, truth, cut), np.mean(np.abs(point - truth)), rtol=1e-9)


@settings(deadline=None)
@given(cases())
def test_errors_in_z_units_are_those_of_standardised_targets(case):
    point, truth, cut = case
    sd = truth.std(axis=0)
    if (sd > 0.1).all():
        error = (point - truth) / sd
        np.testing.assert_allclose(pooled(MseZ(), point, truth, cut), np.mean(error**2), rtol=1e-6)
        np.testing.assert_allclose(pooled(MaeZ(), point, truth, cut), np.mean(np.abs(error)), rtol=1e-6)


def test_r2_by_hand():
    truth, point = np.array([[0.0], [2.0], [4.0]]), np.array([[0.0], [1.0], [3.0]])
    assert pooled(R2(), point, truth, 1) == 1 - 2 / 8


def test_pooled_r2_weighs_targets_by_their_variance_and_the_mean_does_not():
    truth = np.array([[0.0, 0.0], [2.0, 20.0]])
    point = truth + np.array([1.0, 0.0])  # the first target's error is all of its variance
    assert pooled(R2(), point, truth, 1) == 1 - 2 / 202
    assert pooled(R2Mean(), point, truth, 1) == 0.5


def test_a_constant_target_is_undefined_also_where_sums_round():
    truth = np.full((1000, 1), 0.1)
    assert np.isnan(pooled(R2(), truth + 1, truth, 500))
    assert np.isnan(pooled(R2Mean(), np.zeros((2, 2)), np.array([[1.0, 0.0], [1.0, 3.0]]), 1)), "one of two targets is constant"


def test_the_bound_of_white_noise_is_its_share_of_the_variance():
    rng = np.random.default_rng(0)
    truth = rng.normal(size=(1000, 2))
    sums = R2().expected(np.full(truth.shape, 0.04), truth).sum(axis=0)
    np.testing.assert_allclose(R2().value(sums), 1 - 0.04 / truth.var(axis=0).mean(), rtol=1e-12)
    assert R2Clean().expected(np.full(truth.shape, 0.04), truth) is None
