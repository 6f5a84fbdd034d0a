"""The JSON schema of config.yaml, generated from the components themselves: editors complete and check with it.

`python -m headroom.config.schema` (with PYTHONPATH=workflow) prints it; workflow/schemas/config.schema.json holds it.
"""

import json
from typing import Any

from headroom.catalog import component, kinds
from headroom.config.components import adapter
from headroom.config.general import SECTIONS, STEPS, General
from headroom.config.study import Selection, Study

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """Every key that config.yaml may hold, with descriptions, units, limits and defaults."""
    definitions: dict[str, Any] = {}
    properties = _properties(General, definitions)
    for section, family in SECTIONS.items():
        properties[section] = _named(_component(family, definitions), f"Named components of the family {family}.")
    step = _component("observations", definitions)
    for section in STEPS:
        chain = {"anyOf": [step, {"type": "array", "items": step}]}
        properties[section] = _named(chain, f"Named {section}: one step, or several in order.")
    properties["studies"] = _named(_study(definitions), "What to compare, and what to draw.")
    whole = {"$schema": DIALECT, "title": "Headroom: config.yaml", "type": "object", "additionalProperties": False}
    return whole | {"properties": properties, "required": ["studies"], "$defs": definitions}


def _named(content: dict[str, Any], description: str) -> dict[str, Any]:
    names = {"pattern": "^[A-Za-z][A-Za-z0-9_]*$"}
    return {"type": "object", "description": description, "propertyNames": names, "additionalProperties": content}


def _component(family: str, definitions: dict[str, Any]) -> dict[str, Any]:
    choices = []
    for kind in kinds(family):
        found = _object(component(family, kind), definitions)
        found["properties"] = {"kind": {"const": kind}} | found.get("properties", {})
        found["required"] = ["kind", *found.get("required", [])]
        definitions[f"{family}.{kind}"] = found
        choices.append({"$ref": f"#/$defs/{family}.{kind}"})
    return {"oneOf": choices}


def _study(definitions: dict[str, Any]) -> dict[str, Any]:
    selection = _properties(Selection, definitions)
    own = _object(Study, definitions)
    grid = {"type": "object", "additionalProperties": False, "properties": selection}
    grids = {"type": "array", "description": "Several grids, each over the study's own keys.", "items": grid}
    return own | {"properties": own["properties"] | selection | {"selections": grids}}


def _properties(cls: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    return dict(_object(cls, definitions)["properties"])


def _object(cls: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    found = adapter(cls).json_schema()
    definitions |= found.pop("$defs", {})
    return dict(found)


if __name__ == "__main__":
    print(json.dumps(schema(), indent=1, sort_keys=True))
