"""The dearest fits of a study, and what would make each of them cheaper."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from headroom.config.plan import Condition, seeds_of
from headroom.planning.amounts import fit_features
from headroom.planning.estimate import Estimates
from headroom.planning.jobs import Job


@dataclass(frozen=True)
class Fit:
    """A model on a condition with all its seeds."""

    study: str
    model: str
    condition: str
    seeds: int
    cpu: float
    """Processor time [s]."""
    advice: tuple[str, ...]
    """How to make it cheaper, with what that saves."""


def dearest(estimates: Estimates, study: str, count: int = 5) -> list[Fit]:
    """The fits of a study that take the most processor time, dearest first."""
    spent: dict[tuple[str, str], float] = {}
    for one in estimates.each:
        if one.job.rule == "train" and study in one.job.studies:
            path, model, _ = one.job.name.rsplit("/", 2)
            spent[path, model] = spent.get((path, model), 0.0) + one.cpu
    top = sorted(spent, key=lambda key: -spent[key])[:count]
    return [_fit(estimates, study, path, model, spent[path, model]) for path, model in top]


def _fit(estimates: Estimates, study: str, path: str, model: str, cpu: float) -> Fit:
    plan = estimates.jobs.plan
    condition = plan.by_path[path]
    seeds = sum(seed is not None for fit in plan.fits(condition, model, study) for seed in seeds_of(fit)) or 1
    advice = tuple(_advice(estimates, study, condition, model, seeds, cpu))
    return Fit(study, model, path, seeds, cpu, advice)


def _advice(estimates: Estimates, study: str, condition: Condition, model: str, seeds: int, cpu: float) -> Iterator[str]:
    settings = estimates.jobs.amounts.models[model]
    if seeds > 1:
        yield f"seeds: {seeds - 1} saves {minutes(cpu / seeds)}"
    if hasattr(settings, "training"):
        steps = settings.training.budget(estimates.jobs.shapes.dataset(condition).train)
        if steps > 1:
            yield f"steps: {steps // 2} saves {minutes(cpu - _with_steps(estimates, condition, model, seeds, steps // 2))}"
    levels = [other.level for other in estimates.jobs.plan.studies[study] if other.at("") == condition.at("")]
    if len(levels) > 1:
        yield f"without level {condition.level} of {len(levels)} saves {minutes(_level(estimates, study, condition))} in all"


def _with_steps(estimates: Estimates, condition: Condition, model: str, seeds: int, steps: int) -> float:
    settings: Any = estimates.jobs.amounts.models[model]
    fewer = replace(settings, training=replace(settings.training, steps=steps))
    kind = estimates.jobs.config.specs["models"][model]["kind"]
    features = fit_features(fewer, estimates.jobs.shapes.dataset(condition), seeds)
    return estimates.rates.of(Job("train", kind, "", (), features), "cpu")


def _level(estimates: Estimates, study: str, condition: Condition) -> float:
    """Processor time of all jobs of one condition of a study."""
    return sum(one.cpu for one in estimates.each if study in one.job.studies and f"/{condition.path}/" in f"/{one.job.name}/")


def minutes(seconds: float) -> str:
    """Processor time as people read it."""
    return f"{seconds / 60:.1f} CPU min" if seconds >= 6 else f"{seconds:.1f} CPU s"
