"""What the page says of the run itself: time and memory by rule, versions, checksums of the results."""

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from headroom.report.layout import Cell, Table, figure, table, word
from headroom.report.wording import seconds

Job = Mapping[str, float]


def belongs(place: str, study: str, conditions: Iterable[str]) -> bool:
    """Whether STAGE/... is of a study: named after it, or of one of its conditions (system/sensor/noise/task/split)."""
    rest = place.split("/")[1:]
    rest = rest[1:] if rest[:1] in (["studies"], ["ceilings"]) else rest
    if not rest:
        return False
    here = "/".join(rest) + "/"
    return rest[0] == study or any(here.startswith(f"{path}/") or f"{path}/".startswith(here) for path in conditions)


def run_times(benchmarks: Iterable[Path | str], folder: Path | str) -> Table:
    """Jobs, CPU time, longest job and memory by rule, from Snakemake's benchmark files FOLDER/RULE/**.tsv."""
    found: dict[str, list[Job]] = {}
    for path in sorted(map(Path, benchmarks)):
        with open(path, encoding="utf-8") as handle:
            rows = list(csv.DictReader(handle, delimiter="\t"))
        found.setdefault(path.relative_to(folder).parts[0], []).extend(_measured(row) for row in rows)
    slowest_first = sorted(found.items(), key=lambda item: -sum(job["s"] for job in item[1]))
    headers = ["rule", "jobs", "time in all", "longest job", "CPU time in all", "most memory"]
    return table("Run times and memory by rule", headers, [_run_time(rule, jobs) for rule, jobs in slowest_first], sortable=True)


def _run_time(rule: str, jobs: list[Job]) -> list[Cell]:
    times = (sum(job["s"] for job in jobs), max((job["s"] for job in jobs), default=0.0), sum(job["cpu_time"] for job in jobs))
    memory = max((job["max_rss"] for job in jobs), default=0.0)
    spent = [figure(value, seconds(value)) for value in times]
    return [word(rule), figure(len(jobs), str(len(jobs))), *spent, figure(memory, f"{memory:.0f} MB")]


def _measured(row: Mapping[str, str]) -> Job:
    return {name: _real(row.get(name, "")) for name in ("s", "cpu_time", "max_rss")}


def _real(text: str) -> float:
    try:
        return float(text)
    except (TypeError, ValueError):  # "-" and "NA": the job ended before it could be measured
        return 0.0


def checksums(manifests: Iterable[Path | str], folder: Path | str) -> Table:
    """SHA-256 of every file that the manifests name, by its place below `folder`."""
    rows = []
    for manifest in sorted(map(Path, manifests)):
        place = manifest.parent.relative_to(folder)
        entries = json.loads(manifest.read_text(encoding="utf-8"))["files"]
        rows += [[word(place / name), word(entry["sha256"])] for name, entry in sorted(entries.items())]
    return table("Checksums (SHA-256) of the results", ["file", "SHA-256"], rows)


def versions(packages: Mapping[str, str]) -> Table:
    """Package versions, as they are given."""
    return table("Package versions", ["package", "version"], [[word(name), word(version)] for name, version in packages.items()])
