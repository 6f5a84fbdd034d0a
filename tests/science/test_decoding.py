"""Decoders against theory: Gaussian classes, hidden Markov states, and labels that say nothing."""

from dataclasses import replace

import numpy as np
import pytest
from fixtures.answering import answering
from fixtures.two_states import filtered, recording
from scipy.integrate import quad
from scipy.stats import norm

from headroom.catalog import build
from headroom.core.protocols import Workspace
from headroom.core.signal import Signal

BRIEF = {"steps": 200, "validate_every": 50, "learning_rate": 0.005}
SMALL = {
    "lstm": {"hidden": 8, "loss": "dense", "training": BRIEF},
    "lstm_decoder": {"hidden": 16, "training": BRIEF},
    "hybrid_decoder": {"hidden": 16, "widths": [8, 16], "without": ["class_weights"], "training": {**BRIEF, "steps": 400}},
}


def dataset_of(made, window=4, look=0, split="by_trial"):
    task = build("tasks", {"kind": "decoding", "window": window, "look": look})
    return build("splits", {"kind": split}).apply(task.examples(made, made.states), task.target(made, made.states), made)


def decoded(kind, dataset):
    """Probabilities (example, 1, class) of the test examples."""
    model = build("models", {"kind": kind, **SMALL.get(kind, {})})
    return model.fit(dataset.train, dataset.valid, dataset.target, Workspace(seed=0))[0].predict(dataset.test).point


def score(kind, point, dataset):
    metric = build("metrics", {"kind": kind})
    return float(metric.value(metric.statistics(point, dataset.test.targets()).sum(axis=0))[0])


def sampling_error(accuracy, dataset):
    return np.sqrt(accuracy * (1 - accuracy) / len(dataset.test))


def bayes(shift, share):
    """Accuracy of the best decoder of two normal classes `shift` SD apart (Duda, Hart & Stork 2001, section 2.6)."""
    lean = np.log(share / (1 - share)) / shift
    return share * norm.cdf(shift / 2 + lean) + (1 - share) * norm.cdf(shift / 2 - lean)


def least_log_loss(shift, share):
    """The expected log loss of the true probabilities."""

    def at(x, state):
        odds = np.log(share / (1 - share)) + shift * x - shift**2 / 2
        weight = share if state else 1 - share
        return weight * norm.pdf(x - shift * state) * np.logaddexp(0, -odds if state else odds)

    return sum(quad(at, -12, 12 + shift, args=(state,))[0] for state in (0, 1))


@pytest.mark.parametrize(("shift", "share"), [(1.5, 0.5), (1.0, 0.25)])
def test_logistic_regression_reaches_the_bayes_rate_of_gaussian_classes(shift, share):
    dataset = dataset_of(recording(shift, share))
    point, best = decoded("logistic", dataset), bayes(shift, share)
    assert score("accuracy", point, dataset) == pytest.approx(best, abs=3 * sampling_error(best, dataset))
    assert score("auc", point, dataset) == pytest.approx(norm.cdf(shift / np.sqrt(2)), abs=0.02)
    assert score("log_loss", point, dataset) == pytest.approx(least_log_loss(shift, share), abs=0.02)


def test_the_majority_scores_exactly_its_share():
    dataset = dataset_of(recording(1.0, 0.25))
    truth, point = dataset.test.targets()[:, 0], decoded("majority", dataset)
    assert score("accuracy", point, dataset) == truth[:, 0].mean()
    assert score("balanced_accuracy", point, dataset) == score("auc", point, dataset) == 0.5
    np.testing.assert_allclose(point[0, 0], dataset.train.targets()[:, 0].mean(axis=0))


def test_a_window_lifts_a_linear_decoder_towards_the_exact_filter_and_not_above_it():
    shift, stay, window = 1.5, 0.95, 16
    made = recording(shift, stay=stay)
    dataset = dataset_of(made, window)
    belief = filtered(made, shift, stay)[dataset.test.trial, dataset.test.last]
    state = made.labels.values[dataset.test.trial, dataset.test.last, 0]
    best, found = ((belief > 0.5) == state).mean(), score("accuracy", decoded("logistic", dataset), dataset)
    assert bayes(shift, 0.5) + 0.05 < found < best + 2 * sampling_error(best, dataset)
    assert found > best - 0.04


def test_seeing_what_comes_after_the_label_helps():
    made = recording(1.5, stay=0.95)
    causal, centred = (dataset_of(made, 16, look) for look in (0, 8))
    assert score("accuracy", decoded("logistic", centred), centred) > score("accuracy", decoded("logistic", causal), causal) + 0.02


@pytest.mark.parametrize("split", ["by_trial", "by_block", "shuffled_windows"])
@pytest.mark.parametrize("kind", answering("category"))
def test_shuffled_labels_are_decoded_no_better_than_by_the_majority(kind, split):
    made = recording(2.0, 0.3, trials=10, samples=400)
    shuffled = np.random.default_rng(1).permutation(made.labels.values.ravel()).reshape(made.labels.values.shape)
    blind = replace(made, labels=Signal(shuffled, made.labels.dt, made.labels.channels))
    dataset, seen = dataset_of(blind, split=split), dataset_of(made, split=split)
    share = dataset.test.targets()[:, 0, 0].mean()
    point = decoded(kind, dataset)
    assert score("accuracy", point, dataset) < share + 2 * sampling_error(share, dataset)
    assert abs(score("auc", point, dataset) - 0.5) < 0.06
    if kind not in ("majority", "label_shuffle"):
        assert score("accuracy", decoded(kind, seen), seen) > share + 0.08, "the probe would not see skill"
