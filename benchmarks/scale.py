"""A configuration of 10 studies x 10 noise levels x 20 networks x 10 seeds, 20,000 training jobs: what planning it takes.

    python benchmarks/scale.py [--studies 10] [--levels 10] [--models 20] [--seeds 10] [--write FILE]

Nothing is simulated or trained. The table has wall and processor time and the largest resident set of `headroom plan`, of `snakemake -n`,
and of `snakemake -n` with the groups of profiles/slurm, and how many submissions those make of the jobs.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

PROJECT = Path(__file__).parents[1]
SNAKEMAKE = (sys.executable, "-m", "snakemake", "-n", "--quiet", "host", "reason")


@dataclass(frozen=True)
class Cost:
    """What a command took."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds of processor time."""
    memory: float
    """Largest resident set [MB]."""
    output: str


def configuration(studies: int, levels: int, models: int, seeds: int, results: str) -> dict[str, Any]:
    """Each study has a system of its own; every network, seed and level of it is a training job."""
    networks = {f"lstm_{number}": {"kind": "lstm", "hidden": 4 * number} for number in range(1, models + 1)}
    systems = {f"oscillators_{number}": {"kind": "kuramoto", "coupling": 0.1 * number} for number in range(1, studies + 1)}
    one = {
        "question": "How much planning does it take?",
        "noise": "white",
        "levels": [round(0.1 * number, 1) for number in range(1, levels + 1)],
        "models": ["persistence", "ridge_var", *networks],
        "ceilings": ["noise_floor"],
        "seeds": seeds,
        "analyses": ["ladder"],
    }
    return {
        "results": results,
        "seeds_per_job": 1,
        "only": [f"study_{number}" for number in range(1, studies + 1)],
        "systems": systems,
        "models": networks,
        "studies": {f"study_{number}": one | {"systems": [f"oscillators_{number}"]} for number in range(1, studies + 1)},
    }


def cost(*command: str) -> Cost:
    """Run a command in the project; raises CalledProcessError where it fails."""
    started = time.monotonic()
    with tempfile.TemporaryFile("w+") as output:
        told = {"stdout": output, "stderr": subprocess.STDOUT, "cwd": PROJECT}
        process = subprocess.Popen(command, env=os.environ | {"OMP_NUM_THREADS": "1"}, **told)  # type: ignore[call-overload]
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        output.seek(0)
        words = output.read()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, words[-2000:])
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, words)


def groups() -> list[str]:
    """Snakemake's options for the groups of the Slurm profile."""
    profile = YAML(typ="safe").load(PROJECT / "profiles" / "slurm" / "config.yaml")
    scopes, limits = profile["set-resource-scopes"], profile["resources"]
    return ["--group-components", *profile["group-components"], "--resources", *limits, "--set-resource-scopes", *scopes]


def submissions(words: str) -> int:
    """Groups of a dry run, and jobs that stand in none."""
    grouped = set(re.findall(r"^    Job (\d+):", words, re.M))
    alone = set(re.findall(r"^Job (\d+):", words, re.M)) - grouped
    return len(re.findall(r"Group job \w+", words)) + len(alone)


def main() -> None:
    """The table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in {"studies": 10, "levels": 10, "models": 20, "seeds": 10}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--write", type=Path, help="only write the configuration to this file")
    options = vars(parser.parse_args())
    target = options.pop("write")
    with tempfile.TemporaryDirectory() as folder:
        file = target or Path(folder) / "scale.yaml"
        YAML(typ="safe").dump(configuration(**options, results=f"{folder}/results"), file)
        if target:
            return
        table(str(file))


def table(file: str) -> None:
    """Run the three commands on a configuration."""
    plan = (sys.executable, "workflow/scripts/command.py", "plan", "--configfile", file, "--format", "csv")
    costs = {
        "headroom plan": cost(*plan),
        "snakemake -n": cost(*SNAKEMAKE, "--configfile", file),
        "snakemake -n, grouped": cost(*SNAKEMAKE, "--configfile", file, "--cores", "4", *groups()),
    }
    print(f"{'command':<22} {'wall s':>7} {'CPU s':>7} {'peak MB':>8}")
    for name, one in costs.items():
        print(f"{name:<22} {one.wall:7.1f} {one.cpu:7.1f} {one.memory:8.0f}")
    jobs = re.search(r"^total +(\d+)", costs["snakemake -n"].output, re.M)
    print(f"{jobs[1] if jobs else '?'} jobs in {submissions(costs['snakemake -n, grouped'].output)} submissions")


if __name__ == "__main__":
    main()
