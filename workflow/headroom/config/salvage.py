"""What can still be read of settings with mistakes, so that one start finds all of them."""

from collections.abc import Collection, Mapping
from typing import Any

from headroom.config.components import checked
from headroom.config.problems import Path, Problem, closest, meant


def respelt(values: Mapping[str, Any], keys: Collection[str], path: Path) -> tuple[dict[str, Any], list[Problem]]:
    """The values under the keys that were meant, those that nobody can have meant left out, and a problem for each unknown key."""
    known = {key: value for key, value in values.items() if key in keys}
    problems = []
    for key in values:
        if key not in keys:
            problems.append(Problem((*path, str(key)), f"unknown key; {meant(key, keys)}"))
            likely = closest(key, keys)
            if likely is not None:
                known.setdefault(likely, values[key])
    return known, problems


def salvaged(
    cls: Any, values: Mapping[str, Any], path: Path, spare: Collection[str], stand_in: Mapping[str, Any] | None = None
) -> tuple[Any, list[Problem]]:
    """An instance, and every problem; where all lie in `spare` keys an instance without these, which the others are still checked by.

    `stand_in` are values for keys that have no default.
    """
    found, problems = checked(cls, values, path)
    bad = {problem.path[len(path)] for problem in problems if len(problem.path) > len(path)}
    if found is not None or not bad <= set(spare):
        return found, problems
    kept = {key: value for key, value in values.items() if key not in bad and not (key == "primary" and "metrics" in bad)}
    return checked(cls, {**(stand_in or {}), **kept}, path)[0], problems
