"""Which code makes a file: a digest of all that a job can execute, so that an edit reruns what it touches and nothing else.

Snakemake sees neither an edit of an imported module nor a new version of a package. So every rule carries this digest: the
syntax trees of its script, of its components and of every headroom module that they reach, and the locked versions of the
packages that these import. Comments, docstrings and formatting do not count.
"""

import ast
import hashlib
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent
ROOTS = (PACKAGE.parent, PACKAGE.parent / "scripts")
ESTIMATES = ("work", "fit_work", "extent")
"""Functions that plan what a job costs, and change nothing that it makes."""
DISTRIBUTIONS = {"ruamel": "ruamel-yaml", "yaml": "pyyaml", "sklearn": "scikit-learn", "PIL": "pillow"}


def code_digest(files: Iterable[Path], lock: Path, without: str | None = None) -> str:
    """Twelve hex digits for what `files` can execute; functions whose name starts with `without` are left out."""
    reached = closure(tuple(files), without)
    code = [f"{_name(path)} {_text(path, without)}" for path in sorted(reached)]
    versions = locked(lock)
    packages = [f"{name}=={versions.get(name, 'not locked')}" for name in third_party(tuple(files), without)]
    return hashlib.sha256("\n".join(code + packages).encode()).hexdigest()[:12]


@cache
def closure(files: tuple[Path, ...], without: str | None = None) -> frozenset[Path]:
    """The files themselves and every headroom module and script that they import, directly or not."""
    reached: set[Path] = set()
    frontier = [Path(file).resolve() for file in files]
    while frontier:
        path = frontier.pop()
        if path not in reached:
            reached.add(path)
            frontier += [found for name in _imports(path, without) for found in _files(name)]
    return frozenset(reached)


@cache
def third_party(files: tuple[Path, ...], without: str | None = None) -> tuple[str, ...]:
    """Distributions that the closure of `files` imports, by their names in the lock."""
    names = {name.split(".")[0] for path in closure(files, without) for name in _imports(path, without)}
    foreign = {name for name in names if name not in sys.stdlib_module_names and not _files(name)}
    return tuple(sorted(DISTRIBUTIONS.get(name, name.replace("_", "-")) for name in foreign - {"headroom"}))


@cache
def locked(lock: Path) -> dict[str, str]:
    """Package versions from a requirements file of `name==version` lines."""
    lines = (line.split("#")[0].split(";")[0].strip() for line in lock.read_text().splitlines())
    return dict(line.split("==", 1) for line in lines if "==" in line)


def _name(path: Path) -> str:
    return str(path.relative_to(PACKAGE.parent)) if path.is_relative_to(PACKAGE.parent) else path.name


@cache
def _text(path: Path, without: str | None) -> str:
    return ast.dump(_tree(path, without))


@cache
def _tree(path: Path, without: str | None) -> ast.Module:
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [statement for statement in body if not _silent(statement, without)]  # type: ignore[attr-defined]
    return tree


def _silent(statement: ast.stmt, without: str | None) -> bool:
    if isinstance(statement, ast.If):
        return isinstance(statement.test, ast.Name) and statement.test.id == "TYPE_CHECKING"
    if isinstance(statement, ast.FunctionDef):
        return statement.name in ESTIMATES or (without is not None and statement.name.lstrip("_").startswith(without))
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


@cache
def _imports(path: Path, without: str | None) -> tuple[str, ...]:
    return tuple(_imported(_tree(path, without)))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def _files(module: str) -> list[Path]:
    """The module's own file and the `__init__.py` of every package above it, as far as they are ours."""
    found = []
    parts = module.split(".")
    for depth in range(1, len(parts) + 1):
        for root in ROOTS:
            base = root.joinpath(*parts[:depth])
            found += [path for path in (base.with_suffix(".py"), base / "__init__.py") if path.is_file()]
    return found
