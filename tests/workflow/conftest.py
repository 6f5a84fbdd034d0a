"""A small project, run once: every test works on a copy of its finished tree."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("Snakefile", "workflow", "profiles", "envs", "requirements.lock")


class Project:
    """A tree with a Snakefile, and commands to run in it."""

    def __init__(self, folder):
        self.folder = Path(folder)

    def run(self, *arguments, check=True):
        """Run snakemake; returns the finished process with its whole output as text."""
        environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-m", "snakemake", "--cores", "2", *map(str, arguments)]
        told = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        done = subprocess.run(command, cwd=self.folder, env=environment, check=False, **told)
        assert not check or done.returncode == 0, done.stdout[-4000:]
        return done

    def planned(self, *arguments):
        """How many jobs of each rule a run would start now; `all` does not count."""
        text = self.run("-n", *arguments).stdout
        table = re.search(r"Job stats:\njob +count\n-+ +-+\n(.*?)\n\n", text, re.S)
        counts = dict(line.rsplit(maxsplit=1) for line in table[1].splitlines()) if table else {}
        return {rule: int(count) for rule, count in counts.items() if rule not in ("all", "total", "tiny")}

    def edit(self, file, old, new):
        """Replace the first place of a text that must be there."""
        path = self.folder / file
        text = path.read_text()
        assert old in text, f"{file} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1))

    def copy(self, folder):
        """The tree, its results and its bookkeeping in another folder, file times kept."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Project(folder)


def new_project(folder, config="tiny.yaml"):
    """The pipeline with a test configuration."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        source = ROOT / part
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source, folder / part, ignore=ignore) if source.is_dir() else shutil.copy2(source, folder / part)
    shutil.copy(ROOT / "tests" / "configs" / config, folder / "config.yaml")
    return Project(folder)


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A project after a full run. Never edit it: take `project`."""
    project = new_project(tmp_path_factory.mktemp("finished") / "tree")
    project.run()
    return project


@pytest.fixture
def project(finished, tmp_path):
    """A copy of the finished project, to edit."""
    return finished.copy(tmp_path / "copy")
