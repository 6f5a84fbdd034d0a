"""Targets made of parameters: one by its name, or the logarithm of a product or a quotient, as in log(A_i a_4) and log(a_1/a_3)."""

import re
from collections.abc import Sequence

import numpy as np

from headroom.core.errors import HeadroomError

PATTERN = re.compile(r"log\((\w+)([ /])(\w+)\)")


def combined(targets: Sequence[str], parameters: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Targets (..., target) of parameters (..., parameter) with these names; raises HeadroomError for a target that is no such thing."""
    return np.stack([_one(target, parameters, names) for target in targets], axis=-1)


def _one(target: str, parameters: np.ndarray, names: Sequence[str]) -> np.ndarray:
    found = PATTERN.fullmatch(target)
    parts = [found[1], found[3]] if found else [target]
    unknown = [part for part in parts if part not in names]
    if unknown:
        raise HeadroomError(
            f"targets: found {target!r}, and no parameter {unknown[0]!r}; expected one of {', '.join(names)}, log(x y) or log(x/y)"
        )
    values = [parameters[..., list(names).index(part)] for part in parts]
    if not found:
        return values[0]
    return np.log(values[0]) + (1 if found[2] == " " else -1) * np.log(values[1])
