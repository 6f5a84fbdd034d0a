"""config.yaml from text to a checked configuration: every problem is found before any job is planned."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from headroom.catalog import kinds
from headroom.config.components import checked, resolve
from headroom.config.problems import ConfigError, Path, Problem, meant
from headroom.config.references import reference_problems
from headroom.config.study import Selection, Study
from headroom.core.settings import settings

SECTIONS = {"systems": "simulators", "tasks": "tasks", "splits": "splits", "models": "models", "ceilings": "ceilings"}
STEPS = ("sensors", "noises")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
SELECTION_KEYS = {field.name for field in fields(Selection)}

Specs = dict[str, dict[str, Any]]


@settings
class General:
    """The top level of config.yaml, its component sections aside."""

    seed: int = 0
    """Seed of every simulation and noise; training seeds are counted from 0 beside it."""
    results: str = "results"
    """Folder for everything that is made."""
    notice: str = ""
    """A warning that every figure and the report show, such as that networks are under-trained."""
    seeds_per_job: int = 5
    """How many seeds of one fit share a job; short fits share its start-up, long ones are better at 1."""
    device: str = "cpu"
    """Where networks train: cpu, cuda, mps or auto."""
    memory_limit: float = 8.0
    """Largest recording that is not refused [GB]."""


@dataclass(frozen=True)
class Config:
    """All that config.yaml says, every default written out."""

    general: General
    specs: Mapping[str, Specs]  # section -> name -> resolved component, or list of steps
    studies: Mapping[str, Study]
    selections: Mapping[str, tuple[Selection, ...]]  # study -> its grids


def load(raw: Mapping[str, Any]) -> Config:
    """The checked configuration; raises ConfigError with every problem at once."""
    problems = [*_not_finite(raw, ()), *_bad_names(raw)]
    general, found = checked(General, {key: value for key, value in raw.items() if key not in (*SECTIONS, *STEPS, "studies")}, ())
    problems += _unknown_sections(found)
    specs: dict[str, Specs] = {}
    for section in (*SECTIONS, *STEPS):
        specs[section], found = _section(section, raw.get(section) or {}, raw.get("studies") or {})
        problems += found
    studies, selections, found = _studies(raw.get("studies"))
    problems += found + reference_problems(specs, studies, selections, (general or General()).memory_limit)
    if problems:
        raise ConfigError(problems)
    return Config(general, specs, studies, selections)


def _section(section: str, entries: Any, studies: Any) -> tuple[Specs, list[Problem]]:
    if not isinstance(entries, Mapping):
        return {}, [Problem((section,), f"found {entries!r}; expected `name: component` lines")]
    resolved: Specs = {}
    problems: list[Problem] = []
    for name, entry in {**_unwritten(section, entries, studies), **entries}.items():
        resolved[str(name)], found = _steps(section, name, entry) if section in STEPS else resolve(SECTIONS[section], entry, (section, name))
        problems += found
    return resolved, problems


def _unwritten(section: str, entries: Mapping[str, Any], studies: Any) -> dict[str, Any]:
    """A name that a study uses and no section defines is a kind with its defaults; the sensor `identity` changes nothing."""
    if section in STEPS:
        return {"identity": []} if section == "sensors" else {kind: {"kind": kind} for kind in kinds("observations")}
    used = set(_strings(studies))
    return {kind: {"kind": kind} for kind in kinds(SECTIONS[section]) if kind in used} | (
        {"forecast": {"kind": "forecasting"}} if section == "tasks" else {"by_block": {"kind": "by_block"}} if section == "splits" else {}
    )


def _steps(section: str, name: str, entry: Any) -> tuple[Any, list[Problem]]:
    steps, problems = [], []
    for index, step in enumerate(entry if isinstance(entry, list) else [entry]):
        path: Path = (section, name, index) if isinstance(entry, list) else (section, name)
        resolved, found = resolve("observations", step, path)
        steps.append(resolved)
        problems += found
    return steps, problems


def _studies(raw: Any) -> tuple[dict[str, Study], dict[str, tuple[Selection, ...]], list[Problem]]:
    studies: dict[str, Study] = {}
    selections: dict[str, tuple[Selection, ...]] = {}
    if not isinstance(raw, Mapping) or not raw:
        return studies, selections, [Problem(("studies",), "missing; define at least one study")]
    problems: list[Problem] = []
    for name, entry in raw.items():
        if not isinstance(entry, Mapping):
            problems.append(Problem(("studies", name), f"found {entry!r}; expected `key: value` lines"))
            continue
        own = {key: value for key, value in entry.items() if key not in SELECTION_KEYS | {"selections"}}
        study, found = checked(Study, own, ("studies", name))
        problems += [_study_key(problem) for problem in found]
        grids, found = _grids(name, entry)
        problems += found
        if study is not None:
            studies[name], selections[name] = study, grids
    return studies, selections, problems


def _grids(name: str, entry: Mapping[str, Any]) -> tuple[tuple[Selection, ...], list[Problem]]:
    shared = {key: value for key, value in entry.items() if key in SELECTION_KEYS}
    grids, problems = [], []
    for index, override in enumerate(entry.get("selections") or [{}]):
        path: Path = ("studies", name, "selections", index) if entry.get("selections") else ("studies", name)
        if not isinstance(override, Mapping):
            problems.append(Problem(path, f"found {override!r}; expected `key: value` lines"))
            continue
        grid, found = checked(Selection, {**shared, **override}, path)
        problems += found
        grids += [grid] if grid is not None else []
    return tuple(grids), problems


def _study_key(problem: Problem) -> Problem:
    if not problem.message.startswith("unknown key"):
        return problem
    names = {field.name for field in fields(Study)} | SELECTION_KEYS | {"selections"}
    return Problem(problem.path, f"unknown key; {meant(problem.path[-1], names)}")


def _unknown_sections(found: list[Problem]) -> list[Problem]:
    names = {field.name for field in fields(General)} | {*SECTIONS, *STEPS, "studies"}
    unknown = "unknown key"
    return [Problem(p.path, f"{unknown}; {meant(p.path[-1], names)}") if p.message.startswith(unknown) else p for p in found]


def _bad_names(raw: Mapping[str, Any]) -> list[Problem]:
    problems = []
    for section in (*SECTIONS, *STEPS, "studies"):
        seen: dict[str, str] = {}
        for name in raw.get(section) or {} if isinstance(raw.get(section), Mapping) else {}:
            if not isinstance(name, str) or not NAME.fullmatch(name):
                problems.append(Problem((section, name), "names are letters, digits and _ and start with a letter: they become folders"))
            elif seen.setdefault(name.lower(), name) != name:
                problems.append(Problem((section, name), f"differs from {seen[name.lower()]!r} in case only; some file systems cannot tell them apart"))
    return problems


def _not_finite(value: Any, path: Path) -> list[Problem]:
    if isinstance(value, float) and not math.isfinite(value):
        return [Problem(path, f"found {value}; expected a finite number")]
    items = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    return [problem for key, item in items for problem in _not_finite(item, (*path, key))]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
