"""Find a component by the name that config.yaml uses: `kind: ridge_var` is class `RidgeVar` in `models/ridge_var.py`."""

import dataclasses
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, get_origin, get_type_hints

ROOT = Path(__file__).parent
FAMILIES = ("simulators", "observations", "tasks", "splits", "models", "ceilings", "metrics", "analyses")


@cache
def kinds(family: str) -> tuple[str, ...]:
    """The kinds that a family offers: its file names."""
    return tuple(sorted(path.stem for path in (ROOT / family).glob("*.py") if not path.stem.startswith("_")))


@cache
def component(family: str, kind: str) -> Any:
    """The class behind a kind; KeyError where there is none."""
    if kind not in kinds(family):
        raise KeyError(kind)
    return getattr(import_module(f"headroom.{family}.{kind}"), kind.title().replace("_", ""))


def build(family: str, spec: Mapping[str, Any]) -> Any:
    """The component that a resolved spec (plain JSON with every default written out) describes."""
    return _construct(component(family, spec["kind"]), {key: value for key, value in spec.items() if key != "kind"})


def _construct(cls: Any, values: Mapping[str, Any]) -> Any:
    hints = get_type_hints(cls)
    return cls(**{key: _convert(hints[key], value) for key, value in values.items()})


def _convert(hint: Any, value: Any) -> Any:
    if dataclasses.is_dataclass(hint) and isinstance(value, Mapping):
        return _construct(hint, value)
    if get_origin(hint) is tuple or isinstance(value, list):
        return tuple(value)
    return value
