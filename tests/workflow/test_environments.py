"""Each rule's conda environment holds what its scripts can import, at the locked versions; nothing is borrowed from the launcher."""

import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from ruamel.yaml import YAML

from headroom import environment
from headroom.catalog import FAMILIES, ROOT, kinds
from headroom.provenance import closure, locked, third_party

PROJECT = ROOT.parents[1]
LOCK = locked(PROJECT / "requirements.lock")
CONDA_NAMES = {"pytorch": "torch"}
OPTIONAL = {line for line in (PROJECT / "requirements" / "recordings.txt").read_text().splitlines() if line[:1] != "#"}
"""Readers say themselves what is missing and how to get it."""
SCRIPTS = {
    "1_simulate": ("simulate", ("simulators",)),
    "2_lead_field": ("forward", ()),
    "2_observe": ("simulate", ("observations",)),
    "3_dataset": ("simulate", ("tasks", "splits")),
    "4_train": ("train", ("models",)),
    "5_evaluate": ("train", ("models", "metrics", "tasks")),
    "5_ceiling": ("simulate", ("ceilings", "simulators", "metrics", "tasks")),
    "5_summarise": ("analyse", ("metrics",)),
    "5_collect": ("analyse", ()),
    "6_analyse": ("analyse", ("simulators",)),
    "6_draw": ("draw", ("analyses",)),
    "7_report": ("draw", ("metrics",)),
}


def packages(environment_name):
    """Package names and versions of an environment file, by their names in the lock."""
    content = YAML(typ="safe").load((PROJECT / "envs" / f"{environment_name}.yaml").read_text())
    pairs = [spec.split("=") for spec in content["dependencies"]]
    return {CONDA_NAMES.get(name, name): version for name, version in pairs}


def needed(script, families):
    """What a script and every component that it may build can import."""
    files = [PROJECT / "workflow" / "scripts" / f"{script}.py"]
    files += [ROOT / family / f"{kind}.py" for family in families for kind in kinds(family)]
    without = "draw" if script == "6_analyse" else None
    files += [ROOT / "analyses" / f"{kind}.py" for kind in kinds("analyses")] if script == "6_analyse" else []
    return set(third_party(tuple(files), without)) - OPTIONAL


@pytest.mark.parametrize("script", SCRIPTS)
def test_an_environment_holds_what_its_scripts_import(script):
    name, families = SCRIPTS[script]
    missing = needed(script, families) - set(packages(name))
    assert not missing, f"envs/{name}.yaml lacks {sorted(missing)}, which {script}.py can import"


def test_every_script_has_its_environment():
    rules = "\n".join(path.read_text() for path in (PROJECT / "workflow" / "rules").glob("*.smk"))
    found = re.findall(r'conda:\s+"../../envs/(\w+).yaml".*?script:\s+"../scripts/(\w+).py"', rules, re.S)
    assert {script: name for name, script in found} == {script: name for script, (name, _) in SCRIPTS.items()}


@pytest.mark.parametrize("name", ["forward", "simulate", "train", "analyse", "draw"])
def test_versions_are_the_locked_ones(name):
    for package, version in packages(name).items():
        expected = "3.11" if package == "python" else LOCK.get(package)
        assert version == expected, f"envs/{name}.yaml: {package}={version}, the lock has {expected}"


def test_drawing_needs_no_torch():
    assert "torch" not in packages("draw") and "torch" not in packages("simulate")


def test_the_package_belongs_to_no_environment():
    assert "headroom" not in LOCK
    assert FAMILIES and all((ROOT / family).is_dir() for family in FAMILIES)


def test_every_third_party_import_is_locked():
    scripts = tuple((PROJECT / "workflow" / "scripts").glob("[0-9]*.py"))
    library = tuple(ROOT.rglob("*.py"))
    assert set(third_party(scripts + library)) <= set(LOCK)
    assert closure(scripts)


def test_foreign_packages_are_dropped():
    path = ["/project/workflow", "/mine/lib/python3.11/site-packages", "/launcher/lib/python3.11/site-packages", "/launcher/lib/python3.11"]
    kept = environment.own_packages(path, ("/mine",))
    assert kept == ["/project/workflow", "/mine/lib/python3.11/site-packages", "/launcher/lib/python3.11"]


def test_a_missing_package_fails_where_it_is_missing(tmp_path):
    """A bare environment, handed the launcher's whole search path as Snakemake does, must not find the launcher's numpy."""
    venv.create(tmp_path / "bare", with_pip=False)
    borrowed = [entry for entry in sys.path if entry] + [str(Path(sys.prefix) / "lib" / "python3.11" / "site-packages")]
    script = f"import sys; sys.path.extend({[str(ROOT.parent), *borrowed]!r}); import headroom; import numpy"
    done = subprocess.run([tmp_path / "bare" / "bin" / "python", "-c", script], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode != 0
    assert "No module named 'numpy'" in done.stderr, done.stderr


@pytest.mark.parametrize("recipe", ["Dockerfile", "headroom.def"])
def test_a_container_is_made_from_the_lock_alone(recipe):
    text = (PROJECT / "containers" / recipe).read_text()
    assert "make .venv/.installed PYTHON=python3.11" in text and "python:3.11-" in text
    assert {"Makefile", "requirements.lock", "requirements"} <= set(text.split())
    assert not re.search(r"\bpip\b|==", text), "what is installed stands in the lock"


def test_the_slurm_plugin_goes_with_the_lock():
    """It stands outside the lock; its requirements must be met by what stands in it."""
    pins = locked(PROJECT / "requirements" / "cluster.txt")
    assert pins == {"snakemake-executor-plugin-slurm": "2.6.1", "snakemake-executor-plugin-slurm-jobstep": "0.6.1"}
    found = sorted((PROJECT / ".venv" / "cluster").glob("*.dist-info/METADATA"))
    if not found:
        pytest.skip("make test installs the plugin")
    for path in found:
        for line in path.read_text().splitlines():
            if line.startswith("Requires-Dist: "):
                requirement = Requirement(line.removeprefix("Requires-Dist: ").replace(" (", "").replace(")", ""))
                version = (LOCK | pins)[requirement.name]
                assert requirement.specifier.contains(version), f"{path.parent.name} wants {requirement}, the lock has {version}"
