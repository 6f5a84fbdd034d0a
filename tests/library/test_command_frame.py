"""The frame of the `headroom` command: help that starts fast, mistakes in one line, exit codes."""

import os
import subprocess
import sys
from argparse import Namespace
from importlib import import_module
from pathlib import Path

import pytest

from headroom.command import _arguments as shared
from headroom.command._main import main, names
from headroom.core.errors import HeadroomError

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "workflow/scripts/command.py"
HEAVY = ("torch", "pandas", "pyarrow", "numba", "matplotlib", "numpy", "pydantic", "ruamel")
OPTIONS = {"preset": None, "configfile": [], "config": []}


@pytest.fixture
def at_root(monkeypatch):
    monkeypatch.chdir(ROOT)


def test_every_subcommand_says_what_it_is_and_shows_examples(capsys):
    assert {"check", "example", "new"} <= set(names())
    for name in names():
        with pytest.raises(SystemExit) as done:
            main([name, "--help"])
        text = capsys.readouterr().out
        assert done.value.code == 0
        assert f"usage: headroom {name}" in text and "examples:" in text and text.count(f"headroom {name} ") >= 2


def test_the_list_of_commands_holds_each_summary(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    text = " ".join(capsys.readouterr().out.split())
    for name in names():
        assert import_module(f"headroom.command.{name}").SUMMARY in text


@pytest.mark.parametrize("arguments", [["--help"], ["new", "--help"], ["check", "--help"], ["example", "--help"]], ids=" ".join)
def test_help_imports_nothing_heavy(arguments):
    code = (
        "import sys; from headroom.command._main import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit:\n    print('heavy:', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT / "workflow")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "heavy: []"


def test_help_takes_less_than_half_a_second_of_processor_time():
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN); print(used.ru_utime + used.ru_stime)"
    )
    done = subprocess.run([sys.executable, "-c", code, sys.executable, str(SCRIPT), "--help"], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 0.5


def test_an_unknown_command_is_one_line_with_what_was_meant(capsys):
    assert main(["chek"]) == 2
    assert capsys.readouterr().err == "headroom: no command 'chek'; did you mean 'check'? See: headroom --help\n"


def test_no_command_shows_the_help(capsys):
    assert main([]) == 2
    assert "where to start:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (HeadroomError("a.csv: not there"), 1, "headroom: a.csv: not there\n"),
        (KeyboardInterrupt(), 130, "headroom: stopped\n"),
        (PermissionError(13, "Permission denied", "b.csv"), 1, "headroom: b.csv: Permission denied\n"),
    ],
    ids=["HeadroomError", "KeyboardInterrupt", "OSError"],
)
def test_what_goes_wrong_is_one_line_and_an_exit_code(error, code, words, capsys, monkeypatch):
    def run(options):
        raise error

    monkeypatch.setattr(import_module("headroom.command.check"), "run", run)
    assert main(["check"]) == code
    assert capsys.readouterr().err == words


def test_a_bug_keeps_its_traceback(monkeypatch):
    def run(options):
        return {}["gone"]

    monkeypatch.setattr(import_module("headroom.command.check"), "run", run)
    with pytest.raises(KeyError):
        main(["check"])


def test_outside_a_project_it_says_where_the_project_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(HeadroomError, match=r"no config\.yaml and Snakefile here; run from the project's folder: cd "):
        shared.require_project()


def test_below_a_project_it_names_that_projects_folder(tmp_path, monkeypatch):
    (tmp_path / "deep").mkdir()
    for name in ("config.yaml", "Snakefile"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path / "deep")
    with pytest.raises(HeadroomError, match=f"cd {tmp_path}$"):
        shared.require_project()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(HeadroomError, match="belongs to the project in"):
        shared.require_project()


def test_overlays_are_laid_in_order_and_reach_snakemake_too(at_root):
    options = Namespace(preset="smoke", configfile=["mine.yaml"], config=["seed=3", "results=elsewhere"])
    assert shared.overlays(options) == [Path("workflow/presets/smoke.yaml"), Path("mine.yaml")]
    assert shared.overrides(options) == {"seed": 3, "results": "elsewhere"}
    told = ["--configfile", "workflow/presets/smoke.yaml", "mine.yaml", "--config", "seed=3", "results=elsewhere"]
    assert shared.for_snakemake(options) == told


def test_the_configuration_is_the_one_that_snakemake_reads(at_root):
    options = Namespace(**OPTIONS | {"preset": "smoke", "config": ["seed=3"]})
    config = shared.configuration(options)
    assert (config.general.seed, config.general.results) == (3, "results/smoke")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"preset": "smok"}, "--preset smok: no such preset; there are: "),
        ({"config": ["seed"]}, "--config seed: expected KEY=VALUE, such as seed=3"),
        ({"config": ["seed=[1"]}, "--config seed=[1: '[1' is not YAML"),
        ({"configfile": ["none.yaml"]}, "none.yaml: no such file"),
    ],
    ids=["preset", "no value", "no YAML", "no file"],
)
def test_bad_options_are_refused_with_one_line(changes, words, at_root):
    with pytest.raises(HeadroomError) as caught:
        shared.configuration(Namespace(**OPTIONS | changes))
    assert str(caught.value).startswith(words) and "\n" not in str(caught.value)
