"""Whether what studies name is defined and goes together."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from headroom.catalog import kinds
from headroom.config.components import has_level, instance, resolve, unreadable, with_level
from headroom.config.general import SECTIONS, Specs
from headroom.config.lengths import Lengths
from headroom.config.problems import Path, Problem, meant
from headroom.config.study import Selection, Study

BYTES_PER_VALUE = 8
ANY = "permutation"
"""What can be asked of models that are no networks, too."""


def reference_problems(
    specs: Mapping[str, Specs], studies: Mapping[str, Study], selections: Mapping[str, tuple[Selection, ...]], memory_limit: float
) -> list[Problem]:
    """What is undefined, doubled, too large or does not go together; `memory_limit` in GB."""
    problems = [
        problem for name, spec in specs["systems"].items() if spec for problem in _system(name, spec, specs["systems"], memory_limit)
    ]
    lengths = Lengths(specs)
    for name, study in studies.items():
        problems += _kinds(name, study, {model for selection in selections[name] for model in selection.models}, specs["models"])
        for index, selection in enumerate(selections[name]):
            path: Path = ("studies", name, "selections", index) if len(selections[name]) > 1 else ("studies", name)
            problems += [*_undefined(path, selection, specs), *_ladder(path, selection, specs), *_ceilings(path, selection, specs)]
            problems += lengths.problems(path, selection)
    return problems


def _system(name: str, spec: Mapping[str, Any], defined: Specs, memory_limit: float) -> Iterator[Problem]:
    twin = spec.get("draws_of")
    if twin and twin not in defined:
        yield Problem(("systems", name, "draws_of"), f"found {twin!r}; {meant(twin, defined)}")
    elif twin and (defined[twin] or {}).get("draws_of"):
        yield Problem(("systems", name, "draws_of"), f"found {twin!r}, which takes another's draws itself; name that one")
    simulator = instance("simulators", spec)
    size = getattr(simulator, "size", lambda: 0)() * BYTES_PER_VALUE / 1e9
    if size > memory_limit:
        yield Problem(("systems", name), f"a recording of {size:,.0f} GB; the limit is {memory_limit:g} GB (memory_limit): ask for less")
    yield from unreadable(simulator, ("systems", name))


def _kinds(name: str, study: Study, models: set[str], defined: Specs) -> Iterator[Problem]:
    for field, family in (("metrics", "metrics"), ("analyses", "analyses")):
        for index, kind in enumerate(getattr(study, field)):
            if kind not in kinds(family):
                yield Problem(("studies", name, field, index), f"found {kind!r}; {meant(kind, kinds(family))}")
    for model in study.explain:
        if model not in defined:  # one of another study is left out: overlays choose fewer models
            yield Problem(("studies", name, "explain", model), f"is no model; {meant(model, models)}")
        elif set(study.explain[model]) - {ANY} and defined[model] and not hasattr(instance("models", defined[model]), "training"):
            yield Problem(("studies", name, "explain", model), "is no network, and only networks can be looked into; leave it out")
    if study.primary not in study.metrics:
        yield Problem(("studies", name, "primary"), f"found {study.primary!r}; {meant(study.primary, study.metrics)}")


def _undefined(path: Path, selection: Selection, specs: Mapping[str, Specs]) -> Iterator[Problem]:
    for section in ("systems", "models", "ceilings"):
        names = getattr(selection, section)
        for index, name in enumerate(names):
            if name not in specs[section]:
                yield Problem((*path, section, index), _unknown(name, section, specs))
            elif name in names[:index]:
                yield Problem((*path, section, index), f"{name!r} stands twice; keep one of them")
    for field, section in (("sensor", "sensors"), ("noise", "noises"), ("task", "tasks"), ("split", "splits")):
        name = getattr(selection, field)
        if name is not None and name not in specs[section]:
            yield Problem((*path, field), _unknown(name, section, specs))


def _unknown(name: str, section: str, specs: Mapping[str, Specs]) -> str:
    """A kind can be named as it is, so kinds are among what may have been meant."""
    return f"{name!r} is not defined in {section}; {meant(name, {*specs[section], *kinds(SECTIONS.get(section, 'observations'))})}"


def _ladder(path: Path, selection: Selection, specs: Mapping[str, Specs]) -> Iterator[Problem]:
    texts = [f"{level:g}" for level in selection.levels]
    for index, text in enumerate(texts):
        if text in texts[:index]:
            yield Problem((*path, "levels", index), f"{text} stands twice; keep one of them")
    if selection.noise is None and selection.levels:
        yield Problem((*path, "noise"), f"missing, while levels are given; {meant(None, specs['noises'])}")
    steps = specs["noises"].get(selection.noise or "", [])
    if selection.noise not in specs["noises"] or not all(steps):
        return
    if any(map(has_level, steps)) and not selection.levels:
        yield Problem((*path, "levels"), f"missing; noise {selection.noise!r} has a level: list at least one")
    for index, level in enumerate(selection.levels):
        if not any(map(has_level, steps)):
            yield Problem((*path, "levels", index), f"noise {selection.noise!r} has no step with a level")
        for step in with_level(steps, level):
            yield from resolve("observations", step, (*path, "levels", index))[1]


def _ceilings(path: Path, selection: Selection, specs: Mapping[str, Specs]) -> Iterator[Problem]:
    for name in selection.systems:
        spec = specs["systems"].get(name)
        if spec and selection.ceilings and hasattr(instance("simulators", spec), "files"):
            words = f"{name!r} is a recording: nobody knows its equations, so it has no ceiling; give ceilings: []"
            yield Problem((*path, "ceilings"), words)
    yield from _lags(path, selection, specs)


def _lags(path: Path, selection: Selection, specs: Mapping[str, Specs]) -> Iterator[Problem]:
    """Oracles that think an observed value to rest on other later samples than it does."""
    steps = [*specs["sensors"].get(selection.sensor, []), *specs["noises"].get(selection.noise or "", [])]
    lags = [step["lag"] for step in steps if step and "lag" in step]
    real = None if None in lags else sum(lags)
    for index, name in enumerate(selection.ceilings):
        spec = specs["ceilings"].get(name)
        if spec and "sensor_lag" in spec and spec["sensor_lag"] != real:
            said, found = (json.dumps(lag) for lag in (spec["sensor_lag"], real))
            words = f"{name} has sensor_lag: {said}, and the lags of sensor and noise come to {found}; set ceilings.{name}.sensor_lag"
            yield Problem((*path, "ceilings", index), words)
