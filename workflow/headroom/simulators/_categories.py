"""The categories of a recording's labels: whole numbers from 0, and what the file calls them."""

import numpy as np

from headroom.readers import Table

MOST = 1000


def categories(table: Table, unlabelled: str | None) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """Category of each row (row,), -1 where it has none, and the names in ascending order; raises BadRecording.

    Rows without a label are of the category `unlabelled`, where one is given.
    """
    if table.label is None:
        return None, ()
    missing = table.label == "" if table.label.dtype.kind == "U" else np.isnan(table.label)
    if table.label.dtype.kind != "U":
        _refuse_fractions(table, table.label)
    found, codes = np.unique(table.label[~missing], return_inverse=True)
    if len(found) > MOST:
        raise table.bad(f"{table.label_name!r}: found {len(found)} different labels; expected at most {MOST} categories")
    names = [str(name) if found.dtype.kind == "U" else f"{int(name)}" for name in found]
    rows = np.full(len(table.label), -1)
    rows[~missing] = codes
    if unlabelled is not None and missing.any():
        names = names if unlabelled in names else [*names, unlabelled]
        rows[missing] = names.index(unlabelled)
    return rows, tuple(names)


def _refuse_fractions(table: Table, labels: np.ndarray) -> None:
    wrong = np.flatnonzero(~np.isnan(labels) & ~(np.isfinite(labels) & (np.rint(labels) == labels)))
    if len(wrong):
        words = f", {table.label_name!r}: found label {labels[wrong[0]]:g}; expected a whole number, or text"
        raise table.bad_at(int(wrong[0]), words)
