"""What jobs took: Snakemake's benchmark files beside the results, and the sizes of what they wrote."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from headroom.planning.jobs import Job, Jobs

TICK, FREQUENT, SELDOM = 0.5, 15.5, 30.0
"""Snakemake looks at a job every half second for 31 times, then every 30 s: what happens after the last look it does not see [s]."""
KEPT_TWICE = 2
"""Weights lie in the training state too."""
SEEN = 2
"""Looks from which on processor time and memory mean anything: the first one sees a shell that has not become Python yet."""


@dataclass(frozen=True)
class Measured:
    """One job that ran."""

    job: Job
    manifest: Path
    """Beside what it wrote."""
    wall: float
    """From start to end [s]."""
    cpu: float
    """Processor time, that after the last look included [s]."""
    memory: float | None
    """Largest resident set [MB]; None of a job too short to be seen."""
    disk: float
    """What its outputs hold [MB]."""


@dataclass(frozen=True)
class Benchmark:
    """A benchmark file's first row."""

    wall: float
    cpu: float
    memory: float

    @property
    def looks(self) -> int:
        """How often Snakemake looked."""
        return int(min(self.wall, FREQUENT) / TICK) + int(max(0.0, self.wall - FREQUENT) / SELDOM)

    @property
    def seen(self) -> bool:
        """Whether processor time and memory mean anything."""
        return self.looks >= SEEN and self.cpu > 0

    @property
    def share(self) -> float:
        """Processors in use until the last look."""
        last = min(self.wall, FREQUENT) // TICK * TICK + max(0.0, self.wall - FREQUENT) // SELDOM * SELDOM
        return min(1.0, self.cpu / last)


def measured(jobs: Jobs, folders: Iterable[Path]) -> list[Measured]:
    """Those of the jobs that ran, each by the first of the results folders that tells of it.

    A job too short to be seen used processors as the others did.
    """
    places = list(folders)
    rows = [(job, folder, row) for job in jobs.all for folder, row in [_found(jobs.benchmark(job), places)] if row is not None]
    seen = [row for _, _, row in rows if row.seen]
    usual = sum(row.share * row.wall for row in seen) / sum(row.wall for row in seen) if seen else 1.0
    return [_job(job, row, usual, folder / jobs.manifest(job)) for job, folder, row in rows]


def _found(name: str, folders: Sequence[Path]) -> tuple[Path, Benchmark | None]:
    found = ((folder, row) for folder in folders for row in [benchmark(folder / name)] if row is not None)
    return next(found, (Path(), None))


def _job(job: Job, row: Benchmark, usual: float, manifest: Path) -> Measured:
    share = row.share if row.seen else usual
    return Measured(job, manifest, row.wall, share * row.wall, row.memory if row.seen else None, _written(manifest))


def benchmark(file: Path) -> Benchmark | None:
    """A benchmark file's first row; None where there is none."""
    if not file.is_file():
        return None
    lines = file.read_text(encoding="utf-8").splitlines()
    if len(lines) < 2:
        return None
    cells = dict(zip(lines[0].split("\t"), lines[1].split("\t"), strict=False))
    if "s" not in cells:
        return None
    return Benchmark(_number(cells["s"]), _number(cells.get("cpu_time", "")), _number(cells.get("max_rss", "")))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:  # NA, or - of a job that was over before it was looked at
        return 0.0


def _written(manifest: Path) -> float:
    if not manifest.is_file():
        return 0.0
    entry = json.loads(manifest.read_text(encoding="utf-8"))
    size: float = sum(file["bytes"] for file in entry["files"].values()) / 1e6
    return KEPT_TWICE * size if entry["rule"] == "train" else size
