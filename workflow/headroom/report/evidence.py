"""What the page says of the run itself: time and memory by rule, checksums of the results."""

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from headroom.report.layout import Cell, Table, figure, table, word
from headroom.report.wording import seconds

Job = Mapping[str, float]


def run_times(benchmarks: Iterable[Path | str], folder: Path | str) -> Table:
    """Jobs, CPU time, longest job and memory by rule, from Snakemake's benchmark files FOLDER/RULE/**.tsv."""
    found: dict[str, list[Job]] = {}
    for path in sorted(map(Path, benchmarks)):
        with open(path, encoding="utf-8") as handle:
            rows = list(csv.DictReader(handle, delimiter="\t"))
        found.setdefault(path.relative_to(folder).parts[0], []).extend(_measured(row) for row in rows)
    slowest_first = sorted(found.items(), key=lambda item: -sum(job["s"] for job in item[1]))
    headers = ["rule", "jobs", "time in all", "longest job", "CPU time in all", "most memory"]
    return table("Time and memory by rule", headers, [_run_time(rule, jobs) for rule, jobs in slowest_first], sortable=True)


def _run_time(rule: str, jobs: list[Job]) -> list[Cell]:
    times = (sum(job["s"] for job in jobs), max(job["s"] for job in jobs), sum(job["cpu_time"] for job in jobs))
    memory = max(job["max_rss"] for job in jobs)
    spent = [figure(value, seconds(value)) for value in times]
    return [word(rule), figure(len(jobs), str(len(jobs))), *spent, figure(memory, f"{memory:.0f} MB")]


def _measured(row: Mapping[str, str]) -> Job:
    return {name: _real(row.get(name, "")) for name in ("s", "cpu_time", "max_rss")}


def _real(text: str) -> float:
    try:
        return float(text)
    except (TypeError, ValueError):  # "-" and "NA": the job ended before it could be measured
        return 0.0


def checksums(manifests: Iterable[Path | str]) -> Table:
    """SHA-256 of every file that the manifests name."""
    rows = []
    for manifest in sorted(map(Path, manifests)):
        for name, entry in sorted(json.loads(manifest.read_text(encoding="utf-8"))["files"].items()):
            size = entry["bytes"]
            rows.append([word(str(manifest.parent / name)), figure(size, f"{size / 1e6:.3f} MB"), word(entry["sha256"])])
    return table("SHA-256 of the results", ["file", "size", "SHA-256"], rows)


def versions(packages: Mapping[str, str]) -> Table:
    """Package versions, as they are given."""
    return table("Versions", ["package", "version"], [[word(name), word(version)] for name, version in packages.items()])
