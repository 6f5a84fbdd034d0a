"""Names and numbers that no section may hold."""

import math
from collections.abc import Iterator, Mapping
from re import compile as pattern
from typing import Any

from headroom.config.general import RULES, SECTIONS, STEPS, STUDIES
from headroom.config.problems import Path, Problem

NAME = pattern(r"[A-Za-z][A-Za-z0-9_]*")


def bad_names(raw: Mapping[str, Any]) -> Iterator[Problem]:
    """Names that cannot become folders everywhere."""
    for section in (*SECTIONS, *STEPS, STUDIES):
        entries = raw.get(section)
        seen: dict[str, str] = {}
        for name in entries if isinstance(entries, Mapping) else ():
            if not isinstance(name, str) or not NAME.fullmatch(name):
                yield Problem((section, name), "names are letters, digits and _ and start with a letter: they become folders")
            elif seen.setdefault(name.lower(), name) != name:
                twin = seen[name.lower()]
                yield Problem((section, name), f"differs from {twin!r} in case only; some file systems cannot tell them apart")
            elif section == STUDIES and name in RULES:
                yield Problem((section, name), "is the name of a rule; a study's name is a target of its own: choose another")


def not_finite(value: Any, path: Path = ()) -> Iterator[Problem]:
    """Numbers that are infinite or no numbers, however deep they stand."""
    if isinstance(value, float) and not math.isfinite(value):
        yield Problem(path, f"found {value}; expected a finite number")
    items = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from not_finite(item, (*path, key))


def strings(value: Any) -> Iterator[str]:
    """Every text in a nested value."""
    if isinstance(value, str):
        yield value
    items = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for item in items:
        yield from strings(item)
