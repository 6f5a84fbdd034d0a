"""Sums of decoders that figures are made of: on test examples, at the noise level that a model was trained on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from headroom.analyses._rows import chosen, matching, ordered

if TYPE_CHECKING:
    import numpy as np
    from pandas import DataFrame

TEST = "test"
PERMUTED = "permuted"
"""Subset of the sums over labels that were moved in time."""


def tallied(sources: Mapping[str, DataFrame], metric: str, subset: str = TEST) -> DataFrame:
    """The sums of one metric of decoders, at their own noise level; text as categories."""
    tallies = sources["tallies"]
    if tallies.empty:
        return tallies
    rows = tallies[(tallies["subset"] == subset) & (tallies["metric"] == metric)]
    return rows[rows["tested"].isna() | (rows["tested"].astype(object) == rows["noise"].astype(object))]


def of_chosen(sources: Mapping[str, DataFrame], metric: str) -> DataFrame:
    """The same of the best linear decoder and the best models of each panel, with panel, role and order."""
    rows = tallied(sources, metric)
    return rows if rows.empty else ordered(matching(rows, chosen(sources["summary"])), sources["summary"])


def sums(rows: DataFrame) -> np.ndarray:
    """The statistics of the rows added up (statistic,), columns that other metrics fill left out."""
    names = [name for name in rows.columns if name[0] == "s" and name[1:].isdigit()]
    known = rows[names].dropna(axis=1, how="all")
    return known.sum().to_numpy(dtype=float)
