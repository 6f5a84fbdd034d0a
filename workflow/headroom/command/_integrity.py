"""Whether files are those that their jobs wrote: there, whole, of the recorded size and SHA-256 sum."""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from headroom.command._snakemake import Planned
from headroom.core.files import MANIFEST, sha256

PART = ".part"
DIFFERS = "differs from the SHA-256 sum that its job recorded"


@dataclass(frozen=True)
class Problem:
    """A broken file, and the rule that makes it again; without a rule it is only in the way."""

    file: Path
    found: str
    rule: str = ""


@dataclass
class Findings:
    """What a look at every file gave."""

    problems: list[Problem] = field(default_factory=list)
    unmade: list[Planned] = field(default_factory=list)
    files: int = 0
    size: int = 0
    """Bytes that were read."""


def examine(files: Iterable[Planned], told: Callable[[int], None] = lambda size: None) -> Findings:
    """Compare planned files with their manifests; `told` hears of the bytes read after each."""
    findings, sums = Findings(), Sums()
    for one in files:
        if one.file.name.endswith(MANIFEST):
            found = sums.fault(one.file)
        elif not one.file.exists() and one.due and sums.of(one.file) is None:
            findings.unmade.append(one)
            continue
        else:
            found = fault(one.file, sums.of(one.file))
        if found:
            findings.problems.append(Problem(one.file, found, one.rule))
        size = one.file.stat().st_size if one.file.exists() else 0
        findings.files, findings.size = findings.files + (size > 0), findings.size + size
        told(size)
    return findings


def fault(file: Path, recorded: dict[str, Any] | None) -> str:
    """What is wrong with a file whose manifest says this of it; nothing where it is whole."""
    if not file.exists():
        return "is missing, though " + ("its job made it" if recorded else "files that rest on it were made")
    size = file.stat().st_size
    if recorded is None:
        return "is in no manifest: its job did not finish"
    if size != recorded["bytes"]:
        return f"has {size} bytes, its job wrote {recorded['bytes']}"
    return DIFFERS if sha256(file) != recorded["sha256"] else ""


class Sums:
    """What the manifests of every folder say, each read once."""

    def __init__(self) -> None:
        self.folders: dict[Path, dict[str, dict[str, Any]]] = {}

    def of(self, file: Path) -> dict[str, Any] | None:
        """The size and sum that a job recorded of a file; None where no manifest names it."""
        if file.parent not in self.folders:
            manifests = [_read(path) for path in sorted(file.parent.glob(f"*{MANIFEST}"))]
            self.folders[file.parent] = {name: entry for manifest in reversed(manifests) for name, entry in (manifest or {}).items()}
        return self.folders[file.parent].get(file.name)

    def fault(self, manifest: Path) -> str:
        """What is wrong with a manifest that is there."""
        return "is no manifest" if manifest.exists() and _read(manifest) is None else ""


def _read(manifest: Path) -> dict[str, dict[str, Any]] | None:
    try:
        entries: dict[str, dict[str, Any]] = json.loads(manifest.read_bytes())["files"]
        return entries if all({"bytes", "sha256"} <= set(entry) for entry in entries.values()) else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def leftovers(root: Path) -> Iterator[Problem]:
    """Files that a killed job was writing. One whose writer still runs is left alone."""
    for file in sorted(root.rglob(f".*{PART}")):
        writer = file.name.split(".")[-2]
        if not (writer.isdigit() and _runs(int(writer))):
            yield Problem(file, "half-written by a job that was killed")


def kept_fits(state: Path) -> Iterator[Problem]:
    """Finished fits that a training job would take over, where they are not as it left them."""
    for manifest in sorted(state.glob(f"*/*{MANIFEST}")):
        entries = _read(manifest)
        faults = ((name, fault(manifest.parent / name, entry)) for name, entry in (entries or {}).items())
        found = f"{manifest.name} is no manifest" if entries is None else next((f"{name} {words}" for name, words in faults if words), None)
        if found:
            yield Problem(manifest.parent, f"is a kept fit whose {found}")


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
