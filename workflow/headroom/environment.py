"""A job sees the packages of the interpreter that runs it, and no others.

Snakemake hands every script the whole search path of the process that launched it. A rule's environment that lacks a package
would then borrow the launcher's, compiled for another Python perhaps; here it fails where it is missing instead.
"""

import sys
from pathlib import Path

FOREIGN = ("site-packages", "dist-packages")


def own_packages(search_path: list[str], prefixes: tuple[str, ...]) -> list[str]:
    """The search path without package folders that lie outside the interpreter's own prefixes."""
    return [entry for entry in search_path if not any(part in FOREIGN for part in Path(entry).parts) or _inside(entry, prefixes)]


def _inside(entry: str, prefixes: tuple[str, ...]) -> bool:
    return any(Path(entry).resolve().is_relative_to(Path(prefix).resolve()) for prefix in prefixes)


def drop_foreign_packages() -> None:
    """Forget the launcher's packages: a virtual environment's own folder is its prefix, not its base interpreter's."""
    sys.path[:] = own_packages(sys.path, (sys.prefix,))
