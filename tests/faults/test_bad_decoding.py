"""Studies that decode: what goes without saying, and what is refused before any job starts."""

import pytest
from ruamel.yaml import YAML

from headroom.config.loading import load
from headroom.config.problems import ConfigError

STUDY = """
systems:
  toy: {{kind: kuramoto, trials: 3}}
tasks:
  decode: {{kind: decoding, window: 8}}
models:
  residual: {{kind: lstm, residual: true}}
studies:
  gait:
    question: Which way?
    systems: [toy]
    task: {task}
    models: {models}
    {more}
"""


def loaded(models="[majority, logistic, lstm]", task="decode", more=""):
    return load(YAML(typ="safe", pure=True).load(STUDY.format(models=models, task=task, more=more)))


def refused(**changes):
    with pytest.raises(ConfigError) as caught:
        loaded(**changes)
    return str(caught.value)


def test_a_study_of_labels_is_scored_by_metrics_of_labels():
    study = loaded().studies["gait"]
    assert study.metrics == ("accuracy", "balanced_accuracy", "macro_f1", "auc", "log_loss", "brier") and study.primary == "accuracy"
    assert loaded(models="[persistence, ridge_var]", task="forecast").studies["gait"].primary == "r2"


def test_its_own_metrics_and_primary_stand():
    study = loaded(more="metrics: [macro_f1, accuracy]").studies["gait"]
    assert study.metrics == ("macro_f1", "accuracy") and study.primary == "macro_f1"
    assert loaded(more="primary: auc").studies["gait"].primary == "auc"


@pytest.mark.parametrize("model", ["persistence", "train_mean", "ridge_ar", "ridge_var", "nlinear", "residual"])
def test_a_model_of_numbers_cannot_decode(model):
    words = refused(models=f"[majority, {model}]")
    assert f"studies.gait.models[1]: {model} cannot answer the task 'decode'; models that can: " in words
    able = words.split("models that can: ")[1]
    assert "logistic" in able and "majority" in able and "lstm" in able and "ridge_var" not in able


@pytest.mark.parametrize("model", ["majority", "logistic"])
def test_a_decoder_cannot_forecast(model):
    assert f"studies.gait.models[0]: {model} cannot answer the task 'forecast'" in refused(models=f"[{model}, ridge_var]", task="forecast")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"more": "metrics: [accuracy, r2]"}, "studies.gait.metrics[1]: r2 scores numbers, and the tasks ask for labels"),
        (
            {"models": "[ridge_var]", "task": "forecast", "more": "metrics: [auc]"},
            "studies.gait.metrics[0]: auc scores labels, and the tasks ask for numbers",
        ),
        ({"more": "primary: r2"}, "studies.gait.primary: found 'r2'"),
        ({"more": "ceilings: [noise_floor]"}, "studies.gait.ceilings[0]: noise_floor knows nothing of what the task 'decode' asks for"),
        ({"models": "[lstm]", "more": "selections: [{task: decode}, {task: forecast}]"}, "make two studies of it"),
    ],
)
def test_what_does_not_go_together_is_refused(changes, words):
    assert words in refused(**changes)


def test_a_look_ahead_as_long_as_the_window_is_refused():
    raw = YAML(typ="safe", pure=True).load(STUDY.format(models="[majority]", task="decode", more=""))
    raw["tasks"]["decode"]["look"] = 8
    with pytest.raises(ConfigError, match=r"tasks\.decode: look is 8, not below window = 8"):
        load(raw)
