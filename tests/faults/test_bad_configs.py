"""Bad configurations: every problem at once, with its YAML path and a suggestion, before any job starts."""

import copy
import os
import subprocess
import sys

import pytest
from ruamel.yaml import YAML

from headroom.config.loading import load
from headroom.config.problems import ConfigError
from headroom.config.reading import read
from headroom.core.errors import HeadroomError

GOOD = """
seed: 1
systems:
  toy: {kind: kuramoto, trials: 3}
noises:
  published: [{kind: published_white}, {kind: standardise}]
tasks:
  forecast: {kind: forecasting, window: 20}
models:
  small: {kind: lstm, hidden: 4, training: {steps: 10}}
studies:
  first:
    question: Is it?
    systems: [toy]
    noise: white
    levels: [0.1, 0.2]
    models: [persistence, ridge_var, small]
    ceilings: [noise_floor]
"""


def changed(**edits):
    """The good configuration with values set by dotted path (`studies__first__levels`); None removes a key."""
    raw = YAML(typ="safe", pure=True).load(GOOD)
    for path, value in edits.items():
        place = raw
        *parents, last = path.split("__")
        for key in parents:
            place = place.setdefault(key, {})
        place[last] = copy.deepcopy(value)
    return raw


STUDY = "studies__first__"
CASES = {
    "unknown key at the top": ({"sed": 1}, ["sed: unknown key; did you mean 'seed'?"]),
    "unknown section": ({"modles": {}}, ["modles: unknown key; did you mean 'models'?"]),
    "only names a study that is not there": ({"only": ["frist"]}, ["only[0]: lists studies; found 'frist'; did you mean 'first'?"]),
    "seed is text": ({"seed": "one"}, ["seed: found 'one'; expected a whole number"]),
    "seeds per job is text": ({"seeds_per_job": "five"}, ["seeds_per_job: found 'five'"]),
    "unknown kind": ({"systems__toy__kind": "kuramto"}, ["systems.toy.kind: found 'kuramto'; did you mean 'kuramoto'?"]),
    "no kind": ({"systems__toy": {"trials": 3}}, ["systems.toy.kind: missing; expected one of:"]),
    "component is a number": ({"systems__toy": 3}, ["systems.toy: found 3; expected a component such as {kind:"]),
    "misspelt setting": ({"systems__toy__trails": 3}, ["systems.toy.trails: unknown key; did you mean 'trials'?"]),
    "wrong type": ({"systems__toy__trials": "3"}, ["systems.toy.trials: found '3'; expected a whole number"]),
    "a fraction of a trial": ({"systems__toy__trials": 2.5}, ["systems.toy.trials: found 2.5; expected a whole number"]),
    "yes for a number": ({"systems__toy__trials": True}, ["systems.toy.trials: found True; expected a whole number"]),
    "out of range": ({"systems__toy__dt": -0.1}, ["systems.toy.dt: found -0.1; expected greater than 0"]),
    "not a number": ({"systems__toy__dt": float("nan")}, ["systems.toy.dt: found nan; expected a finite number"]),
    "infinite": ({"systems__toy__dt": float("inf")}, ["systems.toy.dt: found inf; expected a finite number"]),
    "a billion samples": ({"systems__toy__samples": 10**9}, ["systems.toy: a recording of", "the limit is 8 GB (memory_limit)"]),
    "nested unknown key": ({"models__small__training": {"lerning_rate": 1}}, ["models.small.training.lerning_rate", "'learning_rate'"]),
    "nested wrong choice": ({"models__small__training": {"optimiser": "adm"}}, ["models.small.training.optimiser: found 'adm'", "'adam'"]),
    "wrong choice": ({"models__small__loss": "lst"}, ["models.small.loss: found 'lst'", "'last'"]),
    "no budget": ({"models__small__training": {"epochs": None}}, ["models.small", "epochs"]),
    "fractions that do not sum": (
        {"splits": {"by_block": {"kind": "by_block", "fractions": [0.5, 0.2, 0.2]}}},
        ["splits.by_block: fractions sum to 0.9; expected 1"],
    ),
    "two fractions": ({"splits": {"by_block": {"kind": "by_block", "fractions": [0.5, 0.5]}}}, ["splits.by_block.fractions"]),
    "window of zero": ({"tasks__forecast__window": 0}, ["tasks.forecast.window: found 0; expected greater than or equal to 1"]),
    "horizon of zero": ({"tasks__forecast__offsets": [0]}, ["tasks.forecast.offsets[0]: found 0"]),
    "negative noise": ({STUDY + "levels": [-0.1]}, ["studies.first.levels[0]: found -0.1; expected greater than or equal to 0"]),
    "duplicate noise": ({STUDY + "levels": [0.1, 0.10]}, ["studies.first.levels[1]: 0.1 stands twice"]),
    "noise is text": ({STUDY + "levels": ["low"]}, ["studies.first.levels[0]: found 'low'; expected a number"]),
    "unknown noise": ({STUDY + "noise": "wite"}, ["studies.first.noise: 'wite' is not defined in noises; did you mean 'white'?"]),
    "levels without a noise": ({STUDY + "noise": None}, ["studies.first.noise: missing, while levels are given"]),
    "noise without levels": ({STUDY + "levels": []}, ["studies.first.levels: missing"]),
    "undefined system": ({STUDY + "systems": ["toi"]}, ["studies.first.systems[0]: 'toi' is not defined in systems; did you mean 'toy'?"]),
    "undefined model": ({STUDY + "models": ["smal"]}, ["studies.first.models[0]: 'smal' is not defined in models; did you mean 'small'?"]),
    "undefined ceiling": ({STUDY + "ceilings": ["twin"]}, ["studies.first.ceilings[0]: 'twin' is not defined in ceilings"]),
    "undefined split": ({STUDY + "split": "by_blok"}, ["studies.first.split: 'by_blok' is not defined", "did you mean 'by_block'?"]),
    "model twice": ({STUDY + "models": ["small", "small"]}, ["studies.first.models[1]: 'small' stands twice"]),
    "no models": ({STUDY + "models": []}, ["studies.first.models"]),
    "no systems key": ({STUDY + "systems": None}, ["studies.first.systems"]),
    "unknown study key": ({STUDY + "sedes": 3}, ["studies.first.sedes: unknown key; did you mean 'seeds'?"]),
    "unknown metric": ({STUDY + "metrics": ["r2", "mze"]}, ["studies.first.metrics[1]: found 'mze'; did you mean 'mse'?"]),
    "unknown analysis": ({STUDY + "analyses": ["trace"]}, ["studies.first.analyses[0]: found 'trace'; did you mean 'traces'?"]),
    "primary not scored": ({STUDY + "metrics": ["mse"], STUDY + "primary": "r2"}, ["studies.first.primary: found 'r2'"]),
    "no question": ({STUDY + "question": None}, ["studies.first.question"]),
    "zero seeds": ({STUDY + "seeds": 0}, ["studies.first.seeds: found 0"]),
    "selection is text": ({STUDY + "selections": ["toy"]}, ["studies.first.selections[0]: found 'toy'"]),
    "study is a list": ({"studies__first": ["toy"]}, ["studies.first: found ['toy']"]),
    "no study": ({"studies": {}}, ["studies: missing; define at least one study"]),
    "slash in a name": ({"systems__a/b": {"kind": "kuramoto"}}, ["systems.a/b: names are letters, digits and _"]),
    "dots in a name": ({"systems__..": {"kind": "kuramoto"}}, ["names are letters, digits and _"]),
    "space in a name": ({"studies__my study": {}}, ["studies.my study: names are letters"]),
    "braces in a name": ({"models__{x}": {"kind": "lstm"}}, ["models.{x}: names are letters"]),
    "study named like a rule": ({"studies__train": {}}, ["studies.train: is the name of a rule"]),
    "case twins": ({"models__SMALL": {"kind": "lstm"}}, ["models.SMALL: differs from 'small' in case only"]),
}


