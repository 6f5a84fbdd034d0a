"""Inferred parameters of every test recording, and the scores of each parameter: which rows a study has of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from headroom.analyses._rows import PARAMETER, levels, ordered, primary, tidy

if TYPE_CHECKING:
    from pandas import DataFrame

INFERRED = "infer"
"""What the names of tasks that ask for parameters start with."""
NOTHING = "No study of parameters: nothing in it asks what a recording was made with."
NO_POSTERIOR = "No posterior in this study: none of its models or ceilings gives draws of the parameters."
NUMBERS = ["trial", "truth", "prediction", "sd", "rank", "distance", "draws", "doubtful"]
PREFERRED = "r2"


def inferred(sources: Mapping[str, DataFrame], posteriors: bool = False) -> DataFrame:
    """Rows of trial, channel, truth, prediction, sd, rank, distance, with panel, noise, model, role, order; posteriors alone if asked."""
    predictions = sources["predictions"]
    full = predictions.reindex(columns=list(dict.fromkeys([*predictions, "part", "channel", *NUMBERS])))
    rows = full[(full["part"].astype(object) == PARAMETER) & (full["draws"] > 0 if posteriors else True)]
    return ordered(tidy(rows), sources["summary"]).astype({"doubtful": bool}).reset_index(drop=True)


def scored(sources: Mapping[str, DataFrame]) -> DataFrame:
    """Rows of the summary for single parameters at the models' own noise level, by R2 (else the primary metric), with order."""
    summary = tidy(sources["summary"])
    own = summary[summary["task"].astype(str).str.startswith(INFERRED) & (summary["noise"] == summary["trained_noise"])]
    metric = PREFERRED if (own["metric"] == PREFERRED).any() else primary(sources["summary"])
    rows = own[(own["target"] != "all") & (own["metric"] == metric)]
    return ordered(rows, sources["summary"]).reset_index(drop=True)


def matrix(part: DataFrame, column: str) -> DataFrame:
    """A column of one model's rows, by recording and parameter."""
    return part.pivot(index="trial", columns="channel", values=column)[list(part["channel"].unique())]


def r2(rows: DataFrame) -> DataFrame:
    """Realised R2 of every model and parameter: panel, noise, role, model, channel, r2; null where the truth is constant."""
    keys = ["panel", "noise", "role", "model", "channel"]
    squares = rows.assign(error=(rows["prediction"] - rows["truth"]) ** 2).groupby(keys, sort=False)
    scatter = squares["truth"].var(ddof=0) * squares.size()
    return (1 - squares["error"].sum() / scatter.where(scatter > 0)).rename("r2").reset_index()


def shared(rows: DataFrame) -> DataFrame:
    """The rows of the recordings that every posterior of a ceiling knows of, which may be some alone: there all can be compared."""
    import pandas

    parts = []
    for _, part in rows.groupby(["panel", "noise"], sort=False):
        known = [set(one["trial"]) for _, one in part[(part["role"] == "ceiling") & (part["draws"] > 0)].groupby("model")]
        parts.append(part[part["trial"].isin(set.intersection(*known))] if known else part)
    return pandas.concat(parts) if parts else rows


def one_level(rows: DataFrame) -> DataFrame:
    """The rows of one noise level of each panel: of those with the most models, the middle one."""
    kept = np.zeros(len(rows), bool)
    for _, part in rows.groupby("panel", sort=False):
        number = part.groupby("noise")["model"].nunique()
        rich = levels(number[number == number.max()].index.to_series())
        kept |= (rows["panel"] == part["panel"].iloc[0]) & (rows["noise"] == rich[(len(rich) - 1) // 2])
    return rows[kept]
