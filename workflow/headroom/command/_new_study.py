"""A study of one's own as an overlay of config.yaml."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import Any

from headroom.command._arguments import MAIN
from headroom.command._fresh_name import require_no_word
from headroom.command._kinds import STUDY, TEMPLATES
from headroom.config.loading import load
from headroom.config.names import NAME
from headroom.config.reading import overlaid, read
from headroom.core.errors import HeadroomError
from headroom.core.files import write_text

SYSTEMS = ("kuramoto",)
MODELS = ("persistence", "ridge_var", "lstm")


def write_study(options: argparse.Namespace) -> Path:
    """Write NAME.yaml, checked as config.yaml is; raises HeadroomError where the name or what is asked for will not do."""
    name, raw = options.name, read([MAIN])
    _require_fresh(name, raw.get("studies") or {})
    file = Path(f"{name}.yaml")
    if file.exists() and not options.force:
        raise HeadroomError(f"{file}: is there already; choose another name, or --force to write over it")
    text = _text(name, raw, options.systems or SYSTEMS, options.models or MODELS)
    load(overlaid(raw, _parsed(text, file)))
    write_text(file, text)
    return file


def _require_fresh(name: str, studies: dict[str, Any]) -> None:
    if not NAME.fullmatch(name):
        raise HeadroomError(f"{name!r}: found a name that cannot be a study's; expected letters, digits and _, a letter first")
    require_no_word(name)
    twin = next((study for study in studies if study.lower() == name.lower()), None)
    if twin:
        raise HeadroomError(f"{name}: {MAIN} has a study {twin} already; choose another name")


def _text(name: str, raw: dict[str, Any], systems: Sequence[str], models: Sequence[str]) -> str:
    text = (TEMPLATES / f"{STUDY}.yaml.txt").read_text(encoding="utf-8")
    known = raw.get("systems") or {}
    recorded = any((known.get(system) or {}).get("kind") == "recording" for system in systems)
    kept = [
        line for line in text.splitlines(keepends=True) if not (recorded and line.split(":")[0].strip() in ("noise", "levels", "ceilings"))
    ]
    return Template("".join(kept)).substitute(name=name, systems=", ".join(systems), models=", ".join(models))


def _parsed(text: str, file: Path) -> dict[str, Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return dict(YAML(typ="safe", pure=True).load(text))
    except YAMLError:
        raise HeadroomError(f"{file}: not written, for it would not be YAML; use plain names for systems and models") from None
