"""`headroom new` in a copy of the tree: what it writes works, passes the contracts and is clean; bad names are refused."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from headroom.command._kinds import KINDS

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
CHOSEN = "my_ and not (my_ceiling and (applies or not my_simulator) and not declares and not test_my_)"
"""Of the contracts, those of the new components; the new ceiling on the new simulator alone, for some others are slow to compile."""
COMPONENTS = [(kind, f"my_{kind}", ()) for kind in KINDS] + [("model", "my_network", ("--network",))]


class Tree:
    """A copy of the project to write into."""

    def __init__(self, folder):
        self.folder = folder
        skipped = shutil.ignore_patterns("__pycache__", "test_command_*")
        for part in ("workflow", "tests"):
            shutil.copytree(ROOT / part, folder / part, ignore=skipped)
        for part in ("config.yaml", "Snakefile", "pyproject.toml"):
            shutil.copy(ROOT / part, folder / part)

    def run(self, *command, python=True):
        start = [sys.executable] if python else []
        environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(self.folder / "workflow")}
        told = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        return subprocess.run([*start, *map(str, command)], cwd=self.folder, env=environment, check=False, **told)

    def headroom(self, *arguments):
        return self.run("workflow/scripts/command.py", *arguments)

    def python_files(self):
        """Every Python file, with its size and time."""
        return {path: path.stat().st_mtime_ns for part in ("workflow", "tests") for path in (self.folder / part).rglob("*.py")}


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A tree with one new component of each kind; what the command said of each is in `said`."""
    made = Tree(tmp_path_factory.mktemp("new") / "tree")
    made.said = {name: made.headroom("new", kind, name, *more) for kind, name, more in COMPONENTS}
    return made


@pytest.fixture(scope="module")
def written(tree):
    files = [path for path in tree.python_files() if path.name.startswith(("my_", "test_my_"))]
    assert len(files) == 2 * len(COMPONENTS)
    return [path.relative_to(tree.folder) for path in files]


@pytest.mark.parametrize(("kind", "name", "more"), COMPONENTS, ids=[name for _, name, _ in COMPONENTS])
def test_it_says_what_it_wrote_how_to_use_it_and_how_to_try_it(kind, name, more, tree):
    said = tree.said[name]
    assert said.returncode == 0, said.stdout
    for line in said.stdout.splitlines():
        if line.startswith("wrote "):
            assert (tree.folder / line.removeprefix("wrote ")).is_file()
    assert f"workflow/headroom/{KINDS[kind].family}/{name}.py" in said.stdout
    assert "studies:\n  my_study:\n    " in said.stdout and f"pytest tests/library/test_{name}.py" in said.stdout
    assert (tree.folder / "tests/contracts" / KINDS[kind].contract).is_file()


def test_the_schema_knows_the_new_settings(tree):
    known = json.loads((tree.folder / "workflow/schemas/config.schema.json").read_text())["$defs"]
    assert "tau" in known["simulators.my_simulator"]["properties"] and "models.my_network" in known


def test_their_tests_and_the_contracts_pass(tree, written):
    tests = [path for path in written if path.name.startswith("test_")]
    contracts = ["tests/contracts", "--ignore", "tests/contracts/test_analyses.py"]  # its tables alone take longer than all the rest
    done = tree.run("-m", "pytest", "-p", "no:cacheprovider", *tests, *contracts, "-k", CHOSEN)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count(".") > 60


def test_they_are_clean(tree, written):
    for command in (["check"], ["format", "--check"]):
        done = tree.run(BIN / "ruff", *command, *written, python=False)
        assert done.returncode == 0, done.stdout


def test_they_are_well_typed(tree, written):
    done = tree.run(BIN / "mypy", "--follow-imports", "skip", *(path for path in written if path.parts[0] == "workflow"), python=False)
    assert "checked 10 source files" in done.stdout or "in 10 source files" in done.stdout, done.stdout
    assert not [line for line in done.stdout.splitlines() if "/my_" in line]


