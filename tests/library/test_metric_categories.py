"""Metrics of categories against scikit-learn, from sums that were taken apart and put together again."""

import numpy as np
import pytest
from sklearn import metrics as reference
from sklearn.calibration import calibration_curve

from headroom.catalog import build

KINDS = (
    "accuracy", "balanced_accuracy", "macro_precision", "macro_f1", "weighted_precision", "weighted_f1", "auc", "log_loss", "brier",
    "readout_accuracy", "readout_f1", "calibration_error",
)  # fmt: skip


def made(classes, spread, examples=600, seed=0):
    """Probabilities whose log-odds lean to the true class, and the class."""
    rng = np.random.default_rng(seed)
    label = rng.choice(classes, size=examples, p=np.arange(1, classes + 1) / np.arange(1, classes + 1).sum())
    label[:classes] = np.arange(classes)
    odds = spread * (np.eye(classes)[label] + 0.7 * rng.normal(size=(examples, classes)))
    raised = np.exp(odds - odds.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True), label


def pooled(kind, point, label, cut=100):
    metric, truth = build("metrics", {"kind": kind}), np.eye(point.shape[1])[label]
    statistics = metric.statistics(point[:, None], truth[:, None])
    return float(metric.value(statistics[:cut].sum(axis=0) + statistics[cut:].sum(axis=0))[0])


@pytest.mark.parametrize(("classes", "spread"), [(2, 1.0), (3, 0.6), (5, 4.0), (3, 20.0)])
def test_they_are_what_scikit_learn_says(classes, spread):
    point, label = made(classes, spread)
    decoded, truth = point.argmax(axis=1), np.eye(classes)[label]
    expected = {
        "accuracy": reference.accuracy_score(label, decoded),
        "balanced_accuracy": reference.balanced_accuracy_score(label, decoded),
        "macro_f1": reference.f1_score(label, decoded, average="macro"),
        "weighted_f1": reference.f1_score(label, decoded, average="weighted"),
        "macro_precision": reference.precision_score(label, decoded, average="macro", zero_division=0),
        "weighted_precision": reference.precision_score(label, decoded, average="weighted", zero_division=0),
        "readout_accuracy": ((point > 0.5) == truth).mean(),
        "readout_f1": np.mean([reference.f1_score(label == k, point[:, k] > 0.5) for k in range(classes)]),
        "log_loss": -np.log(np.maximum((point * truth).sum(axis=1), 1e-12)).mean(),
        "brier": ((point - truth) ** 2).sum(axis=1).mean(),
    }
    for kind, value in expected.items():
        assert pooled(kind, point, label) == pytest.approx(value, rel=1e-12), kind
    exact = np.mean([reference.roc_auc_score(label == k, point[:, k]) for k in range(classes)])
    assert pooled("auc", point, label) == pytest.approx(exact, abs=0.003)


def test_ties_of_weak_scores_pull_the_auc_no_further_than_it_says():
    point, label = made(3, 0.15)
    exact = np.mean([reference.roc_auc_score(label == k, point[:, k]) for k in range(3)])
    assert 0 < exact - pooled("auc", point, label) < 0.015


def test_the_calibration_error_is_that_of_the_reliability_curve_weighted_by_its_bins():
    point, label = made(3, 1.5, examples=4000)
    found = []
    for k in range(3):
        true, said = calibration_curve(label == k, point[:, k], n_bins=15)
        count = np.histogram(point[:, k], bins=np.linspace(0, 1, 16))[0]
        found.append((np.abs(true - said) * count[count > 0]).sum() / len(label))
    assert pooled("calibration_error", point, label) == pytest.approx(np.mean(found), abs=1e-9)


def test_true_probabilities_are_calibrated_and_sharpened_ones_are_not():
    rng = np.random.default_rng(0)
    point = rng.dirichlet(np.ones(3), 20_000)
    label = (rng.random((len(point), 1)) > point.cumsum(axis=1)).sum(axis=1)
    sharp = point**3 / (point**3).sum(axis=1, keepdims=True)
    assert pooled("calibration_error", point, label) < 0.015 < 0.1 < pooled("calibration_error", sharp, label)


def test_equal_scores_are_ties():
    point, label = np.full((50, 2), 0.5), np.arange(50) % 2
    assert pooled("auc", point, label, cut=7) == 0.5


def test_certainty_keeps_its_order_and_a_wrong_one_costs_a_finite_log_loss():
    point, label = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]), np.array([0, 1, 1])
    assert pooled("auc", point, label, cut=1) == 0.75
    assert pooled("log_loss", point, label, cut=1) == pytest.approx(-np.log(1e-12) / 3)
    assert pooled("brier", point, label, cut=1) == pytest.approx(2 / 3)


def test_a_class_that_is_never_decoded_has_an_f1_of_zero():
    point, label = np.array([[0.9, 0.1]] * 4), np.array([0, 0, 1, 1])
    assert pooled("macro_f1", point, label, cut=1) == pytest.approx((2 * 2 / 6 + 0) / 2)


@pytest.mark.parametrize("kind", KINDS)
def test_no_squared_error_stands_for_a_decision(kind):
    assert build("metrics", {"kind": kind}).expected(np.ones((4, 1, 3)), np.ones((4, 1, 3))) is None
