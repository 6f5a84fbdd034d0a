"""Settings that every rule shares: the checked configuration, the plan of runs, the ledger of what each job rests on."""

import shlex
import sys
from pathlib import Path

ROOT = Path(workflow.basedir)
sys.path.insert(0, str(ROOT / "workflow" / "scripts"))
sys.path.insert(0, str(ROOT / "workflow"))

# Snakemake writes this path into a shell command as it is, so a folder with a space in its name would break every script.
sys.executable = shlex.quote(sys.executable)

from headroom.catalog import build, component
from headroom.config.ledger import Ledger
from headroom.config.loading import load
from headroom.config.paths import CONDITION, Paths
from headroom.config.plan import Condition, Plan
from headroom.config.reading import read
from headroom.core.errors import HeadroomError
from headroom.core.given import needs
from headroom.observations._subject_files import subject_files

NAME = r"[A-Za-z][A-Za-z0-9_]*"
SPOKEN = "{wildcards.system}, {wildcards.sensor}, {wildcards.rung}, {wildcards.task}, {wildcards.split}"

try:
    config_of = load(read([ROOT / "config.yaml", *workflow.config_settings.configfiles], workflow.config_settings.config))
except HeadroomError as error:
    print(error, file=sys.stderr)
    sys.exit(1)

paths = Paths(config_of.general.results)
plan = Plan(config_of)
ledger = Ledger(config_of, plan, ROOT / "requirements.lock")


wildcard_constraints:
    head=NAME,
    system=NAME,
    sensor=NAME,
    rung=r"[A-Za-z0-9_.+-]+",
    task=NAME,
    split=NAME,
    model=NAME,
    fit=r"once|seeds_\d+-\d+",
    ceiling=NAME,
    study=NAME,
    analysis=NAME,
