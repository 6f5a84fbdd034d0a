"""What every metric must keep, whichever kind a file in metrics/ adds."""

import numpy as np
import pytest

from headroom.catalog import build, kinds
from headroom.core.protocols import Metric

METRICS = {kind: build("metrics", {"kind": kind}) for kind in kinds("metrics")}
NUMBERS = {kind: metric for kind, metric in METRICS.items() if metric.about == "value"}
CLASSES = {kind: metric for kind, metric in METRICS.items() if metric.about == "category"}
every = pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
of_numbers = pytest.mark.parametrize("metric", NUMBERS.values(), ids=NUMBERS)
of_classes = pytest.mark.parametrize("metric", CLASSES.values(), ids=CLASSES)


@pytest.fixture
def pair(metric):
    return numbers() if metric.about == "value" else classes()


def classes(sharpness=1.5):
    """Probabilities of three classes that lean to the true one, and zeros with a one: (example, offset, class)."""
    rng = np.random.default_rng(3)
    truth = np.eye(3)[rng.integers(0, 3, size=(400, 2))]
    odds = np.exp(sharpness * truth + rng.normal(size=truth.shape))
    return odds / odds.sum(axis=-1, keepdims=True), truth


def numbers():
    rng = np.random.default_rng(3)
    truth = rng.normal(size=(40, 2, 3))  # (example, offset, target)
    return truth + 0.3 * rng.normal(size=truth.shape), truth


@every
def test_it_keeps_the_protocol(metric):
    assert isinstance(metric, Metric)
    assert metric.unit in ("", "signal", "signal^2")
    assert isinstance(metric.per_target, bool)


@every
def test_a_statistic_per_example_and_a_value_per_offset(metric, pair):
    statistics = metric.statistics(*pair)
    targets = pair[1].shape[2] if metric.about == "value" or metric.per_target else 1
    assert statistics.shape[:-1] == (*pair[1].shape[:2], targets)
    assert metric.value(statistics.sum(axis=0)).shape == (2,)


@every
def test_statistics_of_an_example_do_not_depend_on_the_others(metric, pair):
    point, truth = pair
    alone = np.concatenate([metric.statistics(point[i : i + 1], truth[i : i + 1]) for i in range(len(truth))])
    np.testing.assert_array_equal(alone, metric.statistics(point, truth))


@of_numbers
def test_a_perfect_prediction_is_best(metric, pair):
    point, truth = pair
    perfect, good, bad = (metric.value(metric.statistics(p, truth).sum(axis=0)) for p in (truth, point, truth + 3 * (point - truth)))
    np.testing.assert_allclose(perfect, 1.0 if metric.higher_is_better else 0.0, atol=1e-12)
    sign = 1 if metric.higher_is_better else -1
    assert (sign * perfect > sign * good).all() and (sign * good > sign * bad).all()


@of_numbers
def test_the_origin_of_the_scale_does_not_matter(metric, pair):
    point, truth = pair
    here, there = (metric.value(metric.statistics(point + at, truth + at).sum(axis=0)) for at in (0.0, 7.0))
    np.testing.assert_allclose(here, there, rtol=1e-10)


@of_numbers
def test_it_scales_like_its_unit(metric, pair):
    point, truth = pair
    once, tenfold = (metric.value(metric.statistics(k * point, k * truth).sum(axis=0)) for k in (1, 10))
    np.testing.assert_allclose(tenfold, once * {"": 1, "signal": 10, "signal^2": 100}[metric.unit], rtol=1e-10)


@of_numbers
def test_an_expected_squared_error_stands_for_a_squared_error_or_is_declined(metric, pair):
    point, truth = pair
    expected = metric.expected((point - truth) ** 2, truth)
    if expected is not None:
        np.testing.assert_array_equal(expected, metric.statistics(point, truth))
    assert expected is None or not metric.clean, "a squared error against the noisy target says nothing of the clean one"


@every
def test_nothing_predicted_is_undefined_not_zero(metric, pair):
    assert np.isnan(metric.value(metric.statistics(*pair)[:0].sum(axis=0))).all()


@of_classes
def test_better_probabilities_score_better(metric):
    scores = [metric.value(metric.statistics(*classes(sharpness)).sum(axis=0)) for sharpness in (0.5, 1.5, 4.0)]
    sign = 1 if metric.higher_is_better else -1
    assert (np.diff(scores, axis=0) * sign > 0).all()


@of_classes
def test_certainty_that_is_right_is_best(metric):
    _, truth = classes()
    value = metric.value(metric.statistics(truth, truth).sum(axis=0))
    np.testing.assert_allclose(value, 1.0 if metric.higher_is_better else 0.0, atol=1e-9)


@of_classes
def test_a_prediction_that_is_not_finite_is_undefined(metric):
    point, truth = classes()
    point[3] = np.nan
    assert np.isnan(metric.value(metric.statistics(point, truth).sum(axis=0))).all()


@pytest.mark.parametrize("kind", ["balanced_accuracy", "macro_f1", "macro_precision", "auc", "readout_f1"])
def test_an_absent_class_is_undefined_not_zero(kind):
    point, truth = classes()
    present = truth[:, 0, 2] == 0
    assert np.isnan(METRICS[kind].value(METRICS[kind].statistics(point[present, :1], truth[present, :1]).sum(axis=0))).all()
