"""What each job rests on: the resolved settings of just the components it uses, the code it can reach, and all that came before.

A job reruns when its entry changes and only then: writing a default into config.yaml changes no entry, and a comment changes no code.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import Any

from headroom.catalog import ROOT, build, component
from headroom.config.components import head_of, with_level
from headroom.config.loading import Config
from headroom.config.plan import Condition, Plan, Wanted, seeds_of
from headroom.core.files import sha256
from headroom.provenance import code_digest, locked, third_party

Entry = dict[str, Any]


def _once(method: Callable[..., Entry]) -> Callable[..., Entry]:
    """Every entry is worked out once: those of late stages rest on hundreds of early ones."""

    @wraps(method)
    def remembered(self: "Ledger", *names: Any) -> Entry:
        key = (method.__name__, *names)
        if key not in self.entries:
            self.entries[key] = method(self, *names)
        return self.entries[key]

    return remembered


class Ledger:
    """The `params` of every rule."""

    def __init__(self, config: Config, plan: Plan, lock: Path) -> None:
        self.config, self.plan, self.lock = config, plan, lock
        self.seed = config.general.seed
        self.entries: dict[Any, Entry] = {}
        self.digests: dict[Any, str] = {}

    @_once
    def simulate(self, system: str) -> Entry:
        """A recording."""
        spec = self.config.specs["systems"][system]
        settings = {"seed": self.seed, "system": self._draws_of(system), "simulator": spec}
        return self._entry("1_simulate", settings, [_file("simulators", spec)])

    @_once
    def observe(self, condition: Condition) -> Entry:
        """A recording through a sensor and a noise."""
        sensor = self.config.specs["sensors"][condition.sensor]
        noise = self.noise(condition)
        settings = {"seed": self.seed, "system": self._draws_of(condition.system), "sensor": sensor, "noise": noise}
        files = [_file("observations", step) for step in [*sensor, *noise]]
        heads = [head_of(step) for step in [*sensor, *noise]]
        if any(heads):
            settings["heads"] = heads
        return self._entry("2_observe", settings, files, self.simulate(condition.system), *map(self.lead_field, self.heads(condition)))

    def _draws_of(self, system: str) -> str:
        """The system whose random draws it takes: its own, or another's that it is to be compared with."""
        return self.config.specs["systems"][system].get("draws_of") or system

    @_once
    def lead_field(self, head: str) -> Entry:
        """What sources in a head do to its sensors."""
        steps = [step for section in ("sensors", "noises") for chain in self.config.specs[section].values() for step in chain]
        (settings, *_) = (step["head"] for step in steps if head_of(step) == head)
        return self._entry("2_lead_field", {"head": settings}, [])

    def heads(self, condition: Condition) -> list[str]:
        """Names of the heads that a condition's sensor and noise need a lead field of."""
        steps = [*self.config.specs["sensors"][condition.sensor], *self.noise(condition)]
        return sorted({head for head in map(head_of, steps) if head})

    @_once
    def dataset(self, condition: Condition) -> Entry:
        """Examples, split and scaled."""
        task, split = self.config.specs["tasks"][condition.task], self.config.specs["splits"][condition.split]
        files = [_file("tasks", task), _file("splits", split)]
        return self._entry("3_dataset", {"task": task, "split": split}, files, self.observe(condition))

    @_once
    def train(self, condition: Condition, model: str, fit: str) -> Entry:
        """Fits of one model on one condition."""
        spec = self.config.specs["models"][model]
        settings = {"model": spec, "seeds": seeds_of(fit)}
        return self._entry("4_train", settings, [_file("models", spec)], self.dataset(condition))

    @_once
    def evaluate(self, study: str, condition: Condition) -> Entry:
        """Scores of a study's models on one condition, at every level they are tested on."""
        wanted = self.plan.studies[study][condition]
        models = {name: self.config.specs["models"][name] for name in wanted.models}
        task = self.config.specs["tasks"][condition.task]
        settings = {"where": condition.where, "models": models, "metrics": wanted.metrics, "task": task, "tested": wanted.tested}
        fits = [(name, fit) for name in models for fit in self.plan.fits(condition, name, study)]
        settings["sensitivities"] = any("sensitivities" in sources for sources in self._sources(study))
        settings["explain"] = {name: what for name, what in self.config.studies[study].explain.items() if name in models}
        settings["fits"] = [(name, [seed for seed in seeds_of(fit) if (seed or 0) < wanted.models[name]]) for name, fit in fits]
        files = [_file("models", spec) for spec in models.values()] + [ROOT / "metrics" / f"{metric}.py" for metric in wanted.metrics]
        files.append(_file("tasks", task))
        trained = [self.train(condition, name, fit) for name, fit in fits]
        return self._entry("5_evaluate", settings, files, *trained, *(self.dataset(condition.at(level)) for level in wanted.tested))

    @_once
    def ceiling(self, condition: Condition, ceiling: str) -> Entry:
        """What one oracle expects of a condition."""
        spec = self.config.specs["ceilings"][ceiling]
        simulator = self.config.specs["systems"][condition.system]
        metrics = self.plan.wanted[condition].metrics
        task = self.config.specs["tasks"][condition.task]
        settings = {"seed": self.seed, "name": ceiling, "ceiling": spec, "simulator": simulator, "metrics": metrics, "path": condition.path}
        settings |= {"where": condition.where, "task": task}
        files = [_file("ceilings", spec), _file("simulators", simulator), _file("tasks", task)]
        if hasattr(component("ceilings", spec["kind"]), "through"):
            settings["observation"] = [*self.config.specs["sensors"][condition.sensor], *self.noise(condition)]
            files += [_file("observations", step) for step in settings["observation"]]
        files += [ROOT / "metrics" / f"{metric}.py" for metric in metrics]
        return self._entry("5_ceiling", settings, files, self.dataset(condition))

    @_once
    def summarise(self, study: str) -> Entry:
        """A study's tables."""
        wanted = self.config.studies[study]
        runs = self.plan.studies[study]
        settings = {
            "seed": self.seed,
            "study": study,
            "primary": wanted.primary,
            "metrics": list(wanted.metrics),
            "claims": [asdict(claim) for claim in wanted.published],
            "conditions": [self._run(condition, asked) for condition, asked in runs.items()],
        }
        entries = [self.evaluate(study, condition) for condition in runs]
        entries += [self.ceiling(condition, name) for condition, asked in runs.items() for name in asked.ceilings]
        return self._entry("5_summarise", settings, [ROOT / "metrics" / f"{metric}.py" for metric in wanted.metrics], *entries)

    @_once
    def collect(self) -> Entry:
        """All studies' tables."""
        return self._entry("5_collect", {"studies": list(self.config.studies)}, [], *map(self.summarise, self.config.studies))

    @_once
    def analyse(self, study: str, analysis: str) -> Entry:
        """The table behind a figure."""
        systems = sorted({condition.system for condition in self.plan.studies[study]})
        simulators = {name: self.config.specs["systems"][name] for name in systems}
        settings = {"seed": self.seed, "analysis": analysis, "simulators": simulators}
        files = [_file("simulators", spec) for spec in simulators.values()] if self._asks_simulators(analysis) else []
        return self._entry("6_analyse", settings, [ROOT / "analyses" / f"{analysis}.py", *files], self.summarise(study), without="draw")

    @_once
    def draw(self, study: str, analysis: str) -> Entry:
        """A figure."""
        settings = {"analysis": analysis, "notice": self.config.general.notice}
        return self._entry("6_draw", settings, [ROOT / "analyses" / f"{analysis}.py"], self.analyse(study, analysis))

    def table_of_systems(self, analysis: str, systems: Mapping[str, Entry]) -> Entry:
        """The table of an analysis that simulates systems for itself, whatever the studies ask for."""
        settings = {"seed": self.seed, "analysis": analysis, "simulators": dict(systems)}
        files = [ROOT / "analyses" / f"{analysis}.py", *(_file("simulators", spec) for spec in systems.values())]
        return self._entry("6_analyse", settings, files, without="draw")

    def figure_of_systems(self, analysis: str, systems: Mapping[str, Entry]) -> Entry:
        """The figure of such a table."""
        settings = {"analysis": analysis, "notice": self.config.general.notice}
        return self._entry("6_draw", settings, [ROOT / "analyses" / f"{analysis}.py"], self.table_of_systems(analysis, systems))

    @_once
    def report(self, *only: str) -> Entry:
        """The report page of all studies, or of these."""
        fields = ("question", "limits", "primary", "metrics")
        chosen = {name: study for name, study in self.config.studies.items() if name in only or not only}
        studies = {name: {field: getattr(study, field) for field in fields} for name, study in chosen.items()}
        for name in chosen:
            studies[name]["conditions"] = [condition.path for condition in self.plan.studies[name]]
        before = [
            *map(self.summarise, chosen),
            *(self.draw(name, analysis) for name, study in chosen.items() for analysis in study.analyses),
        ]
        templates = {path.name: sha256(path) for path in sorted((ROOT / "report" / "templates").iterdir())}
        settings = {"studies": studies, "notice": self.config.general.notice, "templates": templates, "versions": self._versions()}
        files = [ROOT / "analyses" / f"{analysis}.py" for study in chosen.values() for analysis in study.analyses]
        return self._entry("7_report", settings, files, *before)

    def noise(self, condition: Condition) -> list[Entry]:
        """The steps of a condition's noise at its level."""
        steps = self.config.specs["noises"][condition.noise] if condition.noise else []
        return with_level(steps, float(condition.level) if condition.level else None)

    def _run(self, condition: Condition, asked: Wanted) -> Entry:
        task = build("tasks", self.config.specs["tasks"][condition.task]).name
        wanted = {"models": list(asked.models), "ceilings": asked.ceilings, "tested": asked.tested}
        return condition.where | {"path": condition.path, "task": task} | wanted

    def _versions(self) -> dict[str, str]:
        """Locked versions of the packages that the jobs before the report may import."""
        files = {ROOT.parent / "scripts" / f"{script}.py" for script, _, _ in self.digests} | {
            file for _, of, _ in self.digests for file in of
        }
        versions = locked(self.lock)
        return {name: versions[name] for name in third_party(tuple(sorted(files))) if name in versions}

    def _sources(self, study: str) -> list[tuple[str, ...]]:
        """The tables that each analysis of a study asks for."""
        return [getattr(component("analyses", analysis), "sources", ()) for analysis in self.config.studies[study].analyses]

    def _asks_simulators(self, analysis: str) -> bool:
        return hasattr(component("analyses", analysis), "compute_systems")

    def _entry(self, script: str, settings: Entry, files: list[Path], *inherited: Entry, without: str | None = None) -> Entry:
        key = (script, tuple(files), without)
        if key not in self.digests:
            self.digests[key] = code_digest([ROOT.parent / "scripts" / f"{script}.py", *files], self.lock, without)
        chain = hashlib.sha256(json.dumps(inherited, sort_keys=True).encode()).hexdigest()[:12] if inherited else ""
        return {"settings": settings, "code": self.digests[key], "inherits": chain}


def _file(family: str, spec: Entry) -> Path:
    return ROOT / family / f"{spec['kind']}.py"
