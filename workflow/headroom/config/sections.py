"""The component sections of config.yaml, resolved."""

from collections.abc import Mapping
from typing import Any

from headroom.catalog import kinds
from headroom.config.components import instance, resolve, unreadable
from headroom.config.general import SECTIONS, STEPS, STUDIES, Specs
from headroom.config.names import strings
from headroom.config.problems import Path, Problem

ALWAYS: dict[str, dict[str, Any]] = {
    "sensors": {"identity": []},
    "tasks": {"forecast": {"kind": "forecasting"}},
    "splits": {"by_block": {"kind": "by_block"}},
}
"""What need not be written: the sensor that changes nothing, and the usual task and split with their defaults."""


def resolved_section(section: str, raw: Mapping[str, Any]) -> tuple[Specs, list[Problem]]:
    """Every entry of a section with its defaults written out, and what is wrong with them."""
    entries = raw.get(section) or {}
    if not isinstance(entries, Mapping):
        return {}, [Problem((section,), f"found {entries!r}; expected `name: component` lines")]
    resolved: Specs = {}
    problems: list[Problem] = []
    for name, entry in {**_unwritten(section, raw), **entries}.items():
        path: Path = (section, name)
        resolved[str(name)], found = _chain(entry, path) if section in STEPS else resolve(SECTIONS[section], entry, path)
        problems += found
    return resolved, problems


def _unwritten(section: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """A name that a study uses and no section defines is a kind with its defaults."""
    used = set(strings(raw.get(STUDIES)))
    family = SECTIONS.get(section, "observations")
    return {**{kind: {"kind": kind} for kind in kinds(family) if kind in used}, **ALWAYS.get(section, {})}


def _chain(entry: Any, path: Path) -> tuple[list[dict[str, Any]], list[Problem]]:
    steps = {(*path, number): step for number, step in enumerate(entry)} if isinstance(entry, list) else {path: entry}
    found = {place: resolve("observations", step, place) for place, step in steps.items()}
    problems = [problem for _, wrong in found.values() for problem in wrong]
    problems += [problem for place, (spec, _) in found.items() if spec for problem in unreadable(instance("observations", spec), place)]
    return [spec for spec, _ in found.values()], problems
