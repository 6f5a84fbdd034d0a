"""Units as people and programs write them: the symbol, and the factor from one to another of the same quantity."""

import re

PREFIXES = {"": 0, "f": -15, "p": -12, "n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9}
BASES = ("V", "A", "T", "S", "F", "Hz", "Ohm", "s", "T/m")
WORDS = {"volt": "V", "amp": "A", "ampere": "A", "tesla": "T", "siemens": "S", "farad": "F", "hertz": "Hz", "ohm": "Ohm", "second": "s"}
PREFIX_WORDS = {"": "", "femto": "f", "pico": "p", "nano": "n", "micro": "u", "milli": "m", "kilo": "k", "mega": "M", "giga": "G"}
NONE = frozenset({"n/a", "n.a.", "unknown", "none", "unitless", "a.u.", "arbitrary", "1"})
SPELT_OUT = re.compile(rf"({'|'.join(PREFIX_WORDS)})({'|'.join(sorted(WORDS, key=len, reverse=True))})s?")
MICRO = str.maketrans("\u00b5\u03bc", "uu")
TIME = re.compile(r"[\s_]*[\[(]?(?<![A-Za-z])(ns|us|ms|s|sec|seconds)[\])]?$", re.IGNORECASE)
SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3}


def symbol(text: str) -> str:
    """The symbol of a unit that a file states in words or signs: "microvolts" is uV; empty for none."""
    plain = text.strip().translate(MICRO)
    spelt = SPELT_OUT.fullmatch(plain.casefold())
    if plain.casefold() in NONE:
        return ""
    return PREFIX_WORDS[spelt[1]] + WORDS[spelt[2]] if spelt else plain


def factor(stated: str, wanted: str) -> float | None:
    """What turns values in unit `stated` into `wanted`; None where they measure different things or are unknown."""
    if symbol(stated) == symbol(wanted):
        return 1.0
    one, other = _parts(symbol(stated)), _parts(symbol(wanted))
    if one is None or other is None or one[1] != other[1]:
        return None
    power = one[0] - other[0]
    return float(10**power) if power >= 0 else 1 / 10**-power


def without_unit(name: str) -> str:
    """A column's name without the unit of time behind it: "Time (ms)" is "Time"."""
    return TIME.sub("", name.translate(MICRO)) or name


def seconds(name: str) -> float:
    """The unit [s] of a column of time stamps, as far as its name says so: .001 for "Time (ms)", else 1."""
    found = TIME.search(name.translate(MICRO))
    return SECONDS.get(found[1].casefold(), 1.0) if found else 1.0


def _parts(text: str) -> tuple[int, str] | None:
    """Power of ten and base of a symbol."""
    if text in BASES:
        return 0, text
    return (PREFIXES[text[0]], text[1:]) if text[:1] in PREFIXES and text[1:] in BASES else None