@pytest.mark.parametrize("edits, expected", CASES.values(), ids=CASES)
def test_bad_configuration(edits, expected):
    with pytest.raises(ConfigError) as caught:
        load(changed(**edits))
    message = str(caught.value)
    for words in expected:
        assert words in message, message
    assert "Traceback" not in message and "pydantic" not in message


def test_the_good_configuration_is_good():
    config = load(changed())
    assert config.specs["systems"]["toy"]["trials"] == 3, "what is written stands"
    assert config.specs["models"]["small"]["layers"] == 1, "what is not written is the default"
    assert list(config.studies) == ["first"]


def test_every_problem_at_once():
    edits = {"sed": 1, "systems__toy__trails": 3, STUDY + "levels": [-1.0], "models__small__hidden": "x"}
    with pytest.raises(ConfigError) as caught:
        load(changed(**edits))
    assert len(caught.value.problems) == 4


def test_a_misspelt_key_hides_nothing_of_its_study():
    edits = {STUDY + "modles": ["small"], STUDY + "colour": "red", STUDY + "seeds": "three"}
    edits |= {STUDY + "metrics": ["r22"], STUDY + "split": "by_blok", "onyl": ["first"], "memory_limit": "much"}
    with pytest.raises(ConfigError) as caught:
        load(changed(**edits))
    found = [str(problem).split(":")[0] for problem in caught.value.problems]
    places = ["onyl", "memory_limit", *(f"studies.first.{key}" for key in ("modles", "colour", "seeds", "metrics[0]", "split"))]
    assert sorted(found) == sorted(places)


