"""Components as config.yaml writes them, resolved: every default filled in, every mistake found."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_type_hints

from headroom.catalog import build, component, kinds
from headroom.config.problems import Path, Problem, from_pydantic, meant
from headroom.core.errors import HeadroomError


@cache
def adapter(cls: Any) -> Any:
    """pydantic's reader of a settings class."""
    from pydantic import TypeAdapter

    return TypeAdapter(cls)


def checked(cls: Any, values: Mapping[str, Any], path: Path) -> tuple[Any, list[Problem]]:
    """An instance of a settings class and no problems, or None and every problem."""
    from pydantic import ValidationError

    try:
        return adapter(cls).validate_json(json.dumps(values), strict=True), []
    except ValidationError as error:
        return None, from_pydantic(error, path, _field_names(cls))
    except (TypeError, ValueError) as error:
        return None, [Problem(path, str(error))]


def resolve(family: str, spec: Any, path: Path) -> tuple[dict[str, Any], list[Problem]]:
    """The component as plain JSON with every default written out, and what is wrong with it."""
    if not isinstance(spec, Mapping):
        return {}, [Problem(path, f"found {spec!r}; expected a component such as {{kind: {kinds(family)[0]}}}")]
    kind = spec.get("kind")
    if kind not in kinds(family):
        found = "missing" if kind is None else f"found {kind!r}"
        return {}, [Problem((*path, "kind"), f"{found}; {meant(kind, kinds(family))}")]
    cls = component(family, kind)
    instance, problems = checked(cls, {key: value for key, value in spec.items() if key != "kind"}, path)
    if problems:
        return {}, problems
    problems = [Problem(path, words) for words in getattr(instance, "problems", list)()]
    return {"kind": kind, **adapter(cls).dump_python(instance, mode="json")}, problems


def instance(family: str, spec: Mapping[str, Any]) -> Any:
    """The component itself, from a resolved spec."""
    return build(family, spec)


def unreadable(component: Any, path: Path) -> list[Problem]:
    """What is wrong with the files that a component reads, as far as can be said before any job."""
    try:
        getattr(component, "check", lambda: None)()
    except HeadroomError as error:
        return [Problem(path, str(error))]
    return []


def with_level(steps: list[dict[str, Any]], level: float | None) -> list[dict[str, Any]]:
    """The steps of a noise with the ladder's level put where a step has one."""
    return [{**step, "level": level} if level is not None and has_level(step) else step for step in steps]


def head_of(step: Mapping[str, Any]) -> str | None:
    """The name of the head whose lead field an observation step needs: its sensors and a digest of all else; None for most steps."""
    if "head" not in step:
        return None
    return f"{step['head']['montage']}_{hashlib.sha256(json.dumps(step['head'], sort_keys=True).encode()).hexdigest()[:8]}"


def has_level(step: Mapping[str, Any]) -> bool:
    """Whether an observation step has a `level`: whether it is a noise."""
    kind = step.get("kind")
    return kind in kinds("observations") and "level" in {field.name for field in fields(component("observations", str(kind)))}


def _field_names(cls: Any) -> set[str]:
    names = set()
    for name, hint in get_type_hints(cls).items():
        names.add(name)
        for inner in (hint, *get_args(hint)):
            names |= _field_names(inner) if is_dataclass(inner) else set()
    return names
