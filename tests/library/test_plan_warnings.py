"""Where a plan warns of too little to test on: as many windows, trials and blocks as a run really tests."""

import json

import numpy as np
import pytest

from headroom.catalog import build
from headroom.command._plan_words import planned as words_of
from headroom.config.loading import load
from headroom.core.randomness import streams
from headroom.planning.estimate import estimate
from headroom.planning.held_out import HeldOut
from headroom.planning.jobs import Jobs
from headroom.planning.rates import stored
from headroom.scores.tally import units

STUDY = {"question": "How much?", "systems": ["own"], "models": ["persistence"], "analyses": []}


def jobs_of(split, **size):
    return Jobs(load({"systems": {"own": {"kind": "sinusoids", **size}}, "studies": {"one": STUDY | {"split": split}}}))


def warnings(split, **size):
    jobs = jobs_of(split, **size)
    jobs.shapes.dataset(next(iter(jobs.plan.wanted)))
    return jobs.shapes.few


@pytest.mark.parametrize("split, size", [("by_block", {"trials": 1, "samples": 1500}), ("by_trial", {"trials": 6, "samples": 300})])
def test_the_warning_counts_what_a_run_tests(split, size):
    config = jobs_of(split, **size).config
    recording = build("simulators", config.specs["systems"]["own"]).simulate(streams(0))
    task, divide = build("tasks", config.specs["tasks"]["forecast"]), build("splits", config.specs["splits"][split])
    target = task.target(recording, recording.states)
    test = divide.apply(task.examples(recording, recording.states), target, recording).test
    unit, blocks = units(test)
    (said,) = warnings(split, **size).values()
    assert said.startswith(f"{len(test)} test windows of 1 trial, {len(np.unique(unit))} block") and blocks


def test_one_short_recording_has_no_intervals():
    (place, said), *others = warnings("by_block", trials=1, samples=1500).items()
    assert place == "forecast of own, by_block" and not others
    assert said == "240 test windows of 1 trial, 9 blocks of a window and its horizon: no intervals, which take 20 blocks"


@pytest.mark.parametrize(
    "held_out, ending",
    [
        (HeldOut(700, 1, 20), "intervals are wide, or none where neighbouring blocks are alike"),
        (HeldOut(700, 1, 40), None),
        (HeldOut(90, 2, 0), "90 test windows of 2 trials: intervals are wide"),
        (HeldOut(1, 1, 1), "1 test window of 1 trial, 1 block of a window and its horizon: no intervals, which take 20 blocks"),
        (HeldOut(90, 5, 0), None),
    ],
)
def test_enough_is_no_matter(held_out, ending):
    assert held_out.warning.endswith(ending) if ending else held_out.warning == ""


def test_a_long_recording_is_not_warned_of():
    assert not warnings("by_block", trials=1, samples=200_000)


def test_the_plan_shows_it():
    found = estimate(jobs_of("by_block", trials=1, samples=1500), stored())
    assert "\nLittle to test on:\n  forecast of own, by_block: 240 test windows of 1 trial" in words_of(found, 2, 0, "text")
    assert list(json.loads(words_of(found, 2, 0, "json"))["few_test_data"]) == ["forecast of own, by_block"]
    many = estimate(jobs_of("by_block", trials=10, samples=500), stored())
    assert "Little" not in words_of(many, 2, 0, "text")
