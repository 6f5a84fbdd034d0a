"""The house rules that a machine can check."""

import json
import os
import re
import subprocess
import sys

import pytest

from headroom.catalog import ROOT, component, kinds
from headroom.config.schema import schema

PROJECT = ROOT.parents[1]
LONGEST = 250
SOURCES = sorted(path for folder in ("workflow", "tests") for path in (PROJECT / folder).rglob("*") if path.suffix in (".py", ".smk"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_no_file_is_long(path):
    assert len(path.read_text().splitlines()) <= LONGEST


def test_imports_run_one_way():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    environment = os.environ | {"PYTHONPATH": str(ROOT.parent)}
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_the_schema_is_in_step_with_the_components():
    stored = json.loads((PROJECT / "workflow" / "schemas" / "config.schema.json").read_text())
    command = "PYTHONPATH=workflow python -m headroom.config.schema > workflow/schemas/config.schema.json"
    assert stored == json.loads(json.dumps(schema())), f"run: {command}"


@pytest.mark.parametrize("family", ["simulators", "observations", "tasks", "splits", "models", "ceilings", "metrics", "analyses"])
def test_every_kind_is_a_described_class(family):
    assert kinds(family)
    for kind in kinds(family):
        assert (component(family, kind).__doc__ or "").strip(), f"{family}/{kind}.py: its class has no docstring"


def test_every_setting_says_what_it_is():
    definitions = schema()["$defs"]
    silent = [
        f"{name}.{field}"
        for name, content in definitions.items()
        for field, described in content.get("properties", {}).items()
        if field != "kind" and "description" not in described and "$ref" not in described
    ]
    assert not silent, f"no docstring under: {silent}"


def test_no_study_can_take_the_name_of_a_rule():
    from headroom.config.general import RULES

    rules = [path.read_text() for path in (*(PROJECT / "workflow" / "rules").glob("*.smk"), PROJECT / "Snakefile")]
    assert set(re.findall(r"^rule (\w+):", "\n".join(rules), re.M)) == set(RULES)


def test_every_preset_and_the_configuration_are_good():
    from headroom.config.loading import load
    from headroom.config.reading import read

    main = PROJECT / "config.yaml"
    presets = sorted((PROJECT / "workflow" / "presets").glob("*.yaml"))
    assert {preset.stem for preset in presets} >= {"smoke", "paper"}
    for files in ([main], *([main, preset] for preset in presets)):
        assert load(read(files)).studies


PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "results/README.md"]


@pytest.mark.parametrize("name", [*PAGES, *sorted(str(path.relative_to(PROJECT)) for path in (PROJECT / "docs").glob("*.md"))])
def test_no_page_has_a_gap(name):
    text = (PROJECT / name).read_text()
    assert not re.findall(r"@[A-Z]+@|TODO|FIXME|XXX", text)  # nothing is left to be filled in
    for folder in re.findall(r"`(workflow/[\w/]+)`", text):
        assert (PROJECT / folder).exists() or (PROJECT / f"{folder}.py").exists(), f"{name} names {folder}"


def test_the_examples_of_the_guide_are_good_code(tmp_path):
    blocks = re.findall(r"```python\n(.*?)```", (PROJECT / "CONTRIBUTING.md").read_text(), re.S)
    assert len(blocks) == 2
    for number, block in enumerate(blocks):
        namespace = {"__name__": "example"}
        exec(compile(block, f"example {number}", "exec"), namespace)
        made = next(
            value
            for value in namespace.values()
            if getattr(value, "__module__", None) == namespace.get("__name__") and isinstance(value, type)
        )
        assert made()
