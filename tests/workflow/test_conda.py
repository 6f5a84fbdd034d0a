"""`--sdm conda`: every rule runs in the environment of its file; the local channel stands in fixtures/conda_channel.py."""

import importlib.util
import os
import re

import pytest
from fixtures.conda_channel import CONDA_NAMES, write_base
from fixtures.project import ROOT, new_project
from ruamel.yaml import YAML

WEIGHTS = "results/4_models/kuramoto/identity/white_0.1/forecast/by_block/{}/weights.safetensors"


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """The conda installation."""
    pytest.importorskip("rattler", reason="make test installs py-rattler, the solver")
    files = [YAML(typ="safe").load(path) for path in (ROOT / "envs").glob("*.yaml")]
    names = {spec.split("=")[0] for content in files for spec in content["dependencies"]} - {"python"}
    back = {conda: name for name, conda in CONDA_NAMES.items()}
    return write_base(tmp_path_factory.mktemp("conda") / "base", {back.get(name, name) for name in names})


@pytest.fixture(scope="module")
def deployed(base, tmp_path_factory):
    """Snakemake's arguments and environment; environments are kept between the tests."""
    environment = os.environ | {"PATH": f"{base / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    return ["--sdm", "conda", "--conda-prefix", str(tmp_path_factory.mktemp("environments"))], environment


def created(base):
    return sum(line.startswith("env create") for line in (base / "calls").read_text().splitlines())


def test_every_rule_runs_in_its_environment_and_gives_the_same_bytes(base, deployed, finished, tmp_path):
    arguments, environment = deployed
    project = new_project(tmp_path / "tree")
    output = project.run(*arguments, environment=environment).stdout
    files = [(ROOT / "envs" / f"{name}.yaml").read_text() for name in ("simulate", "train", "analyse", "draw")]
    assert created(base) == len(set(files)), "those that are alike share an environment"
    assert len(set(re.findall("Activating conda environment: (.*)", output))) == len(set(files)), "and every one is used"
    assert project.sums() == finished.sums()
    assert project.planned() == {}, "the results are those of a run without conda"


def test_a_package_that_an_environment_lacks_is_not_borrowed(base, deployed, tmp_path):
    arguments, environment = deployed
    project = new_project(tmp_path / "tree")
    project.edit("envs/train.yaml", "  - safetensors=", "  # safetensors=")
    before = created(base)
    done = project.run(*arguments, WEIGHTS.format("lstm/seeds_0-1"), environment=environment, check=False)
    assert created(base) == before + 1, "an edited file makes a new environment, and only that"
    assert done.returncode != 0
    assert "No module named 'safetensors'" in done.stdout
    assert importlib.util.find_spec("safetensors"), "the launcher has it"


def test_an_environment_that_cannot_be_solved_is_named(deployed, tmp_path):
    arguments, environment = deployed
    project = new_project(tmp_path / "tree")
    project.edit("envs/simulate.yaml", "numpy=2.3.5", "numpy=9.9.9")
    done = project.run(*arguments, environment=environment, check=False)
    assert done.returncode != 0
    assert "envs/simulate.yaml" in done.stdout and "numpy" in done.stdout
    assert not (project.folder / "results" / "1_recordings").exists()
