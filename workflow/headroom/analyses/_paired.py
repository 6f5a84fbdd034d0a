"""Differences of scores with intervals, from the scores of single test runs and seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pandas import DataFrame

PLACE = ["system", "sensor", "split", "task", "horizon", "noise"]
BATCHES = 20
"""Groups that many runs are put into, in their order: runs of one recording are short neighbouring blocks, which hang together."""


def tested(scores: DataFrame, metric: str) -> DataFrame:
    """Rows of one metric, all targets pooled, at the training noise's own level, roll-outs left out; seed -1 where none."""
    same = (scores["noise"].astype(object) == scores["trained_noise"].astype(object)) | scores["noise"].isna()
    wanted = (scores["metric"] == metric) & (scores["target"] == "all") & (scores["task"] != "rollout") & same
    text = {name: object for name in scores if isinstance(scores[name].dtype, _categorical())}
    rows = scores[wanted].astype(text)
    return rows.assign(seed=rows["seed"].astype(float).fillna(-1).astype(int), noise=rows["noise"].fillna("as recorded"))


def by_run(rows: DataFrame) -> DataFrame:
    """Scores (run, seed) of one model in one place; of twice `BATCHES` runs or more the means of `BATCHES` batches (Schmeiser 1982)."""
    scores = rows[rows["trial"].notna()].pivot_table(index="trial", columns="seed", values="value")
    if len(scores) < 2 * BATCHES:
        return scores
    batch = np.arange(len(scores)) * BATCHES // len(scores)
    means = scores.groupby(batch).mean()
    means.index = scores.index[np.unique(batch, return_index=True)[1]]
    return means


def difference(one: DataFrame, other: DataFrame) -> dict[str, Any]:
    """The mean difference of scores (run, seed) with a 95 % t interval; paired where the runs are the same.

    Runs and seeds are crossed: the variance of the mean is that over runs plus those over the seeds of either model.
    """
    paired = one.index.equals(other.index)
    runs = (len(one),) if paired else (len(one), len(other))
    means = one.mean(axis=1), other.mean(axis=1)
    spread = [(means[0] - means[1]).var() / runs[0]] if paired else [mean.var() / len(mean) for mean in means]
    spread += [scores.mean(axis=0).var() / scores.shape[1] for scores in (one, other) if scores.shape[1] > 1]
    value, freedom = float(means[0].mean() - means[1].mean()), min(runs) - 1
    reach = _quantile(freedom) * float(np.sqrt(np.sum(spread))) if freedom > 0 else float("nan")
    numbers = {"difference": value, "low": value - reach, "high": value + reach, "paired": paired}
    return numbers | {"runs": min(runs), "seeds": min(one.shape[1], other.shape[1])}


def _quantile(freedom: int) -> float:
    from scipy.stats import t

    return float(t.ppf(0.975, freedom))


def _categorical() -> Any:
    import pandas

    return pandas.CategoricalDtype
