"""One Slurm for all tests of this folder; they are skipped, with the reason, where it cannot be had."""

import importlib.util
import os
import shutil
import subprocess

import pytest
from fixtures import slurm as system
from fixtures.project import ROOT

PLUGIN = "snakemake_executor_plugin_slurm"
BESIDE = ROOT / ".venv" / "cluster"
"""Where `make test` installs the plugin, which would slow every other run down."""


@pytest.fixture(scope="session")
def slurm(tmp_path_factory):
    """The running cluster."""
    if system.missing() and os.environ.get("INSTALL_SLURM") and os.geteuid() == 0 and shutil.which("apt-get"):
        try:
            system.install()
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            pytest.skip(f"Slurm cannot be installed: {error}")
    if system.missing():
        pytest.skip(f"no {', '.join(system.missing())} here: apt-get install slurm-wlm munge, or as root INSTALL_SLURM=1 make test")
    if not (BESIDE / PLUGIN).is_dir() and not importlib.util.find_spec(PLUGIN):
        pytest.skip(f"no {PLUGIN} here: make test installs it")
    with system.Slurm(tmp_path_factory.mktemp("slurm")) as running:
        yield running


@pytest.fixture(scope="session")
def through(slurm):
    """Snakemake's arguments and environment for this cluster: the profile that ships, told of what is special here."""
    arguments = ["--profile", "profiles/slurm", "--slurm-no-account", "--slurm-status-command", "squeue"]
    arguments += ["--slurm-init-seconds-before-status-checks", "2", "--latency-wait", "10"]
    paths = [str(BESIDE), *filter(None, [os.environ.get("PYTHONPATH")])]
    return arguments, slurm.environment | {"PYTHONPATH": os.pathsep.join(paths)}
