"""Parquet: one row per sample, one column per channel, and like CSV columns of time stamps, trial numbers and labels.

Optional entries of the file's metadata: `dt` [s] and `unit`. Time stamps may be numbers [s] or dates.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from headroom.core.errors import BadRecording
from headroom.readers._arrow_columns import is_number, is_text, is_time, labels_of, numbers_of, seconds_of
from headroom.readers._library import reading
from headroom.readers._table import Table
from headroom.readers._units import seconds
from headroom.readers._wanted import Wanted

Fits = Callable[[Any], bool]
KINDS: dict[str, tuple[Fits, str]] = {
    "time": (lambda kind: is_number(kind) or is_time(kind), "numbers [s] or dates"),
    "trial": (is_number, "whole numbers"),
    "label": (lambda kind: is_number(kind) or is_text(kind), "numbers or text"),
}


def look(path: Path, wanted: Wanted) -> bool:
    """Whether the file states its sampling interval; raises BadRecording where a column that is asked for is no number."""
    with _opened(path) as file:
        schema, rows = file.schema_arrow, file.metadata.num_rows
    if not rows:
        raise BadRecording(f"{path}: found {len(schema.names)} columns and no rows; expected one row per sample")
    roles, channels = _layout(path, schema, wanted)
    for role, name in roles.items():
        fits, expected = KINDS[role]
        if not fits(schema.field(name).type):
            raise BadRecording(f"{path}: column {name!r} ({role}): found type {schema.field(name).type}; expected {expected}")
    for name in channels:
        if not is_number(schema.field(name).type):
            advice = f"numbers; leave it out by `ignore: [{name}]`"
            raise BadRecording(f"{path}: column {name!r}: found type {schema.field(name).type}; expected {advice}")
    return "time" in roles or _interval(path, schema) is not None


def read(path: Path, wanted: Wanted) -> Table:
    """All samples; raises BadRecording where the file cannot be read."""
    look(path, wanted)
    with _opened(path) as file:
        schema = file.schema_arrow
        roles, channels = _layout(path, schema, wanted)
        content = file.read(columns=[*roles.values(), *channels], use_threads=False)
        values = np.stack([numbers_of(content.column(name)) for name in channels], axis=1)
        time = seconds_of(content.column(roles["time"])) * seconds(roles["time"]) if "time" in roles else None
        trial = numbers_of(content.column(roles["trial"])) if "trial" in roles else None
        label = labels_of(content.column(roles["label"])) if "label" in roles else None
    dt, unit, name = _interval(path, schema), _stated(schema, "unit") or "", roles.get("label", "label")
    return Table(str(path), values, channels, lambda row: f"row {row + 1}", time, trial, label, name, dt, unit)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """The file, read by this thread alone: short jobs that pyarrow's own threads outlive are aborted (see core/tables.py)."""
    from pyarrow import parquet

    with reading(path, "Parquet file"), open(path, "rb") as handle:
        yield parquet.ParquetFile(handle, pre_buffer=False)


def _layout(path: Path, schema: Any, wanted: Wanted) -> tuple[dict[str, str], tuple[str, ...]]:
    """Column by role, and the channels."""
    names = list(schema.names)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadRecording(f"{path}: two columns are called {twice[0]!r}; expected different names")
    roles = wanted.roles(names, path)
    channels = wanted.chosen([name for name in names if name not in roles.values()], path, names)
    if not channels:
        raise BadRecording(f"{path}: found only the columns {', '.join(map(repr, names))}; expected at least one channel")
    return roles, channels


def _stated(schema: Any, key: str) -> str | None:
    found = (schema.metadata or {}).get(key.encode())
    return None if found is None else found.decode(errors="replace")


def _interval(path: Path, schema: Any) -> float | None:
    text = _stated(schema, "dt")
    try:
        return None if text is None else float(text)
    except ValueError:
        raise BadRecording(f"{path}: metadata 'dt': found {text!r}; expected a sampling interval [s]") from None
