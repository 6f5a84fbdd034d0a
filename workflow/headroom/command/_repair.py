"""Have just the broken files made again: their jobs are forced, and all else stays as it is.

A plain run would not do: Snakemake sees neither a truncated file nor a missing one whose descendants stand. Jobs are
deterministic and Snakemake compares the recorded sums of inputs, so what rests on a repaired file does not run again.
It would where both are asked for at once, so the rules take turns, early stages first.
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from headroom.command._integrity import Problem, Sums, examine
from headroom.command._snakemake import Planned, make_again
from headroom.config.general import RULES
from headroom.core.files import sha256


def repaired(options: argparse.Namespace, files: Sequence[Planned], faults: Sequence[Problem]) -> list[Problem]:
    """The faults that are left after the jobs of the broken files ran again."""
    for fault in faults:
        if not fault.rule:
            _remove(fault.file)
    targets = {fault.file: fault.rule for fault in faults if fault.rule}
    sums = Sums()
    before = {target: sums.of(target) for target in targets}
    sys.stdout.flush()
    ran = all(
        make_again(options, [target for target, its in targets.items() if its == rule], options.cores)
        for rule in sorted(set(targets.values()), key=RULES.index)
    )
    broken = _left(files, targets)
    changed = [file for file, was in before.items() if was and file not in broken and sha256(file) != was["sha256"]]
    _tell(len(faults), ran, list(broken.values()), changed)
    return list(broken.values())


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _left(files: Sequence[Planned], targets: dict[Path, str]) -> dict[Path, Problem]:
    """What is still broken in the targets' folders."""
    folders = {target.parent for target in targets}
    findings = examine([one for one in files if one.file.parent in folders])
    unmade = [Problem(one.file, "was not made", one.rule) for one in findings.unmade if one.file in targets]
    return {problem.file: problem for problem in [*findings.problems, *unmade]}


def _tell(count: int, ran: bool, broken: Sequence[Problem], changed: Sequence[Path]) -> None:
    for problem in broken:
        print(f"{problem.file}: {problem.found}, after the repair too (rule {problem.rule})")
    for file in changed:
        print(f"{file}: made again with other bytes than before: what rests on it runs again with the next snakemake")
    stopped = "" if ran else "snakemake stopped, see above; "
    print(f"{stopped}{count - len(broken)} of {count} repaired" + (f", {len(broken)} still broken" if broken else ", all whole"))
