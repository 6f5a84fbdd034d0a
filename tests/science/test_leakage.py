"""Leakage probes: no model finds skill where there is none, and none changes when what it must not see changes."""

from dataclasses import fields

import numpy as np
import pytest
from fixtures.answering import answering

from headroom.catalog import build, component
from headroom.core.protocols import Workspace
from headroom.core.recording import Recording
from headroom.core.signal import Signal

SHORT = {"training": {"steps": 60, "validate_every": 30}}
SMALL = {
    "lstm": {"hidden": 8, "training": {"steps": 150, "validate_every": 50}},
    "cnn_lstm": {"hidden": 8, **SHORT},
    "boosted_lags": {"rows": 5000, "trees": 20},
}
TASK = build("tasks", {"kind": "forecasting", "window": 20, "offsets": [1, 5]})


def dataset_of(signal, split="by_block"):
    made = Recording(signal, np.zeros((signal.trials, 0)))
    return build("splits", {"kind": split}).apply(TASK.examples(made, signal), TASK.target(made, signal), made)


def fitted(kind, dataset):
    trained = "training" in {field.name for field in fields(component("models", kind))}
    settings = SMALL.get(kind, SHORT if trained else {})
    model = build("models", {"kind": kind, **settings})
    return model.fit(dataset.train, dataset.valid, dataset.target, Workspace(seed=0))[0]


def r2(fit, examples):
    truth, point = examples.targets(), fit.predict(examples).point
    return 1 - ((truth - point) ** 2).sum() / ((truth - truth.mean(axis=0)) ** 2).sum()


@pytest.mark.parametrize("split", ["by_block", "by_trial", "leading_windows"])
@pytest.mark.parametrize("kind", answering("ahead"))
def test_noise_targets_give_no_skill(kind, split):
    noise = np.random.default_rng(3).standard_normal((6, 800, 3))
    dataset = dataset_of(Signal(noise, 0.1, ("a", "b", "c")), split)
    assert r2(fitted(kind, dataset), dataset.test) < 0.01


def test_the_probe_would_see_skill():
    time = 0.4 * np.arange(800)
    wave = np.sin(time[None, :, None] * np.array([0.7, 1.0, 1.3]) + np.arange(6)[:, None, None])
    dataset = dataset_of(Signal(wave, 0.4, ("a", "b", "c")))
    assert r2(fitted("ridge_var", dataset), dataset.test) > 0.99


@pytest.mark.parametrize("kind", [kind for kind in answering("ahead") if component("models", kind).role != "model"] + ["lstm"])
def test_the_fit_does_not_depend_on_test_values(kind):
    values = np.random.default_rng(4).standard_normal((4, 500, 3)).cumsum(axis=1)
    other = values.copy()
    other[:, 400:] = 1e3 * np.random.default_rng(5).standard_normal((4, 100, 3))  # the test blocks, and their gaps
    states = [fitted(kind, dataset_of(Signal(one, 0.1, ("a", "b", "c")))).state() for one in (values, other)]
    assert states[0].keys() == states[1].keys()
    for name in states[0]:
        np.testing.assert_array_equal(states[0][name], states[1][name], err_msg=name)
