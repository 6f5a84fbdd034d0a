"""Which metrics a study is scored by: its own, or the usual ones of what its tasks ask for."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

from headroom.catalog import component, kinds
from headroom.config.components import instance
from headroom.config.general import Specs
from headroom.config.problems import Problem
from headroom.config.study import Selection, Study
from headroom.core.examples import OF_NUMBERS, Kind

NUMBERS = ("r2", "r2_clean", "r2_mean", "mse", "rmse", "mae")
STATES = ("r2_mean", "r2", "pearson", "nrmse")
CLASSES = ("accuracy", "balanced_accuracy", "macro_f1", "auc", "log_loss", "brier")

Studies = Mapping[str, Study]
Grids = Mapping[str, tuple[Selection, ...]]


def with_metrics(specs: Mapping[str, Specs], studies: Studies, selections: Grids) -> tuple[dict[str, Study], list[Problem]]:
    """The studies with metrics and primary metric filled in, and where these or the models do not go with the tasks."""
    filled, problems = {}, []
    for name, study in studies.items():
        asked = {kind for selection in selections[name] for kind in [kind_of(specs, selection)] if kind}
        usual = CLASSES if asked == {"category"} else STATES if asked == {"same_time"} else NUMBERS
        metrics = study.metrics or usual
        filled[name] = replace(study, metrics=metrics, primary=study.primary or metrics[0])
        problems += [*_mixed(name, asked), *_unfit(name, filled[name], asked), *_speechless(name, selections[name], specs)]
        problems += [*_twice(name, selections[name], specs), *_two_noises(name, selections[name])]
        problems += _eventless(name, study, selections[name], specs)
    return filled, problems


def kind_of(specs: Mapping[str, Specs], selection: Selection) -> Kind | None:
    """What a selection's task asks for; None where the task is not there or has mistakes of its own."""
    spec = specs["tasks"].get(selection.task)
    kind: Kind | None = instance("tasks", spec).kind_of_target if spec else None
    return kind


def _mixed(name: str, asked: set[Kind]) -> Iterator[Problem]:
    if "category" in asked and len(asked) > 1:
        yield Problem(("studies", name), "its tasks ask for labels and for numbers, which no one metric scores; make two studies of it")


def _unfit(name: str, study: Study, asked: set[Kind]) -> Iterator[Problem]:
    if not asked:  # its tasks or grids have mistakes of their own
        return
    about = "category" if asked == {"category"} else "value"
    for index, metric in enumerate(study.metrics or ()):
        if metric in kinds("metrics") and component("metrics", metric).about != about:
            words = "scores labels, and the tasks ask for numbers" if about == "value" else "scores numbers, and the tasks ask for labels"
            yield Problem(("studies", name, "metrics", index), f"{metric} {words}; for these: {', '.join(_about(about))}")


def _eventless(name: str, study: Study, selections: tuple[Selection, ...], specs: Mapping[str, Specs]) -> Iterator[Problem]:
    """Metrics of spikes where no system has any."""
    known = [specs["systems"][system]["kind"] for selection in selections for system in selection.systems if specs["systems"].get(system)]
    if not known or any(_spiking(kind) for kind in known):
        return
    for index, metric in enumerate(study.metrics):
        if metric in kinds("metrics") and hasattr(component("metrics", metric), "among"):
            able = ", ".join(filter(_spiking, kinds("simulators")))
            words = f"{metric} tells spikes from the rest, and no system of the study has spikes; {able} do"
            yield Problem(("studies", name, "metrics", index), words)


def _spiking(kind: str) -> bool:
    return bool(getattr(component("simulators", kind), "spiking", False))


def _about(about: str) -> list[str]:
    return [kind for kind in kinds("metrics") if component("metrics", kind).about == about]


def _speechless(name: str, selections: tuple[Selection, ...], specs: Mapping[str, Specs]) -> Iterator[Problem]:
    """Models that cannot answer what the task asks for."""
    for number, selection in enumerate(selections):
        place = ("studies", name, "selections", number) if len(selections) > 1 else ("studies", name)
        asked = kind_of(specs, selection)
        for index, model in enumerate(selection.models):
            spec = specs["models"].get(model)
            if asked and spec and asked not in getattr(instance("models", spec), "answers", OF_NUMBERS):
                words = f"{model} cannot answer the task {selection.task!r}; models that can: {', '.join(_able(asked))}"
                yield Problem((*place, "models", index), words)
        for index, ceiling in enumerate(selection.ceilings):
            spec = specs["ceilings"].get(ceiling)
            if asked and spec and asked not in getattr(instance("ceilings", spec), "answers", ("ahead",)):
                yield Problem(
                    (*place, "ceilings", index), f"{ceiling} knows nothing of what the task {selection.task!r} asks for; leave it out"
                )


def _able(asked: Kind) -> list[str]:
    """Kinds of model that can answer, at least under some settings."""
    answers = {kind: getattr(component("models", kind), "answers", OF_NUMBERS) for kind in kinds("models")}
    return [kind for kind, able in answers.items() if not isinstance(able, tuple) or asked in able]


def _twice(name: str, selections: tuple[Selection, ...], specs: Mapping[str, Specs]) -> Iterator[Problem]:
    """Tasks that would write the same rows: of one name in the tables, about one system, with a horizon in common."""
    seen: dict[tuple[object, ...], tuple[str, set[int]]] = {}
    for selection in selections:
        spec = specs["tasks"].get(selection.task)
        if not spec:
            continue
        task = instance("tasks", spec)
        offsets = set(getattr(task, "offsets", (0,)))
        for system in selection.systems:
            place = (system, selection.sensor, selection.noise, selection.split, task.name)
            other, taken = seen.setdefault(place, (selection.task, offsets))
            if other != selection.task and taken & offsets:
                shared = ", ".join(map(str, sorted(taken & offsets)))
                words = (
                    f"tasks {other!r} and {selection.task!r} both ask {system} for {task.name} at offset {shared}; make two studies of it"
                )
                yield Problem(("studies", name), words)


def _two_noises(name: str, selections: tuple[Selection, ...]) -> Iterator[Problem]:
    """Noises that no column of the tables tells apart: on one system through one sensor, at a level in common."""
    seen: dict[tuple[object, ...], str | None] = {}
    for selection in selections:
        for system, level in product(selection.systems, selection.levels or (None,)):
            place = (system, selection.sensor, level, selection.task, selection.split)
            other = seen.setdefault(place, selection.noise)
            if other != selection.noise:
                at = "" if level is None else f" at level {level:g}"
                words = f"noises {other!r} and {selection.noise!r} both lie on {system}{at}, and no column of the tables tells them apart"
                yield Problem(("studies", name), f"{words}; give the system a second name, or make two studies of it")
