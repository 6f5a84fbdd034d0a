"""From selections to runs: every condition, and what is wanted of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

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
    """What all studies together want of a condition."""

    models: dict[str, int] = field(default_factory=dict)  # name -> number of seeds
    ceilings: list[str] = field(default_factory=list)
    tested: list[str] = field(default_factory=list)  # levels at which its models are tested, its own first
    metrics: list[str] = field(default_factory=list)


class Plan:
    """Every condition of a configuration and what is wanted of it."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.wanted: dict[Condition, Wanted] = {}
        for study, selections in config.selections.items():
            for selection in selections:
                for condition in conditions(selection):
                    self._want(condition, selection, config.studies[study].metrics)
        self.by_path = {condition.path: condition for condition in self.wanted}

    def of_study(self, study: str) -> list[tuple[Condition, Selection]]:
        """The study's conditions, each once, with all that its selections ask of it."""
        asked: dict[Condition, Selection] = {}
        for selection in self.config.selections[study]:
            for condition in conditions(selection):
                asked[condition] = _both(asked[condition], selection) if condition in asked else selection
        return list(asked.items())

    def fits(self, condition: Condition, model: str) -> list[str]:
        """The folders of a model's fits: `once`, or `seeds_0-4`, `seeds_5-9`."""
        if not component("models", self.config.specs["models"][model]["kind"]).seeded:
            return [ONCE]
        seeds, share = self.wanted[condition].models[model], self.config.general.seeds_per_job
        return [f"seeds_{first}-{min(first + share, seeds) - 1}" for first in range(0, seeds, share)]

    def _want(self, condition: Condition, selection: Selection, metrics: tuple[str, ...]) -> None:
        wanted = self.wanted.setdefault(condition, Wanted())
        for model in selection.models:
            wanted.models[model] = max(selection.seeds, wanted.models.get(model, 0))
        tested = [condition.level, *(map(_text, selection.levels) if selection.cross_noise else ())]
        for have, want in ((wanted.ceilings, selection.ceilings), (wanted.tested, tested), (wanted.metrics, metrics)):
            have += [item for item in dict.fromkeys(want) if item not in have]


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


def _both(one: Selection, other: Selection) -> Selection:
    """What two selections ask of a condition that they share."""
    models = tuple(dict.fromkeys((*one.models, *other.models)))
    ceilings = tuple(dict.fromkeys((*one.ceilings, *other.ceilings)))
    cross_noise, seeds = one.cross_noise or other.cross_noise, max(one.seeds, other.seeds)
    return replace(one, models=models, ceilings=ceilings, cross_noise=cross_noise, seeds=seeds)


def _text(level: float) -> str:
    return f"{level:g}"
