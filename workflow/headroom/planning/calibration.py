"""Rates from jobs that ran: non-negative least squares (Lawson & Hanson 1974), group by group.

Errors count by the square root of what was measured: dear jobs fix totals, and cheap ones are not lost beside them. What
a group's own jobs cannot tell apart, because all of them are alike, follows what similar groups share.
"""

import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headroom.core.errors import HeadroomError
from headroom.planning.jobs import Job
from headroom.planning.measured import Measured
from headroom.planning.rates import COUNTED, MEASURES, RARE, Rates, amount, is_network, pooled

SMALL = {"cpu": 0.5, "memory": 50.0, "disk": 0.01}
"""What is measured below this counts as this much [s, MB, MB]."""
PULL = 0.05
"""Weight of what similar groups share against one measured job; of all groups together, of a cost that is the same for each job."""
START = 1.0
"""The same of what a job costs that does nothing, which jobs of one rule have in common."""
UNSEEN = {"start": 100.0, "values": 24e-6}
"""Memory of jobs too short to be seen: Python with numpy, and their data three times [MB, MB for a number]."""


@dataclass(frozen=True)
class Row:
    """A job that ran, and the share of its steps that it did."""

    ran: Measured
    done: float


def calibrate(rows: Sequence[Row]) -> Rates:
    """The rates of all groups that ran, those that similar ones share, and the share of their steps that fits with patience did.

    Raises HeadroomError where a rule did not run at all.
    """
    together, apart = _by(pooled, rows), _by(lambda job: job.group, rows)
    missing = [rule for rule in COUNTED if rule not in (*together, *RARE)]
    if missing:
        raise HeadroomError(f"plan --calibrate: no job of {', '.join(missing)} was measured; let the whole run end first")
    shared = {name: _rates(name, members, {}) for name, members in together.items()}
    own = {name: _rates(alike, members, shared[alike]) for name, members in apart.items() for alike in [pooled(members[0].ran.job)]}
    return Rates({**shared, **own}, {**_shares(together), **_shares(apart)}, _machine(len(rows)))


def rows_of(ran: Iterable[Measured]) -> list[Row]:
    """The jobs that ran, with the share of their steps that fits did."""
    return [Row(one, done(one.manifest, one.job)) for one in ran]


def done(manifest: Path, job: Job) -> float:
    """Share of its steps that a network's fit did before it stopped, by its history; 1 of any other job."""
    from headroom.core.tables import load_rows

    if not is_network(job) or not manifest.is_file():
        return 1.0
    last: dict[object, float] = {}
    for row in load_rows(manifest.with_name("history.parquet")):
        last[row["seed"]] = max(last.get(row["seed"], 0.0), row["step"])
    return min(1.0, sum(last.values()) / job.features["steps"])


def _by(key: Callable[[Job], str], rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(key(row.ran.job), []).append(row)
    return found


def _rates(rule: str, rows: Sequence[Row], shared: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    return {measure: _solved(measure, COUNTED[rule][measure], rows, shared.get(measure, {})) for measure in MEASURES}


def _solved(measure: str, names: Sequence[str], rows: Sequence[Row], shared: Mapping[str, float]) -> dict[str, float]:
    from scipy.optimize import nnls

    known = [(row, value) for row in rows for value in [getattr(row.ran, measure)] if value is not None]
    if not known:
        return dict(shared) or UNSEEN
    values = np.array([value for _, value in known])
    weight = 1 / np.sqrt(np.maximum(values, SMALL[measure]))
    amounts = np.array([[amount(row.ran.job, name, row.done) for name in names] for row, _ in known])
    scale = np.maximum(amounts.max(axis=0), 1e-300)
    design = weight[:, None] * amounts / scale
    firm = np.array([(START if shared else 0.0) if name == "start" else PULL for name in names])
    pull = firm * np.maximum(design.mean(axis=0), 1e-3)
    towards = np.array([shared.get(name, 0.0) for name in names]) * scale
    solution, _ = nnls(np.vstack([design, np.diag(pull)]), np.concatenate([weight * values, pull * towards]))
    return {name: float(f"{rate:.4g}") for name, rate in zip(names, solution / scale, strict=True)}


def _shares(groups: Mapping[str, Sequence[Row]]) -> dict[str, float]:
    patient = {name: [row.done for row in rows if row.ran.job.features.get("patient")] for name, rows in groups.items()}
    return {name: float(f"{np.mean(shares):.3g}") for name, shares in patient.items() if shares}


def _machine(jobs: int) -> dict[str, str | int]:
    from importlib.metadata import version

    versions = {name: version(name) for name in ("numpy", "torch")}
    return {"processor": _processor(), "python": platform.python_version(), **versions, "jobs": jobs}


def _processor() -> str:
    """What Linux calls it; elsewhere the architecture."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
