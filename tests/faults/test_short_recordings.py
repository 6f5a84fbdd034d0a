"""Recordings and trials too short for a task or a split are refused while the configuration is read, before any job starts."""

import pytest

from headroom.config.loading import load
from headroom.config.problems import ConfigError

STUDY = {"question": "How much?", "systems": ["own"], "models": ["persistence"], "analyses": []}
DECODING = {"task": "decoding", "models": ["majority"]}


def written(folder, samples, trials=1, labels=True):
    rows = [f"{trial},{(7 * k) % 11},{(3 * k) % 5}{f',{k // 5 % 2}' if labels else ''}" for trial in range(trials) for k in range(samples)]
    file = folder / "own.csv"
    file.write_text("\n".join(["trial,left,right" + ",label" * labels, *rows]) + "\n")
    return {"kind": "recording", "file": str(file), "dt": 0.1}


def problems(system, **study):
    with pytest.raises(ConfigError) as caught:
        load({"systems": {"own": system}, "sensors": {"thin": {"kind": "decimate", "every": 10}}, "studies": {"one": STUDY | study}})
    return list(map(str, caught.value.problems))


CASES = {
    "shorter than a window": (
        {"samples": 20},
        {},
        "studies.one.task: 'own' has trials of 20 samples, a window with its furthest horizon spans 31; "
        "shorten tasks.forecast or bring a longer recording",
    ),
    "many trials, each too short": (
        {"samples": 20, "trials": 9},
        {"split": "by_trial"},
        "studies.one.task: 'own' has trials of 20 samples",
    ),
    "a decoder's window": ({"samples": 15}, DECODING, "a window with its furthest horizon spans 16"),
    "no room for the parts": (
        {"samples": 100},
        {},
        "studies.one.split: 'own' has 1 trial of 100 samples: no window lies wholly inside the valid part; lengthen the recording or "
        "shorten the window; one spans 31 with its furthest horizon (tasks.forecast)",
    ),
    "too few trials": (
        {"samples": 200, "trials": 2},
        {"split": "by_trial"},
        "studies.one.split: 'own' has 2 trials of 200 samples: by_trial needs at least 3 trials",
    ),
    "no labels": ({"samples": 400, "labels": False}, DECODING, "studies.one.task: 'own' has 1 trial of 400 samples: decoding needs labels"),
    "a sensor that thins": ({"samples": 200}, {"sensor": "thin"}, "'own' has trials of 20 samples, a window"),
}


@pytest.mark.parametrize("file, study, words", CASES.values(), ids=CASES)
def test_a_recording_too_short_is_refused(tmp_path, file, study, words):
    (found,) = problems(written(tmp_path, **file), **study)
    assert words in found


@pytest.mark.parametrize("study", [{}, DECODING, {"split": "by_trial"}])
def test_a_recording_long_enough_is_not(tmp_path, study):
    assert load({"systems": {"own": written(tmp_path, 400, trials=3)}, "studies": {"one": STUDY | study}})


def test_a_large_recording_is_left_to_its_job(tmp_path, monkeypatch):
    monkeypatch.setattr("headroom.config.lengths.SMALL", 10)
    assert load({"systems": {"own": written(tmp_path, 20)}, "studies": {"one": STUDY}})


@pytest.mark.parametrize(
    "system, study, words",
    [
        ({"kind": "kuramoto", "samples": 30}, {}, "spans 31; shorten tasks.forecast or lengthen systems.own"),
        ({"kind": "kuramoto", "samples": 100}, {}, "no window lies wholly inside the valid part"),
        ({"kind": "kuramoto", "trials": 2}, {"split": "by_trial"}, "by_trial needs at least 3 trials"),
        ({"kind": "grid_walk", "samples": 60, "trials": 2}, DECODING, "no window lies wholly inside the valid part"),
    ],
)
def test_trials_of_a_simulated_system_too_short_are_refused(system, study, words):
    (found,) = problems(system, **study)
    assert words in found


def test_an_uneven_split_of_long_trials_is_tried_at_full_length():
    """A shorter stand-in has no window in a hundredth of its samples; the whole of a trial has."""
    splits = {"own": {"kind": "by_block", "fractions": [0.98, 0.01, 0.01]}}
    config = {"systems": {"own": {"kind": "sinusoids", "trials": 400, "samples": 10_000}}, "splits": splits}
    assert load(config | {"studies": {"one": STUDY | {"split": "own"}}})


def test_each_system_of_each_study_is_named_once(tmp_path):
    grids = [{"models": ["persistence"]}, {"models": ["train_mean"]}]
    found = problems(written(tmp_path, 20), selections=grids)
    assert [words.split(":")[0] for words in found] == ["studies.one.selections[0].task", "studies.one.selections[1].task"]
