"""The way of every row down every tree, compiled."""

import numpy as np
from numba import njit


@njit(nogil=True)
def walk(rows, root, feature, threshold, left, right, value, answer) -> None:  # type: ignore[no-untyped-def]
    """Adds the leaf of each tree, in their order, to answer (row,); arrays as in Forest, rows (row, feature)."""
    for row in range(len(rows)):
        total = answer[row]
        for start in root:
            node = start
            while left[node] != node:
                node = left[node] if rows[row, feature[node]] <= threshold[node] else right[node]
            total += value[node]
        answer[row] = total


def leaves_added(forest: tuple[np.ndarray, ...], rows: np.ndarray, baseline: float) -> np.ndarray:
    """(row,) for features (row, feature): the baseline and what all trees add."""
    answer = np.full(len(rows), baseline)
    root, feature, threshold, left, right, value = forest
    walk(np.ascontiguousarray(rows, dtype=float), root, feature, threshold, left, right, value, answer)
    return answer
