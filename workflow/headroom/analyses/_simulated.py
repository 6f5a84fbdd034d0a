"""What a study's systems were set to, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pandas import DataFrame

SYSTEMS = ["system", "setting", "value"]


def numbers(specs: Mapping[str, Mapping[str, Any]]) -> DataFrame:
    """A row for each setting of a system that is a number, in the unit that the setting's description says."""
    from pandas import DataFrame

    rows = [
        {"system": system, "setting": name, "value": float(value)}
        for system, spec in specs.items()
        for name, value in spec.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    return DataFrame(rows, columns=SYSTEMS)
