"""Scores of single channels, with what a recording knows of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headroom.analyses._rows import LOSSES, middle, nearest, tidy

if TYPE_CHECKING:
    from pandas import DataFrame

LABELS = {True: "excitatory", False: "inhibitory"}
GROUP = "channels"
"""What channels of no known type are called."""


def single(summary: DataFrame, metric: str) -> DataFrame:
    """Scores of single channels by a metric at the shortest horizon and one noise level per panel, ceilings included."""
    rows = tidy(summary)
    wanted = (rows["target"] != "all") & (rows["task"] != "rollout") & (rows["metric"] == metric) & (rows["noise"] == rows["trained_noise"])
    return middle(nearest(rows[wanted]))


def with_types(rows: DataFrame, wiring: DataFrame) -> DataFrame:
    """The rows with `group`, and `in_degree` where the recording has one graph for all its trials."""
    if wiring.empty or rows.empty:
        return rows.assign(group=GROUP, in_degree=float("nan"))
    inputs = (wiring["weight"] != 0).astype(float).where(wiring["trial"] < 0)
    degree = wiring.assign(in_degree=inputs).groupby(["system", "channel"])["in_degree"].sum(min_count=1)
    excites = wiring.groupby(["system", "source"])["excitatory"].first().astype(bool).map(LABELS)
    number = wiring.groupby(["system", "channel"])["target"].first().reset_index()
    known = number.merge(excites.rename("group").reset_index(), left_on=["system", "target"], right_on=["system", "source"])
    known = known.merge(degree.reset_index(), on=["system", "channel"])[["system", "channel", "group", "in_degree"]]
    found = rows.merge(known, left_on=["system", "target"], right_on=["system", "channel"], how="left").drop(columns="channel")
    return found.fillna({"group": GROUP})


def leading(part: DataFrame, metric: str, learned: int = 3) -> DataFrame:
    """The rows of a place that a crowded figure shows: the best few models, the best of each simpler kind, and every ceiling."""
    means = part.groupby(["model", "role"], sort=False)["mean"].mean().reset_index()
    better = means.sort_values("mean", ascending=metric in LOSSES, kind="stable")
    kept = [better[better["role"] == role].head(learned if role == "model" else 1) for role in ("model", "baseline", "linear", "trivial")]
    names = {name for some in kept for name in some["model"]} | set(means.loc[means["role"] == "ceiling", "model"])
    return part[part["model"].isin(names)]
