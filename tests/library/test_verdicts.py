"""Verdicts on published numbers, in the agreed words and with their reasons."""

from dataclasses import replace

import pytest
from fixtures.tallied import GENERATORS, METRICS, condition, only, tallies

from headroom.scores.study import summarise
from headroom.scores.table import score_table
from headroom.scores.verdicts import verdict_table

CLAIM = {
    "metric": "r2", "target": "a", "value": 0.801, "system": "toy", "model": "lstm", "split": "published", "sound_split": "by_block",
    "tolerance": 0.001, "corrected": None, "reason": "", "source": "the report, table 1",
}  # fmt: skip
BETTER, SAME, WORSE = (0.1, 0.11, 0.12), (0.19, 0.2, 0.21), (0.3, 0.31, 0.32)


def verdict(published=SAME, sound=SAME, **changes):
    """The verdict row for squared errors of each seed under the published and the sound split."""
    claim, parts = CLAIM | changes, []
    for split, losses in (("published", published), ("by_block", sound)):
        if losses:
            models = {"persistence": ("trivial", (0.5,)), "lstm": ("model", losses)}
            parts.append((condition(split=split), tallies(models, wobble=0.0)))
    summary, _ = summarise(parts, METRICS, "r2", GENERATORS, draws=100)
    return only(verdict_table([claim], score_table(parts, METRICS), summary, METRICS), source=claim["source"])


@pytest.mark.parametrize(
    ("published", "sound", "changes", "expected"),
    [
        (SAME, SAME, {}, "reproduced"),
        (SAME, BETTER, {}, "reproduced"),
        (SAME, (), {}, "reproduced"),
        (SAME, WORSE, {}, "reproduced only under the published split"),
        (WORSE, WORSE, {}, "not reproduced here"),
        (BETTER, BETTER, {}, "not reproduced here"),
        ((0.2, 0.2, 0.2), SAME, {}, "not reproduced here"),
        ((), SAME, {}, "not reproduced here"),
        (SAME, SAME, {"metric": "mse", "value": 0.1995}, "reproduced"),
        (SAME, WORSE, {"metric": "mse", "value": 0.1995}, "reproduced only under the published split"),
        (SAME, BETTER, {"metric": "mse", "value": 0.1995}, "reproduced"),
        (SAME, SAME, {"value": 0.7, "corrected": 0.8, "reason": "its own MSE implies .8"}, "reproduced"),
        (SAME, SAME, {"unsupported": "scores outputs that were never trained"}, "the metric cannot support the claim"),
        (SAME, SAME, {"untestable": "the recordings are private"}, "not testable (data not public)"),
    ],
)
def test_the_words_of_the_verdict(published, sound, changes, expected):
    assert verdict(published, sound, **changes)["verdict"] == expected


@pytest.mark.parametrize(("value", "expected"), [(0.81, "reproduced"), (0.81004, "reproduced"), (0.81006, "not reproduced here")])
def test_a_published_number_is_rounded_to_four_decimals(value, expected):
    """Here the range ends at .81: a value of .8100 may have been anything up to .81005."""
    assert verdict((0.19, 0.19, 0.2), BETTER, value=value)["verdict"] == expected


def test_what_stands_beside_the_published_number():
    row = verdict(SAME, WORSE)
    assert row[["published", "median", "low", "high", "sound"]].astype(float).tolist() == pytest.approx([0.801, 0.8, 0.79, 0.81, 0.69])
    assert row[["floor", "ceiling"]].astype(float).tolist() == pytest.approx([0.5, 0.9])
    assert (row["seeds"], row["ceiling_name"], row["study"]) == (3, "noise_floor", "made_up")
    assert row["reason"] == "median of 3 seeds 0.8000, 0.0010 from 0.801, range 0.7900 to 0.8100; 0.6900 under by_block"


def test_a_number_that_contradicts_its_own_companion_says_so():
    row = verdict(value=0.7, corrected=0.8, reason="its own MSE implies .8")
    assert row["published"] == 0.7 and row["corrected"] == 0.8
    assert row["reason"].startswith("compared with 0.8 instead of 0.7: its own MSE implies .8")


def test_a_miss_names_seeds_distance_and_tolerance():
    assert verdict(WORSE)["reason"] == "median of 3 seeds 0.6900, 0.1110 from 0.801, range 0.6800 to 0.7000; tolerance 0.001"
    assert verdict(published=())["reason"] == "lstm was not run on toy under published"


def test_a_claim_about_one_sensor_is_held_against_that_sensor_alone():
    parts = []
    for sensor, losses in (("identity", SAME), ("y0", WORSE)):
        models = {"persistence": ("trivial", (0.5,)), "lstm": ("model", losses)}
        parts.append((replace(condition(split="published"), sensor=sensor), tallies(models, wobble=0.0)))
    summary, _ = summarise(parts, METRICS, "r2", GENERATORS, draws=100)
    scores = score_table(parts, METRICS)
    claims = [CLAIM | {"sensor": sensor, "source": sensor} for sensor in ("identity", "y0")]
    found = verdict_table(claims, scores, summary, METRICS)
    assert found["seeds"].tolist() == [3, 3] and found["sensor"].tolist() == ["identity", "y0"]
    assert found["verdict"].tolist() == ["reproduced", "not reproduced here"]


def test_a_claim_about_one_noise_level_is_held_against_that_level_alone():
    parts = []
    for noise, losses in (("0.1", SAME), ("0.2", WORSE)):
        models = {"persistence": ("trivial", (0.5,)), "lstm": ("model", losses)}
        where = condition(split="published", noise=noise)
        parts.append((where, tallies(models, tested=(noise,), wobble=0.0)))
    summary, _ = summarise(parts, METRICS, "r2", GENERATORS, draws=100)
    claims = [CLAIM | {"noise": noise, "source": str(noise)} for noise in (0.1, 0.2, None)]
    found = verdict_table(claims, score_table(parts, METRICS), summary, METRICS)
    assert found["noise"].tolist() == ["0.1", "0.2", "0.1"]
    assert found["verdict"].tolist() == ["reproduced", "not reproduced here", "reproduced"]
