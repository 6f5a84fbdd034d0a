"""From selections to runs: every condition, and what is wanted of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from headroom.catalog import component
from headroom.config.loading import Config
from headroom.config.study import Selection

ONCE = "once"
"""Folder of a fit that does not depend on a seed."""


@dataclass(frozen=True, order=True)
class Condition:
    """A dataset's coordinates: what is simulated, observed, asked and held out."""

    system: str
    sensor: str
    noise: str  # name of the noise; empty without one
    level: str  # rung of its ladder as text; empty where the noise has none
    task: str
    split: str

    @property
    def rung(self) -> str:
        """Folder of the noise and its level: `white_0.2`, or `none`."""
        return "_".join(filter(None, (self.noise, self.level))) or "none"

    @property
    def path(self) -> str:
        """Where it lies below each stage's folder."""
        return f"{self.system}/{self.sensor}/{self.rung}/{self.task}/{self.split}"

    @property
    def where(self) -> dict[str, str | None]:
        """Its columns in the tables; the level is null where the noise has none."""
        return {"system": self.system, "sensor": self.sensor, "noise": self.level or None, "split": self.split}

    def at(self, level: str) -> "Condition":
        """The same at another level of its ladder."""
        return Condition(self.system, self.sensor, self.noise, level, self.task, self.split)


@dataclass
class Wanted:
    """What is wanted of a condition."""

    models: dict[str, int] = field(default_factory=dict)  # name -> number of seeds
    ceilings: list[str] = field(default_factory=list)  # the primary one first
    tested: list[str] = field(default_factory=list)  # levels at which its models are tested, its own first
    metrics: list[str] = field(default_factory=list)

    def add(self, models: Mapping[str, int], ceilings: Iterable[str], tested: Iterable[str], metrics: Iterable[str]) -> None:
        """Wants these too."""
        for model, seeds in models.items():
            self.models[model] = max(seeds, self.models.get(model, 0))
        for have, more in ((self.ceilings, ceilings), (self.tested, tested), (self.metrics, metrics)):
            have += [item for item in dict.fromkeys(more) if item not in have]


class Plan:
    """Every condition of a configuration: what all studies together want of it, and what each of them does."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.studies: dict[str, dict[Condition, Wanted]] = {study: _asked(config, study) for study in config.studies}
        self.wanted: dict[Condition, Wanted] = {}
        for asked in self.studies.values():
            for condition, own in asked.items():
                self.wanted.setdefault(condition, Wanted()).add(own.models, own.ceilings, own.tested, own.metrics)
        self.by_path = {condition.path: condition for condition in self.wanted}

    def fits(self, condition: Condition, model: str, study: str | None = None) -> list[str]:
        """The folders of a model's fits: `once`, or `seeds_0-4`, `seeds_5-9`; those alone that hold a seed of the study."""
        if not component("models", self.config.specs["models"][model]["kind"]).seeded:
            return [ONCE]
        seeds, share = self.wanted[condition].models[model], self.config.general.seeds_per_job
        needed = seeds if study is None else self.studies[study][condition].models[model]
        return [f"seeds_{first}-{min(first + share, seeds) - 1}" for first in range(0, needed, share)]


def _asked(config: Config, study: str) -> dict[Condition, Wanted]:
    asked: dict[Condition, Wanted] = {}
    for selection in config.selections[study]:
        levels = [_text(level) for level in selection.levels] if selection.cross_noise else []
        models = dict.fromkeys(selection.models, selection.seeds)
        for condition in conditions(selection):
            wanted = asked.setdefault(condition, Wanted())
            wanted.add(models, selection.ceilings, [condition.level, *levels], config.studies[study].metrics)
    return asked


def conditions(selection: Selection) -> Iterator[Condition]:
    """Every condition that a selection spans."""
    for system in selection.systems:
        for level in [_text(level) for level in selection.levels] or [""]:
            yield Condition(system, selection.sensor, selection.noise or "", level, selection.task, selection.split)


def seeds_of(fit: str) -> list[int | None]:
    """The seeds of a fit's folder; one None where the fit does not depend on one."""
    if fit == ONCE:
        return [None]
    first, last = fit.removeprefix("seeds_").split("-")
    return list(range(int(first), int(last) + 1))


def _text(level: float) -> str:
    return f"{level:g}"