def test_a_name_as_long_as_may_be_stays_clean(tree):
    name = "a" + "_b" * 14 + "c"
    for kind, more in (("task", ()), ("model", ("--network",)), ("analysis", ())):
        assert tree.headroom("new", kind, name, *more).returncode == 0
        files = [f"workflow/headroom/{KINDS[kind].family}/{name}.py", f"tests/library/test_{name}.py"]
        for command in (["check"], ["format", "--check"]):
            done = tree.run(BIN / "ruff", *command, *files, python=False)
            assert done.returncode == 0, done.stdout
        for file in files:
            (tree.folder / file).unlink()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["model", "lstm"], "workflow/headroom/models/lstm.py is there already; choose another name; --force writes over it"),
        (["model", "white"], "workflow/headroom/observations/white.py is there already; choose another name"),
        (["model", "MyModel"], "expected small letters, digits and _"),
        (["model", "my-model"], "expected small letters, digits and _"),
        (["model", "_mine"], "expected small letters, digits and _"),
        (["model", "../mine"], "expected small letters, digits and _"),
        (["model", "größe"], "expected small letters, digits and _"),
        (["model", "lambda"], "is a word of Python's"),
        (["study", "train"], "is the name of a rule"),
        (["simulator", "observe"], "is the name of a rule"),
        (["simulator", "signal"], "its class Signal would hide another one of that name"),
        (["model", "weighted"], "its class Weighted would hide another one of that name"),
        (["model", "provenance"], "tests/library/test_provenance.py is there already"),
        (["model", "a" * 31], "found 31 characters, expected at most 30"),
        (["study", "Oscillators"], "config.yaml has a study oscillators already"),
        (["study", "mine", "--models", "no_such_model"], "'no_such_model' is not defined in models"),
        (["study", "my study"], "expected letters, digits and _"),
        (["simulator", "mine", "--network"], "only a model can be a network"),
        (["simulator", "mine", "--models", "lstm"], "only a study has these"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_will_not_do_is_refused_and_nothing_is_written(arguments, words, tree):
    before = tree.python_files()
    done = tree.headroom("new", *arguments)
    assert done.returncode == 1 and words in done.stdout and "Traceback" not in done.stdout
    assert done.stdout.startswith("headroom: ")
    assert tree.python_files() == before
    assert not (tree.folder / f"{arguments[1]}.yaml").exists()


def test_force_writes_over_what_it_wrote_and_nothing_else(tree):
    file = tree.folder / "workflow/headroom/metrics/my_metric.py"
    whole = file.read_text()
    file.write_text(whole + "# mine\n")
    assert tree.headroom("new", "metric", "my_metric").returncode == 1
    assert file.read_text().endswith("# mine\n")
    assert tree.headroom("new", "metric", "my_metric", "--force").returncode == 0
    assert file.read_text() == whole
    assert tree.headroom("new", "model", "my_metric", "--force").returncode == 1


def test_a_study_is_an_overlay_that_runs_alone(tree):
    done = tree.headroom("new", "study", "mine", "--systems", "my_simulator", "--models", "persistence", "my_model")
    assert done.returncode == 0, done.stdout
    code = (
        "from headroom.config.loading import load; from headroom.config.reading import read\n"
        "config = load(read(['config.yaml', 'mine.yaml'])); (chosen,) = config.selections['mine']\n"
        "print(list(config.studies), config.general.results, chosen.systems, chosen.models, chosen.ceilings)"
    )
    expected = "['mine'] results/mine ('my_simulator',) ('persistence', 'my_model') ('noise_floor',)"
    assert tree.run("-c", code).stdout.strip() == expected


def test_a_study_of_a_recording_has_no_noise_and_no_ceiling(tree):
    (tree.folder / "mine.csv").write_text("time,a\n" + "".join(f"{step / 100},{step % 7}\n" for step in range(400)))
    config = tree.folder / "config.yaml"
    whole = config.read_text()
    config.write_text(whole.replace("systems:\n", "systems:\n  taken: {kind: recording, file: mine.csv}\n", 1))
    done = tree.headroom("new", "study", "of_mine", "--systems", "taken", "--models", "persistence", "ridge_var")
    config.write_text(whole)
    assert done.returncode == 0, done.stdout
    text = (tree.folder / "of_mine.yaml").read_text()
    assert "systems: [taken]" in text and not any(word in text for word in ("noise:", "levels:", "ceilings:"))
