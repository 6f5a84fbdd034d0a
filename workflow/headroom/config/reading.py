"""YAML as a person means it: version 1.2 (1e-3 is a number, 010 is ten, no is a word), duplicate keys refused."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from headroom.core.errors import HeadroomError


def read(files: Iterable[Path | str], overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The files merged in order, later ones over earlier ones, then the overrides; raises HeadroomError."""
    merged: dict[str, Any] = {}
    for file in files:
        merged = overlaid(merged, _parse(Path(file)))
    return overlaid(merged, overrides or {})


def overlaid(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Mappings merge key by key; anything else above replaces what is below. A component of another kind replaces as a whole."""
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        mergeable = isinstance(old, Mapping) and isinstance(value, Mapping) and value.get("kind", old.get("kind")) == old.get("kind")
        merged[key] = overlaid(old, value) if mergeable else value  # type: ignore[arg-type]
    return merged


def _parse(file: Path) -> dict[str, Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        content = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise HeadroomError(f"{file}: no such file; run from the folder that holds config.yaml") from None
    except UnicodeDecodeError:
        raise HeadroomError(f"{file}: not UTF-8 text; save it as UTF-8") from None
    except MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise HeadroomError(f"{file}{line}: {_plain(error.problem or 'not YAML')}") from None
    except YAMLError as error:
        raise HeadroomError(f"{file}: {str(error).splitlines()[0]}") from None
    if not isinstance(content, dict):
        raise HeadroomError(f"{file}: expected `key: value` lines at the top, found {type(content).__name__}")
    return content


def _plain(problem: str) -> str:
    if "duplicate key" in problem:
        return problem.split(" with value")[0] + " stands twice; keep one of them"
    return problem
