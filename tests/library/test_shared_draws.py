"""Systems that take the random draws of another, so that their recordings differ by settings alone."""

import numpy as np
import pytest

from headroom.catalog import ROOT, build
from headroom.config.ledger import Ledger
from headroom.config.loading import load
from headroom.config.plan import Plan
from headroom.config.problems import ConfigError
from headroom.core.randomness import streams


def config(draws_of):
    return load(
        {
            "systems": {
                "calm": {"kind": "erp", "trials": 11},
                "noisy": {"kind": "erp", "trials": 11, "noise_shift": 1.0, "draws_of": draws_of},
            },
            "noises": {"filtered": {"kind": "eeg_background", "filtered": True}},
            "tasks": {"infer": {"kind": "inference"}},
            "studies": {
                "evoked": {
                    "question": "Which?",
                    "systems": ["calm", "noisy"],
                    "noise": "filtered",
                    "levels": [1],
                    "metrics": ["r2_mean"],
                    "task": "infer",
                    "split": "by_trial",
                    "models": ["train_mean"],
                }
            },
        }
    )


def jobs(draws_of):
    """What simulate and observe are told of both systems."""
    found = config(draws_of)
    plan = Plan(found)
    ledger = Ledger(found, plan, ROOT.parents[1] / "requirements.lock")
    conditions = {condition.system: condition for condition in plan.wanted}
    return {name: (ledger.simulate(name)["settings"], ledger.observe(conditions[name])["settings"]) for name in conditions}


def recording(settings):
    return build("simulators", settings["simulator"]).simulate(streams(settings["seed"], "simulate", settings["system"]))


def test_recordings_differ_by_settings_alone():
    told = jobs("calm")
    calm, noisy = (recording(told[name][0]) for name in ("calm", "noisy"))
    np.testing.assert_array_equal(calm.parameters, noisy.parameters)
    np.testing.assert_array_equal(calm.states.values[:6], noisy.states.values[:6])
    assert (calm.states.values[6:] != noisy.states.values[6:]).any(axis=1).all()
    assert told["calm"][1]["system"] == told["noisy"][1]["system"] == "calm"


def test_by_default_every_system_has_its_own_draws():
    told = jobs(None)
    assert [told[name][stage]["system"] for name in told for stage in (0, 1)] == ["calm", "calm", "noisy", "noisy"]
    assert (recording(told["calm"][0]).parameters != recording(told["noisy"][0]).parameters).all()


def test_draws_that_are_taken_from_another_are_not_handed_on():
    with pytest.raises(ConfigError, match=r"systems\.noisy\.draws_of: found 'noisy', which takes another's draws itself"):
        config("noisy")


def test_an_unknown_system_to_draw_as_is_refused():
    with pytest.raises(ConfigError, match=r"systems\.noisy\.draws_of: found 'clam'; did you mean 'calm'"):
        config("clam")
