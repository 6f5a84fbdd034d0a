"""A plan, and a comparison with what was measured, as text, JSON or CSV."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from headroom.planning.compare import Compared
from headroom.planning.dearest import dearest, minutes
from headroom.planning.estimate import OVERHEAD, START, Estimates, Sum

Row = dict[str, Any]
SHOWN = 12
"""Studies that text shows in full."""
HOW = "the larger of all work shared out evenly and the longest chain of jobs that wait for one another"


def planned(estimates: Estimates, cores: int, known: int, form: str) -> str:
    """The whole plan for a number of cores; `known` jobs of this machine set its speed."""
    if form == "csv":
        parts = (("rule", estimates.rules()), ("total", [estimates.total()]), ("study", estimates.studies()))
        return _csv([{"part": part, **_row(one)} for part, sums in parts for one in sums])
    if form == "json":
        return json.dumps(_content(estimates, cores, known), indent=1)
    table, ends = _table([*estimates.rules(), estimates.total()]), [*_studies(estimates), *_few(estimates), *_unknown(estimates)]
    return "\n".join([*table, "", *_summary(estimates, cores, known), *ends])


def compared(rows: Sequence[Compared], jobs: int, form: str) -> str:
    """Predicted beside measured."""
    names = ("cpu_s", "peak_mb", "disk_mb")
    flat = [
        {"rule": row.name, "jobs": row.jobs}
        | {
            f"{name}_{what}": round(value, 3)
            for what in ("predicted", "measured", "ratio")
            for name, value in zip(names, _of(row, what), strict=True)
        }
        for row in rows
    ]
    if form == "json":
        return json.dumps({"planned_jobs": jobs, "rules": flat}, indent=1)
    if form == "csv":
        return _csv(flat)
    heads = [f"{name:>9} {'measured':>9} {'ratio':>6}" for name in ("CPU s", "peak MB", "disk MB")]
    lines = [f"{'rule':<10} {'jobs':>6} {' '.join(heads)}"]
    for row in rows:
        cells = [
            f"{ours:9.1f} {theirs:9.1f} {ratio:6.2f}" if theirs else f"{ours:9.1f} {'-':>9} {'-':>6}"
            for ours, theirs, ratio in zip(row.predicted, row.found, row.ratios, strict=True)
        ]
        lines.append(f"{row.name:<10} {row.jobs:6d} {' '.join(cells)}")
    return "\n".join([*lines, f"{rows[-1].jobs} of {jobs} planned jobs were measured; ratios are predicted over measured."])


def _of(row: Compared, what: str) -> tuple[float, ...]:
    return {"predicted": row.predicted, "measured": row.found, "ratio": row.ratios}[what]


def _row(one: Sum) -> Row:
    return {
        "name": one.name,
        "jobs": one.jobs,
        "cpu_minutes": round(one.cpu / 60, 3),
        "longest_s": round(one.longest, 2),
        "peak_mb": round(one.memory),
        "disk_mb": round(one.disk, 2),
    }


def _content(estimates: Estimates, cores: int, known: int) -> Row:
    studies = {one.name: {**_row(one), "dearest": [asdict(fit) for fit in dearest(estimates, one.name)]} for one in estimates.studies()}
    return {
        "rules": [_row(one) for one in estimates.rules()],
        "total": {**_row(estimates.total()), "snakemake_jobs": estimates.total().jobs + 1},
        "cores": cores,
        "wall_minutes": round(estimates.wall(cores) / 60, 2),
        "wall_is": HOW,
        "snakemake_cpu_minutes": round(_own(estimates) / 60, 2),
        "speed": {"factor": round(estimates.rates.speed, 3), "jobs_measured_here": known, "rates_measured_on": estimates.rates.machine},
        "studies": studies,
        "not_measured": estimates.unmeasured(),
        "assumed": estimates.jobs.shapes.guessed,
        "few_test_data": estimates.jobs.shapes.few,
    }


def _own(estimates: Estimates) -> float:
    return START + OVERHEAD * len(estimates.each)


def _table(rows: Sequence[Sum]) -> list[str]:
    lines = [f"{'rule':<10} {'jobs':>6} {'CPU min':>8} {'longest [s]':>11} {'peak MB':>8} {'disk MB':>8}"]
    cells = [f"{one.name:<10} {one.jobs:6d} {one.cpu / 60:8.2f} {one.longest:11.1f} {one.memory:8.0f} {one.disk:8.1f}" for one in rows]
    return [*lines, *cells]


def _summary(estimates: Estimates, cores: int, known: int) -> list[str]:
    wall, rates, device = estimates.wall(cores), estimates.rates, estimates.jobs.config.general.device
    clock = f"{wall / 60:.1f} min" if wall >= 90 else f"{wall:.0f} s"
    speed = f"{rates.speed:.2f} times the rates of {rates.machine.get('processor', 'the machine of costs.json')}"
    lines = [
        f"About {clock} on {cores} core{'s' * (cores > 1)}: {HOW}.",
        f"Snakemake counts one job more, `all`, and takes about {minutes(_own(estimates))} itself.",
        f"Times are {speed}, by {known} jobs that ran on this machine." if known else f"Times are {speed}: nothing has run here yet.",
    ]
    return lines + ([f"device is {device}: networks may take far less than this."] if device != "cpu" else [])


def _studies(estimates: Estimates) -> list[str]:
    sums = sorted(estimates.studies(), key=lambda one: -one.cpu)
    lines = []
    for one in sums[:SHOWN]:
        shared = " (with what it shares with others)" if len(sums) > 1 else ""
        lines += ["", f"{one.name}: {one.jobs} jobs, {minutes(one.cpu)}{shared}; the dearest fits:"]
        for fit in dearest(estimates, one.name):
            seeds = f"{fit.seeds} seed{'s' * (fit.seeds > 1)}"
            lines.append(f"  {minutes(fit.cpu):>13}  {fit.model} on {fit.condition}, {seeds}")
            lines += [f"                 {'; '.join(fit.advice)}"] if fit.advice else []
    left = sums[SHOWN:]
    return [*lines, "", f"and {len(left)} cheaper studies, {minutes(sum(one.cpu for one in left))} in all"] if left else lines


def _few(estimates: Estimates) -> list[str]:
    lines = [f"  {name}: {words}" for name, words in estimates.jobs.shapes.few.items()]
    return ["", "Little to test on:", *lines] if lines else []


def _unknown(estimates: Estimates) -> list[str]:
    groups: dict[str, list[str]] = {}
    for group, count in estimates.unmeasured().items():
        rule, _, kind = group.partition(".")
        groups.setdefault(rule, []).append(f"{kind} ({count} job{'s' * (count > 1)})")
    lines = [f"  {rule}: never measured, estimated from similar ones: {', '.join(kinds)}" for rule, kinds in groups.items()]
    lines += [f"  {name}: {words}" for name, words in estimates.jobs.shapes.guessed.items()]
    return ["", "Not known:", *lines] if lines else []


def _csv(rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().rstrip("\n")
