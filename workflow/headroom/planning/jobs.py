"""Every job that Snakemake would plan for `rule all`, with what it works on."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from headroom.config.components import head_of
from headroom.config.loading import Config
from headroom.config.paths import Paths
from headroom.config.plan import Condition, Plan, seeds_of
from headroom.planning.amounts import Amounts, Features
from headroom.planning.shapes import Shapes

ALL = "all"
"""The rule that asks for everything and does nothing."""
FOLDERS = {
    "simulate": "1_recordings/",
    "lead_field": "2_observations/lead_fields/",
    "observe": "2_observations/",
    "dataset": "3_datasets/",
    "train": "4_models/",
    "ceiling": "5_scores/ceilings/",
    "evaluate": "5_scores/studies/",
    "summarise": "5_scores/studies/",
    "analyse": "6_analyses/",
    "draw": "6_analyses/",
}
"""Where below the results a rule's job with a name of its own writes."""
SUBJECT = 4
"""Memory of a lead field in a subject's own head, over that in spheres: its boundary elements are 7686 x 7686 numbers."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job, and how much there is of everything that costs."""

    rule: str
    kind: str
    """Component that does the work; empty where the rule itself does."""
    name: str
    """What its wildcards say, as its files below logs/ and benchmarks/ do."""
    studies: tuple[str, ...]
    """Those that need it."""
    features: Features

    @property
    def group(self) -> str:
        """Jobs of one group have rates in common."""
        return f"{self.rule}.{self.kind}" if self.kind else self.rule


class Jobs:
    """All jobs of a configuration."""

    def __init__(self, config: Config, plan: Plan | None = None) -> None:
        self.config, self.plan = config, plan or Plan(config)
        self.shapes = Shapes(config)
        self.amounts = Amounts(config, self.plan, self.shapes)
        self.users: dict[Condition, tuple[str, ...]] = {}
        for study, runs in self.plan.studies.items():
            for condition in runs:
                self.users[condition] = (*self.users.get(condition, ()), study)

    @cached_property
    def all(self) -> list[Job]:
        """Every job, in the order of the stages."""
        return list(self._every())

    def benchmark(self, job: Job) -> str:
        """The file below the results that tells a job's time and memory."""
        return Paths("").benchmark(job.rule, job.name).lstrip("/")

    def manifest(self, job: Job) -> str:
        """The file below the results that lists what a job wrote."""
        own = {"collect": "", "report": "7_report"}
        return f"{own[job.rule] if job.rule in own else FOLDERS[job.rule] + job.name}/{job.rule}.manifest.json".lstrip("/")

    def _every(self) -> Iterator[Job]:
        yield from self._recordings()
        yield from self._lead_fields()
        yield from self._observations()
        for condition in self.plan.wanted:
            yield from self._condition(condition)
        yield from self._studies()
        everything = tuple(self.config.studies)
        yield Job("collect", "", "all", everything, self.amounts.collect())
        yield Job("report", "", "all", everything, self.amounts.report())

    def _recordings(self) -> Iterator[Job]:
        for (system,), users in self._by("system").items():
            spec = self.config.specs["systems"][system]
            yield Job("simulate", spec["kind"], system, users, self.amounts.simulate(system))

    def _lead_fields(self) -> Iterator[Job]:
        heads: dict[tuple[str, int], dict[str, None]] = {}
        for (sensor, noise), users in self._by("sensor", "noise").items():
            steps = [*self.config.specs["sensors"][sensor], *(self.config.specs["noises"][noise] if noise else [])]
            for head, step in ((head_of(step), step) for step in steps):
                if head:
                    heads.setdefault((head, SUBJECT if step["head"]["subject"] else 1), {}).update(dict.fromkeys(users))
        yield from (Job("lead_field", "", head, tuple(users), {"start": size}) for (head, size), users in heads.items())

    def _observations(self) -> Iterator[Job]:
        for (system, sensor, noise, rung), users in self._by("system", "sensor", "noise", "rung").items():
            yield Job("observe", "", f"{system}/{sensor}/{rung}", users, self.amounts.observe(system, sensor, bool(noise)))

    def _by(self, *fields: str) -> dict[tuple[str, ...], tuple[str, ...]]:
        """The studies that use what conditions with these fields share."""
        found: dict[tuple[str, ...], dict[str, None]] = {}
        for condition, users in self.users.items():
            found.setdefault(tuple(getattr(condition, field) for field in fields), {}).update(dict.fromkeys(users))
        return {key: tuple(users) for key, users in found.items()}

    def _condition(self, condition: Condition) -> Iterator[Job]:
        path, users, wanted = condition.path, self.users[condition], self.plan.wanted[condition]
        yield Job("dataset", "", path, users, self.amounts.dataset(condition))
        for model in wanted.models:
            kind = self.config.specs["models"][model]["kind"]
            askers = {fit: _askers(self.plan, users, condition, model, fit) for fit in self.plan.fits(condition, model)}
            for fit, studies in askers.items():
                yield Job("train", kind, f"{path}/{model}/{fit}", studies, self.amounts.train(condition, model, len(seeds_of(fit))))
        for ceiling in wanted.ceilings:
            kind = self.config.specs["ceilings"][ceiling]["kind"]
            studies = tuple(study for study in users if ceiling in self.plan.studies[study][condition].ceilings)
            yield Job("ceiling", kind, f"{path}/{ceiling}", studies, self.amounts.ceiling(condition, ceiling))
        for study in users:
            yield Job("evaluate", "", f"{study}/{path}", (study,), self.amounts.evaluate(study, condition))

    def _studies(self) -> Iterator[Job]:
        for name, study in self.config.studies.items():
            yield Job("summarise", "", name, (name,), self.amounts.summarise(name))
            for analysis in dict.fromkeys(study.analyses):
                yield Job("analyse", analysis, f"{name}/{analysis}", (name,), self.amounts.figure(name))
                yield Job("draw", analysis, f"{name}/{analysis}", (name,), self.amounts.figure(name))


def _askers(plan: Plan, users: tuple[str, ...], condition: Condition, model: str, fit: str) -> tuple[str, ...]:
    """The studies that need a fit: of several batches of seeds a study may need the first alone."""
    return tuple(study for study in users if model in plan.studies[study][condition].models and fit in plan.fits(condition, model, study))
