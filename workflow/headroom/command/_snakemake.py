"""All that the command knows of Snakemake: which files it plans, and how to have just some of them made again."""

import argparse
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from headroom.command._arguments import for_snakemake
from headroom.core.errors import HeadroomError

HEADER = "output_file\tdate\trule\t"


@dataclass(frozen=True)
class Planned:
    """An output file of a planned job."""

    file: Path
    rule: str
    due: bool
    """Whether the next run makes it, for it is missing or out of date."""


def planned(options: argparse.Namespace, beside: Iterable[str] = ()) -> list[Planned]:
    """Every file that `rule all` rests on, manifests included, and those behind the targets `beside`, sorted by path.

    Raises HeadroomError where Snakemake cannot plan, with its last words.
    """
    command = [*_snakemake("--summary"), *for_snakemake(options), "--", "all", *beside]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise HeadroomError("snakemake cannot plan: " + " ".join(done.stderr.split("\n\n")[-1].split()))
    lines = done.stdout.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith(HEADER)]
    if not starts:
        raise HeadroomError("snakemake --summary: expected a table that starts with output_file, found none")
    rows = (line.split("\t") for line in lines[starts[0] + 1 :])
    found = [Planned(Path(row[0]), row[2], row[5] == "update pending") for row in rows if len(row) == 6]
    return sorted(found, key=lambda one: one.file)


def make_again(options: argparse.Namespace, targets: Sequence[Path], cores: str) -> bool:
    """Run the jobs of the targets whether they seem due or not; Snakemake's words go on to the terminal. Whether all went well."""
    command = [*_snakemake("--cores", cores, "--force"), *for_snakemake(options), "--", *map(str, targets)]
    return subprocess.run(command, check=False).returncode == 0


def how_to_make(options: argparse.Namespace, target: Path) -> str:
    """The command line that makes one file again."""
    return " ".join(["snakemake", "--cores", "1", "--force", str(target), *for_snakemake(options)])


def _snakemake(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "snakemake", *arguments]
