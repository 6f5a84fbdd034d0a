"""Labels as a file has them: numbers where all of them are, else text."""

import numpy as np

MISSING = frozenset({"", "na", "n/a", "nan", "null"})


def label_column(cells: np.ndarray) -> np.ndarray:
    """Text cells (row,) as numbers (row,) with NaN for missing ones; as text with empty for missing ones where one is no number."""
    distinct, which = np.unique(np.asarray(cells, dtype=str), return_inverse=True)
    names = [cell.strip() for cell in distinct.tolist()]
    known = ["" if name.casefold() in MISSING else name for name in names]
    try:
        return np.array([float(name) if name else np.nan for name in known])[which]
    except ValueError:
        return np.array(known)[which]


def label_spans(rows: int, spans: list[tuple[int, int, str]]) -> tuple[np.ndarray, tuple[int, str, str] | None]:
    """Labels (row,) from (first row, row after the last, label), empty outside; and the first row with two labels, with both."""
    names = sorted({name for _, _, name in spans})
    codes = np.zeros(rows, int)
    twice = None
    for start, end, name in sorted(spans):
        code = names.index(name) + 1
        part = codes[max(start, 0) : max(end, 0)]
        other = np.flatnonzero((part > 0) & (part != code))
        if len(other) and twice is None:
            twice = (max(start, 0) + int(other[0]), names[part[other[0]] - 1], name)
        part[:] = code
    return label_column(np.array(["", *names]))[codes] if names else np.full(rows, ""), twice
