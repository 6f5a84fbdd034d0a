"""A plan in numbers: by rule, by study, in total, and what it rests on that nobody measured."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from headroom.planning.jobs import Job, Jobs
from headroom.planning.rates import Rates

RULES = (
    "simulate",
    "lead_field",
    "observe",
    "dataset",
    "train",
    "ceiling",
    "evaluate",
    "summarise",
    "collect",
    "analyse",
    "draw",
    "report",
)
CHAIN = (
    ("simulate", "lead_field"),
    ("observe",),
    ("dataset",),
    ("train", "ceiling"),
    ("evaluate",),
    ("summarise",),
    ("analyse",),
    ("draw",),
    ("report",),
)
"""Stages that wait for one another, with the rules that run side by side in each."""
START, OVERHEAD = 4.0, 0.1
"""Snakemake itself: to start and plan, and for each job beside the job's own process [s]."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a job is expected to take."""

    job: Job
    cpu: float
    """Processor time [s]."""
    memory: float
    """Largest resident set [MB]."""
    disk: float
    """Outputs [MB]."""


@dataclass(frozen=True)
class Sum:
    """Several jobs together."""

    name: str
    jobs: int = 0
    cpu: float = 0.0
    """Processor time of all [s]."""
    longest: float = 0.0
    """Processor time of the longest [s]."""
    memory: float = 0.0
    """Largest resident set of one [MB]."""
    disk: float = 0.0
    """Outputs of all [MB]."""


@dataclass(frozen=True)
class Estimates:
    """Every job's estimate."""

    jobs: Jobs
    rates: Rates
    each: Sequence[Estimate]

    def rules(self) -> list[Sum]:
        """A sum for each rule, in the order of the stages."""
        groups: dict[str, list[Estimate]] = {rule: [] for rule in RULES}
        for one in self.each:
            groups[one.job.rule].append(one)
        return [summed(rule, members) for rule, members in groups.items() if members]

    def total(self) -> Sum:
        """All jobs."""
        return summed("total", self.each)

    def studies(self) -> list[Sum]:
        """A sum for each study; what studies share counts in each of them."""
        groups: dict[str, list[Estimate]] = {study: [] for study in self.jobs.config.studies}
        for one in self.each:
            if one.job.rule not in ("collect", "report"):
                for study in one.job.studies:
                    groups[study].append(one)
        return [summed(study, members) for study, members in groups.items()]

    def wall(self, cores: int) -> float:
        """Seconds from start to end: the larger of all work shared out evenly, and the longest chain of jobs that wait for one another."""
        longest = {row.name: row.longest + OVERHEAD for row in self.rules()}
        chain = sum(max((longest.get(rule, 0.0) for rule in stage), default=0.0) for stage in CHAIN)
        total = self.total()
        return START + max((total.cpu + OVERHEAD * total.jobs) / cores, chain)

    def unmeasured(self) -> dict[str, int]:
        """Groups of jobs whose costs are those of similar ones, and how many jobs they are."""
        found: dict[str, int] = {}
        for one in self.each:
            if self.rates.unmeasured(one.job):
                found[one.job.group] = found.get(one.job.group, 0) + 1
        return found


def summed(name: str, members: Iterable[Estimate]) -> Sum:
    """The sum of some jobs."""
    rows = list(members)
    if not rows:
        return Sum(name)
    cpu, memory = [one.cpu for one in rows], [one.memory for one in rows]
    return Sum(name, len(rows), sum(cpu), max(cpu), max(memory), sum(one.disk for one in rows))


def estimate(jobs: Jobs, rates: Rates) -> Estimates:
    """Every job at these rates."""
    each = [Estimate(job, *(rates.of(job, measure) for measure in ("cpu", "memory", "disk"))) for job in jobs.all]
    return Estimates(jobs, rates, each)