def test_what_stands_under_a_misspelt_key_is_checked_as_what_was_meant():
    raw = changed(**{STUDY + "modles": ["persistance"], STUDY + "task": "forcast"})
    del raw["studies"]["first"]["models"]
    with pytest.raises(ConfigError) as caught:
        load(raw)
    message = str(caught.value)
    assert len(caught.value.problems) == 3 and "studies.first.modles: unknown key; did you mean 'models'?" in message
    assert "studies.first.models[0]: 'persistance' is not defined in models; did you mean 'persistence'?" in message
    assert "studies.first.task: 'forcast' is not defined" in message


def test_a_word_in_place_of_a_list_is_no_reason_to_doubt_the_metrics():
    with pytest.raises(ConfigError) as caught:
        load(changed(**{STUDY + "models": "lda", STUDY + "task": "decoding", STUDY + "metrics": ["accuracy"]}))
    assert [str(problem) for problem in caught.value.problems] == ["studies.first.models: found 'lda'; expected a list such as [one, two]"]


def test_a_study_that_is_not_there_does_not_hide_the_others():
    with pytest.raises(ConfigError) as caught:
        load(changed(**{"only": ["frist", "first"], STUDY + "models": ["smal"]}))
    assert [str(problem).split(":")[0] for problem in caught.value.problems] == ["only[0]", "studies.first.models[0]"]


YAML_TRAPS = {
    "1e-3": ("rate: 1e-3", 1e-3),
    "octal": ("rate: 010", 10),
    "a word": ("rate: no", "no"),
    "underscores": ("rate: on", "on"),
}


@pytest.mark.parametrize("text, value", YAML_TRAPS.values(), ids=YAML_TRAPS)
def test_yaml_is_read_as_a_person_means_it(tmp_path, text, value):
    (tmp_path / "c.yaml").write_text(text)
    assert read([tmp_path / "c.yaml"])["rate"] == value


BAD_FILES = {
    "duplicate key": ("seed: 1\nseed: 2\n", ["c.yaml, line 2", "duplicate key", "stands twice"]),
    "tab": ("systems:\n\ta: 1\n", ["c.yaml, line 2"]),
    "open bracket": ("seed: [1\n", ["c.yaml"]),
    "a list": ("- 1\n", ["expected `key: value` lines at the top, found list"]),
    "empty": ("", ["expected `key: value` lines at the top"]),
    "python object": ("a: !!python/object/apply:os.system ['true']\n", ["c.yaml"]),
}


@pytest.mark.parametrize("text, expected", BAD_FILES.values(), ids=BAD_FILES)
def test_bad_yaml(tmp_path, text, expected):
    (tmp_path / "c.yaml").write_text(text)
    with pytest.raises(HeadroomError) as caught:
        read([tmp_path / "c.yaml"])
    assert all(words in str(caught.value) for words in expected), str(caught.value)


def test_missing_and_binary_files(tmp_path):
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    for name, words in (("none.yaml", "no such file"), ("binary.yaml", "not UTF-8")):
        with pytest.raises(HeadroomError, match=words):
            read([tmp_path / name])


def test_reading_loads_no_heavy_package(tmp_path):
    (tmp_path / "c.yaml").write_text(GOOD)
    heavy = ["torch", "pandas", "scipy", "matplotlib", "numba", "brian2", "sklearn", "sbi", "mne"]
    script = (
        "import sys; from headroom.config.reading import read; from headroom.config.loading import load; "
        "from headroom.config.plan import Plan; from headroom.config.ledger import Ledger; from pathlib import Path; "
        f"config = load(read([r'{tmp_path / 'c.yaml'}'])); plan = Plan(config); Ledger(config, plan, Path('requirements.lock')).collect(); "
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    before = os.times()
    done = subprocess.run([sys.executable, "-c", script], env={"PYTHONPATH": "workflow"}, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    after = os.times()
    assert after.children_user + after.children_system - before.children_user - before.children_system < 2, "CPU s"


def test_only_leaves_the_other_studies_out():
    raw = changed(studies__second={"question": "What of it?", "systems": ["no_such_system"], "models": ["persistence"]})
    assert list(load(raw | {"only": ["first"]}).studies) == ["first"]
    with pytest.raises(ConfigError, match="no_such_system"):
        load(raw)


def test_an_overlay_may_leave_out_models_that_a_study_explains():
    raw = changed(studies__first__explain={"small": ["gates"]}, studies__first__models=["persistence"])
    assert "small" in load(raw).studies["first"].explain
    with pytest.raises(ConfigError, match=r"explain\.smal: is no model"):
        load(changed(studies__first__explain={"smal": ["gates"]}))


def test_what_cannot_be_looked_into_is_refused_before_anything_is_trained():
    with pytest.raises(ConfigError, match=r"explain\.persistence: is no network"):
        load(changed(studies__first__explain={"persistence": ["gates"]}))
    with pytest.raises(ConfigError, match=r"explain\.small.*gates"):
        load(changed(studies__first__explain={"small": ["gate"]}))
