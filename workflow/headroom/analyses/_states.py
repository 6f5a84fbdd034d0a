"""Scores of reconstructed states, each told apart by whether the sensor shows it: its channels bear the states' own names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from headroom.analyses._rows import LOSSES, PLACE, RECONSTRUCTED, ordered, primary, tidy

if TYPE_CHECKING:
    from pandas import DataFrame, Series

SEEN, HIDDEN = "observed", "hidden"
NOTHING = "No study of hidden states: nothing in it asks for the states of a system."
PREFERRED = "pearson"


def scored(sources: Mapping[str, DataFrame], keep: tuple[str, ...] = ("model", "linear", "baseline", "ceiling")) -> DataFrame:
    """Rows of the summary for single states at the models' own noise level, by r (else the primary metric), with `shown`."""
    summary = tidy(sources["summary"])
    own = summary[summary["task"].astype(str).str.startswith(RECONSTRUCTED) & (summary["noise"] == summary["trained_noise"])]
    metric = PREFERRED if (own["metric"] == PREFERRED).any() else primary(sources["summary"])
    rows = own[(own["target"] != "all") & (own["metric"] == metric) & own["role"].isin(keep)]
    return ordered(rows.assign(shown=shown(rows, sources["predictions"])), sources["summary"]).reset_index(drop=True)


def shown(rows: DataFrame, predictions: DataFrame) -> Series:
    """Whether each row's target is "observed", being an input channel of its system and sensor, or "hidden"."""
    parts = predictions.reindex(columns=list(dict.fromkeys([*predictions, "part", "sensor", "system", "channel"])))
    seen = parts[parts["part"] == "input"].astype(object)
    known = set(zip(seen["system"], seen["sensor"], seen["channel"], strict=True))
    there = list(zip(rows["system"], rows["sensor"], rows["target"], strict=True))
    return rows["target"].map(lambda _: HIDDEN).where(np.array([place not in known for place in there], dtype=bool), SEEN)


def best(rows: DataFrame, number: int) -> DataFrame:
    """The rows of the best models of each panel by their mean score over its hidden states, or over all where none is hidden.

    At most so many of a role, and all ceilings.
    """
    worse = rows["metric"].isin(LOSSES).any()
    hidden = rows["shown"] == HIDDEN
    mean = rows[hidden | ~hidden.groupby(rows["panel"]).transform("any")].groupby(["panel", "role", "model"])["mean"].mean()
    rank = mean.groupby(level=["panel", "role"]).rank(ascending=bool(worse), method="first")
    kept = set(rank[(rank <= number) | (rank.index.get_level_values("role") == "ceiling")].index)
    return rows[np.array([place in kept for place in zip(rows["panel"], rows["role"], rows["model"], strict=True)], dtype=bool)]


def labels(part: DataFrame) -> dict[str, str]:
    """The states in order, each with a word where it is hidden."""
    return {
        target: target if what == SEEN else f"{target}\n{HIDDEN}" for target, what in part[["target", "shown"]].drop_duplicates().values
    }


KEYS = ["panel", *PLACE, "noise", "model", "role", "order", "metric", "target", "shown", "mean", "low", "high", "seeds"]
