"""Which names a new component may have: they become file names, class names, folders and rows of tables."""

import ast
import keyword
from pathlib import Path

from headroom.catalog import FAMILIES, kinds
from headroom.config.general import RULES
from headroom.config.names import NAME
from headroom.core.errors import HeadroomError

TESTS = Path("tests")
LONGEST = 30
"""Characters of a name: it stands in legends and tables."""


def class_of(name: str) -> str:
    """The class that `kind: name` stands for, as the catalog forms it."""
    return name.title().replace("_", "")


def require_fresh(name: str, family: str, overwrite: bool) -> None:
    """Raises HeadroomError for a name that cannot be a component's, or that is taken; its own family may be overwritten."""
    if not NAME.fullmatch(name) or name != name.lower():
        raise HeadroomError(f"{name!r}: found a name that cannot be a file's; expected small letters, digits and _, a letter first")
    if len(name) > LONGEST:
        raise HeadroomError(f"{name}: found {len(name)} characters, expected at most {LONGEST}: it stands in legends and tables")
    require_no_word(name)
    for other in FAMILIES:
        if name in kinds(other) and not (overwrite and other == family):
            hint = "; --force writes over it" if other == family else ""
            raise HeadroomError(f"{name}: workflow/headroom/{other}/{name}.py is there already; choose another name{hint}")
    test = TESTS / "library" / f"test_{name}.py"
    twins = [path for path in sorted(TESTS.rglob(test.name)) if not (overwrite and path == test)]
    if twins:
        raise HeadroomError(f"{name}: {twins[0]} is there already, and tests need names of their own; choose another name")


def require_no_word(name: str) -> None:
    """Raises HeadroomError for words of Python's and of Snakemake's rules."""
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        raise HeadroomError(f"{name}: is a word of Python's; choose another name")
    if name.lower() in RULES:
        raise HeadroomError(f"{name}: is the name of a rule; choose another name")


def require_own_class(name: str, text: str) -> None:
    """Raises HeadroomError where the class would take the name of something that the file imports or defines beside it."""
    tree = ast.parse(text)
    imported = {alias.asname or alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    defined = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    if class_of(name) in imported or defined.count(class_of(name)) > 1:
        raise HeadroomError(f"{name}: its class {class_of(name)} would hide another one of that name; choose another name")
