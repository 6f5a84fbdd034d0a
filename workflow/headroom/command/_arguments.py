"""Options that subcommands share: which configuration is meant, read as Snakemake reads it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headroom.core.errors import HeadroomError

if TYPE_CHECKING:
    from headroom.config.loading import Config

PROJECT = Path(__file__).parents[3]
"""The folder whose workflow/ this library lies in."""
MAIN = "config.yaml"


def add_configuration(parser: argparse.ArgumentParser) -> None:
    """`--preset`, `--configfile` and `--config`."""
    group = parser.add_argument_group("which configuration (config.yaml by itself)")
    group.add_argument("--preset", metavar="NAME", help="lay workflow/presets/NAME.yaml over config.yaml, such as smoke")
    group.add_argument("--configfile", metavar="FILE", nargs="+", action="extend", default=[], help="lay these files over it, key by key")
    group.add_argument("--config", metavar="KEY=VALUE", nargs="+", action="extend", default=[], help="and these keys, such as seed=3")


def require_project() -> Path:
    """The project's folder, which must be where the command runs; raises HeadroomError elsewhere."""
    here = Path.cwd()
    if not (here / MAIN).is_file() or not (here / "Snakefile").is_file():
        root = next((folder for folder in here.parents if (folder / MAIN).is_file() and (folder / "Snakefile").is_file()), PROJECT)
        raise HeadroomError(f"{here}: no {MAIN} and Snakefile here; run from the project's folder: cd {root}")
    if here.resolve() != PROJECT.resolve():
        raise HeadroomError(f"{here}: this command belongs to the project in {PROJECT}; here run: python workflow/scripts/command.py")
    return here


def overlays(options: argparse.Namespace) -> list[Path]:
    """The files to lay over config.yaml, in order; raises HeadroomError for a preset that does not exist."""
    if options.preset is None:
        return [Path(file) for file in options.configfile]
    folder = Path("workflow") / "presets"
    file = folder / f"{options.preset}.yaml"
    if not file.is_file():
        known = ", ".join(sorted(path.stem for path in folder.glob("*.yaml")))
        raise HeadroomError(f"--preset {options.preset}: no such preset; there are: {known}")
    return [file, *map(Path, options.configfile)]


def configuration(options: argparse.Namespace) -> Config:
    """The checked configuration that the options name; raises HeadroomError with every problem, or outside a project."""
    from headroom.config.loading import load
    from headroom.config.reading import read

    require_project()
    return load(read([MAIN, *overlays(options)], overrides(options)))


def overrides(options: argparse.Namespace) -> dict[str, Any]:
    """The keys of `--config`, their values read as YAML."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    found = {}
    for entry in options.config:
        key, equals, value = entry.partition("=")
        if not key or not equals:
            raise HeadroomError(f"--config {entry}: expected KEY=VALUE, such as seed=3")
        try:
            found[key] = YAML(typ="safe", pure=True).load(value)
        except YAMLError:
            raise HeadroomError(f"--config {entry}: {value!r} is not YAML") from None
    return found


def for_snakemake(options: argparse.Namespace) -> list[str]:
    """The same options in Snakemake's words; they stand after its targets."""
    files = [str(file) for file in overlays(options)]
    return [*(["--configfile", *files] if files else []), *(["--config", *options.config] if options.config else [])]
