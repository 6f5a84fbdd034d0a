"""A component of one's own: a small one that works, with a test that can fail."""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from string import Template

from headroom.command._arguments import PROJECT
from headroom.command._fresh_name import class_of, require_fresh, require_own_class
from headroom.command._kinds import KINDS, TEMPLATES, Kind
from headroom.core.files import write_text

SCHEMA = Path("workflow") / "schemas" / "config.schema.json"
SCHEMA_COMMAND = f"PYTHONPATH=workflow python -m headroom.config.schema > {SCHEMA}"


def write_component(options: argparse.Namespace) -> list[Path]:
    """Write the component and its test ; raises HeadroomError for a name that will not do."""
    kind, name = KINDS[options.kind], options.name
    require_fresh(name, kind.family, options.force)
    chosen = "network" if options.network else options.kind
    text, test = (_filled(f"{start}{chosen}.py.txt", name) for start in ("", "test_"))
    require_own_class(name, text)
    require_own_class(name, test.replace(f"import {class_of(name)}\n", "import another\n"))
    files = [Path("workflow/headroom") / kind.family / f"{name}.py", Path("tests/library") / f"test_{name}.py"]
    for file, content in zip(files, (text, test), strict=True):
        write_text(file, content)
    return files


def how_to_use(kind: Kind, name: str) -> str:
    """Lines for a configuration."""
    return Template(kind.lines).substitute(name=name)


def _filled(template: str, name: str) -> str:
    return Template((TEMPLATES / template).read_text(encoding="utf-8")).substitute(name=name, Class=class_of(name))


def refresh_schema() -> str:
    """Bring the schema that editors read up to date, in a process of its own: this one saw its components before the new one was there.

    Returns a line that says how it went; a mistake elsewhere in the project is no reason to take the new files back.
    """
    command = [sys.executable, "-m", "headroom.config.schema"]
    environment = os.environ | {"PYTHONPATH": str(PROJECT / "workflow")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        words = (done.stderr.strip().splitlines() or ["no words"])[-1]
        return f"{SCHEMA} is out of date ({words}); mend that and run: {SCHEMA_COMMAND}"
    write_text(SCHEMA, done.stdout)
    return f"wrote {SCHEMA}"
