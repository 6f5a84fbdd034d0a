"""Columns of an Arrow table as arrays."""

from typing import Any

import numpy as np

from headroom.readers._labels import label_column

TICKS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}


def is_number(kind: Any) -> bool:
    """Whether a column of this type holds one real number a row."""
    from pyarrow import types

    return any(is_one(kind) for is_one in (types.is_integer, types.is_floating, types.is_boolean, types.is_decimal))


def is_text(kind: Any) -> bool:
    """Whether a column of this type holds text, coded or not."""
    from pyarrow import types

    plain = kind.value_type if types.is_dictionary(kind) else kind
    return bool(types.is_string(plain) or types.is_large_string(plain) or types.is_string_view(plain))


def is_time(kind: Any) -> bool:
    """Whether a column of this type holds dates with a time of day, or durations."""
    from pyarrow import types

    return bool(types.is_timestamp(kind) or types.is_duration(kind))


def numbers_of(column: Any) -> np.ndarray:
    """Numbers (row,) float64, NaN where there is none."""
    import pyarrow

    found = column.cast(pyarrow.float64(), safe=False).to_numpy(zero_copy_only=False)
    return np.asarray(found, dtype=np.float64)


def seconds_of(column: Any) -> np.ndarray:
    """Time stamps (row,) as they are where they are numbers, else [s] since the first."""
    import pyarrow

    if is_number(column.type):
        return numbers_of(column)
    ticks = column.cast(pyarrow.int64())
    first = next((value.as_py() for value in ticks if value.is_valid), 0)
    since = np.array([np.nan if value is None else value - first for value in ticks.to_pylist()], dtype=np.float64)
    return since * TICKS[column.type.unit]


def labels_of(column: Any) -> np.ndarray:
    """Labels (row,) as numbers with NaN, or as text with empty, where there is none."""
    import pyarrow

    if is_number(column.type):
        return numbers_of(column)
    return label_column(np.array([text or "" for text in column.cast(pyarrow.string()).to_pylist()]))
