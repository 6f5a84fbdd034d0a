"""Problems in words: where in the YAML, what was found, what was expected, what was perhaps meant."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from headroom.core.errors import HeadroomError

Path = tuple[str | int, ...]
WORDS = {"a valid integer": "a whole number", "a valid array": "a list such as [one, two]", "a valid ": "a "}
"""What pydantic expects, and the same for people."""


@dataclass(frozen=True)
class Problem:
    """One thing to mend in config.yaml."""

    path: Path
    message: str

    def __str__(self) -> str:
        return f"{dotted(self.path)}: {self.message}"


class ConfigError(HeadroomError):
    """Every problem that the configuration has, one a line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        count = len(self.problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"the configuration has {count} problem{'s' * (count > 1)}; nothing was started:\n{lines}")


def dotted(path: Path) -> str:
    """`studies.oscillators.levels[2]`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".") or "config.yaml"


def meant(word: object, choices: Iterable[str]) -> str:
    """A suggestion, or the list of what there is."""
    names = sorted(map(str, choices))
    close = closest(word, names)
    return f"did you mean {close!r}?" if close else f"expected one of: {', '.join(names) or '(nothing is defined)'}"


def closest(word: object, choices: Iterable[str]) -> str | None:
    """What was perhaps meant; None where nothing is like it."""
    return next(iter(get_close_matches(str(word), sorted(map(str, choices)), n=1, cutoff=0.6)), None)


def from_pydantic(error: Any, path: Path, fields: Iterable[str]) -> list[Problem]:
    """The problems behind a pydantic ValidationError, its locations put under `path`."""
    known = tuple(fields)
    return [Problem(path + _location(item["loc"]), _words(item, known)) for item in error.errors(include_url=False)]


def _location(loc: tuple[str | int, ...]) -> Path:
    return tuple(part for part in loc if not (isinstance(part, str) and ("[" in part or part in {"float", "int", "str", "nullable"})))


def _words(item: Any, known: tuple[str, ...]) -> str:
    if item["type"] in {"extra_forbidden", "unexpected_keyword_argument"}:
        return f"unknown key; {meant(item['loc'][-1], known)}"
    if item["type"] in {"missing", "missing_argument"}:
        return "missing; give it a value"
    if item["type"] == "value_error":
        return str(item["ctx"]["error"])
    found = repr(item["input"])
    return f"found {found if len(found) < 60 else found[:57] + '...'}; {_expected(item)}"


def _expected(item: Any) -> str:
    if item["type"] == "literal_error":
        return meant(item["input"], item["ctx"]["expected"].replace("'", "").replace(" or ", ", ").split(", "))
    words = item["msg"].replace("Input should be ", "")
    for theirs, ours in WORDS.items():
        words = words.replace(theirs, ours)
    return f"expected {words.split(', unable')[0].split(', got')[0]}"
