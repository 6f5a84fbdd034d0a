"""`headroom check`: is every file that the configuration plans there, whole, and the one that its job wrote?"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from headroom.command._arguments import add_configuration

if TYPE_CHECKING:
    from headroom.command._integrity import Findings, Problem
    from headroom.command._snakemake import Planned
    from headroom.config.paths import Paths

SUMMARY = "see whether every result is there and whole, and have broken ones made again"
DESCRIPTION = """Compare every file that the configuration plans with the size and SHA-256 sum that its job recorded, and look for
files that killed jobs left half-written. A line for each broken file says what was found and which rule makes it again.
Snakemake itself does not notice a file that was cut short, nor a missing one whose descendants stand.

The exit code is 0 where all that was made is whole, else 1. What was not made yet is counted and is no fault."""
EXAMPLES = """  headroom check                          the results of config.yaml
  headroom check --preset smoke           those of workflow/presets/smoke.yaml
  headroom check --configfile mine.yaml   those of mine.yaml over config.yaml
  headroom check --complete               is everything there? (for scripts)
  headroom check --repair --cores 2       run the jobs of broken files again, and no others"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command line takes."""
    parser.add_argument("--repair", action="store_true", help="run just the jobs of broken files again, and look again")
    parser.add_argument("--complete", action="store_true", help="exit with 1, too, where something was not made yet")
    parser.add_argument("--cores", default="1", metavar="N", help="cores for --repair (default: 1)")
    add_configuration(parser)


def run(options: argparse.Namespace) -> int:
    """0 where every file is whole; raises HeadroomError where the configuration is none."""
    from headroom.command._arguments import configuration
    from headroom.command._repair import repaired
    from headroom.command._snakemake import planned
    from headroom.config.paths import Paths

    config = configuration(options)
    paths = Paths(config.general.results)
    pages = [paths.study_report.format(study=study) for study in config.studies]
    files = planned(options, beside=[page for page in pages if Path(page).exists()])
    findings, faults = _look(files, paths)
    _tell(options, findings, faults, _unplanned(files, Path(paths.root)))
    if faults and options.repair:
        faults = repaired(options, files, faults)
    return 1 if faults or (options.complete and findings.unmade) else 0


def _look(files: list[Planned], paths: Paths) -> tuple[Findings, list[Problem]]:
    from headroom.command._integrity import examine, kept_fits, leftovers
    from headroom.command._progress import Progress

    with Progress("checked", sum(one.file.stat().st_size for one in files if one.file.exists())) as progress:
        findings = examine(files, progress.add)
    beside = [*kept_fits(Path(paths.training_state)), *leftovers(Path(paths.root))]
    return findings, [*findings.problems, *beside]


def _tell(options: argparse.Namespace, findings: Findings, faults: list[Problem], unplanned: int) -> None:
    from headroom.command._snakemake import how_to_make

    for fault in faults:
        remedy = f"rule {fault.rule} makes it again: {how_to_make(options, fault.file)}" if fault.rule else "remove it"
        print(f"{fault.file}: {fault.found}; {remedy}")
    counts = f"{findings.files} files checked, {findings.size / 1e6:.1f} MB: {len(faults)} broken, {len(findings.unmade)} not made yet"
    print(counts + (f"; {unplanned} more jobs' files are of another configuration and were not checked" if unplanned else ""))
    if not findings.files and not faults:
        print("nothing of this configuration was made yet; for the results of a preset or an overlay give --preset or --configfile")
    if faults and not options.repair:
        print("`headroom check --repair` with the same options runs just these jobs again and looks again")


def _unplanned(files: list[Planned], root: Path) -> int:
    """Jobs below the results folder that this configuration does not plan."""
    from headroom.core.files import MANIFEST

    known = {one.file for one in files}
    found = {path for path in root.rglob(f"*{MANIFEST}") if "training_state" not in path.parts}
    return len(found - known)
