"""`@settings` makes a class whose fields can be written in config.yaml: frozen, keyword-only, unknown keys refused."""

from dataclasses import dataclass
from typing import Any, TypeVar, dataclass_transform

Class = TypeVar("Class", bound=type)


@dataclass_transform(kw_only_default=True, frozen_default=True)
def settings(cls: Class) -> Class:
    """A frozen dataclass that pydantic reads as it is: the docstring under a field is its description in the schema."""
    described: Any = cls
    described.__pydantic_config__ = {"extra": "forbid", "use_attribute_docstrings": True}
    made: Any = dataclass(frozen=True, kw_only=True)(cls)
    return made
