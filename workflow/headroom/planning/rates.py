"""From amounts to seconds and megabytes: rates for each group of jobs, measured once and kept in costs.json."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from headroom.core.files import write_text
from headroom.planning.jobs import Job

STOPPABLE = ("steps", "calls", "work")
"""Amounts that a fit which stops early has less of."""
FILE = Path(__file__).with_name("costs.json")
MEASURES = ("cpu", "memory", "disk")
"""Processor time [s], largest resident set [MB] and outputs [MB] of a job."""
COUNTED: dict[str, dict[str, tuple[str, ...]]] = {
    "simulate": {"cpu": ("start", "work"), "memory": ("start", "values"), "disk": ("start", "values")},
    "lead_field": {"cpu": ("start",), "memory": ("start",), "disk": ("start",)},
    "observe": {"cpu": ("start", "values"), "memory": ("start", "values"), "disk": ("start", "values")},
    "dataset": {"cpu": ("start", "values", "examples"), "memory": ("start", "values", "examples"), "disk": ("start", "values", "examples")},
    "train": {"cpu": ("start", "work"), "memory": ("start", "values"), "disk": ("start", "values")},
    "network": {
        "cpu": ("start", "seeds", "steps", "calls", "work"),
        "memory": ("start", "values", "held"),
        "disk": ("start", "weights", "steps"),
    },
    "ceiling": {"cpu": ("start", "work", "cells"), "memory": ("start", "values", "cells"), "disk": ("start", "cells")},
    "evaluate": {
        "cpu": ("start", "torch", "models", "fits", "cells", "work", "rolls", "network_rolls", "rolled"),
        "memory": ("start", "torch", "values", "cells", "lags"),
        "disk": ("start", "shown", "sums", "lags"),
    },
    "summarise": {"cpu": ("start", "models", "rows", "sums"), "memory": ("start", "rows", "sums"), "disk": ("rows", "sums")},
    "collect": {"cpu": ("start", "rows", "sums"), "memory": ("start", "rows", "sums"), "disk": ("rows", "sums")},
    "analyse": {"cpu": ("start", "rows", "sums"), "memory": ("start", "rows"), "disk": ("start", "rows")},
    "draw": {"cpu": ("start", "conditions"), "memory": ("start", "conditions"), "disk": ("start", "conditions")},
    "report": {"cpu": ("start", "rows", "figures"), "memory": ("start", "rows", "figures"), "disk": ("figures",)},
}
"""Which amounts count for what; of jobs that train networks those of `network`."""
RARE = ("lead_field",)
"""Rules of which a whole run may have no job."""


@dataclass(frozen=True)
class Rates:
    """What a unit of each amount costs, by group of jobs."""

    groups: Mapping[str, Mapping[str, Mapping[str, float]]]  # group -> measure -> amount -> rate
    share: Mapping[str, float] = field(default_factory=dict)  # group -> steps done of those allowed, where fits may stop early
    machine: Mapping[str, Any] = field(default_factory=dict)
    speed: float = 1.0
    """How many times as long jobs take here as where the rates were measured."""

    def of(self, job: Job, measure: str) -> float:
        """Seconds or MB of a job."""
        group = self.known(job)
        share = self.share.get(group, 1.0) if job.features.get("patient") else 1.0
        cost = total(self.groups[group][measure], job, share)
        return cost * self.speed if measure == "cpu" else cost

    def known(self, job: Job) -> str:
        """The group whose rates a job has: its own, or where that was never measured what similar ones share."""
        return job.group if job.group in self.groups else pooled(job)

    def unmeasured(self, job: Job) -> bool:
        """Whether a job's rates are those of similar ones."""
        return job.group not in self.groups


def total(rates: Mapping[str, float], job: Job, share: float = 1.0) -> float:
    """The sum of a job's amounts at these rates; of a network that stops early, `share` of its steps."""
    return sum(rate * amount(job, name, share) for name, rate in rates.items())


def amount(job: Job, name: str, share: float = 1.0) -> float:
    """One of a job's amounts, where `share` of its steps are done."""
    return job.features.get(name, 0.0) * (share if name in STOPPABLE and is_network(job) else 1.0)


def pooled(job: Job) -> str:
    """The name of what similar groups share."""
    return "network" if is_network(job) else job.rule


def is_network(job: Job) -> bool:
    """Whether a job trains a network."""
    return job.rule == "train" and "steps" in job.features


@cache
def stored() -> Rates:
    """The rates that were measured for this version."""
    found = json.loads(FILE.read_text(encoding="utf-8"))
    return Rates(found["groups"], found["share"], found["machine"])


def write(rates: Rates) -> None:
    """Keep rates as those of this version."""
    content = {
        "machine": dict(rates.machine),
        "share": dict(rates.share),
        "groups": {name: dict(group) for name, group in rates.groups.items()},
    }
    write_text(FILE, json.dumps(content, indent=1, sort_keys=True) + "\n")
    stored.cache_clear()
