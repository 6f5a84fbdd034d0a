"""The studies of config.yaml: each one's own keys, and the grids of runs that it spans."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from headroom.config.general import STUDIES
from headroom.config.problems import Path, Problem, meant
from headroom.config.salvage import respelt, salvaged
from headroom.config.study import Selection, Study

GRID = {field.name for field in fields(Selection)}
GRIDS = "selections"
STUDY = {field.name for field in fields(Study)}
KEYS = STUDY | GRID | {GRIDS}
SPARE = {"seeds", "cross_noise", "ceilings"}
"""Keys of a grid without which the others still mean the same."""

Found = tuple[dict[str, Study], dict[str, tuple[Selection, ...]], list[Problem]]


def read_studies(raw: Any, only: Sequence[str] = ()) -> Found:
    """Studies and their grids by name, and what is wrong with them; `only` these, where it names some."""
    if not isinstance(raw, Mapping) or not raw:
        return {}, {}, [Problem((STUDIES,), "missing; define at least one study")]
    problems = [
        Problem(("only", place), f"lists studies; found {name!r}; {meant(name, raw)}") for place, name in enumerate(only) if name not in raw
    ]
    studies: dict[str, Study] = {}
    grids: dict[str, tuple[Selection, ...]] = {}
    for name, entry in ((name, raw[name]) for name in raw if name in only or not only):
        path: Path = (STUDIES, name)
        if entry is None:  # an overlay leaves a study out by `name: null`
            continue
        if not isinstance(entry, Mapping):
            problems.append(Problem(path, f"found {entry!r}; expected `key: value` lines"))
            continue
        keys, unknown = respelt(entry, KEYS, path)
        study, found = salvaged(Study, {key: keys[key] for key in keys if key in STUDY}, path, STUDY, {"question": ""})
        several, wrong = _grids(keys, path)
        problems += [*unknown, *found, *wrong]
        if study is not None:
            studies[name], grids[name] = study, several
    return studies, grids, problems if studies or problems else [Problem((STUDIES,), "all are null; define at least one study")]


def _grids(entry: Mapping[str, Any], path: Path) -> tuple[tuple[Selection, ...], list[Problem]]:
    shared = {key: value for key, value in entry.items() if key in GRID}
    overrides = entry.get(GRIDS)
    if not overrides:
        grid, problems = salvaged(Selection, shared, path, SPARE)
        return (grid,) if grid is not None else (), problems
    if not isinstance(overrides, list):
        return (), [Problem((*path, GRIDS), f"found {overrides!r}; expected a list of `key: value` lines")]
    grids, problems = [], []
    for number, override in enumerate(overrides):
        place = (*path, GRIDS, number)
        if not isinstance(override, Mapping):
            problems.append(Problem(place, f"found {override!r}; expected `key: value` lines"))
            continue
        own, unknown = respelt(override, GRID, place)
        grid, found = salvaged(Selection, {**shared, **own}, place, SPARE)
        grids += [grid] if grid is not None else []
        problems += [*unknown, *found]
    return tuple(grids), problems
