"""The tables of a study for its page: the headline, every pooled score, and what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headroom.report.layout import Cell, Table, figure, table, word
from headroom.report.wording import interval, known, number, text

if TYPE_CHECKING:
    from pandas import DataFrame

PLACE = ["system", "sensor", "split", "noise"]
WHERE = ["system", "sensor", "split", "task", "horizon", "noise", "trained_noise", "model", "role"]
METRICS = {
    "r2": "R2",
    "r2_clean": "R2 against the noise-free target",
    "r2_mean": "R2, mean of channels",
    "mse": "MSE",
    "rmse": "RMSE",
    "mae": "MAE",
}


def headline(summary: DataFrame, comparisons: DataFrame, metric: str) -> Table:
    """The models of every system and noise level at the shortest horizon, between floor, linear predictor and ceiling."""
    rows = summary[_own(summary) & (summary["target"] == "all") & (summary["metric"] == metric) & (summary["task"] != "rollout")]
    rows = rows[(rows["horizon"] == rows.groupby("system", observed=True)["horizon"].transform("min")) | rows["horizon"].isna()]
    learned = rows[rows["role"] == "model"]
    shown = learned if len(learned) else rows[~rows["role"].isin(["trivial", "ceiling"])]
    gives = dict(comparisons[["against", "against_role"]].drop_duplicates().itertuples(index=False, name=None))
    return table(
        f"{METRICS.get(metric, metric)} at the shortest horizon, all channels pooled; 95 % intervals over test runs and seeds",
        ["system", "noise", "split", "model", "floor", "best linear", "mean [95 % interval]", "seeds", "ceiling", "which is", "skill"],
        [_headline_row(row, gives) for row in shown.itertuples()],
        names=4,
    )


def _headline_row(row: Any, gives: dict[str, str]) -> list[Cell]:
    kind = f"{row.ceiling_name}, {gives.get(row.ceiling_name, 'reference')}" if known(row.ceiling_name) else "nobody knows one"
    measured = figure(row.mean, interval(row.mean, row.low, row.high))
    between = [
        figure(row.floor),
        figure(row.linear),
        measured,
        figure(row.seeds, str(int(row.seeds)) if known(row.seeds) else None),
        figure(row.ceiling),
    ]
    return [word(row.system), word(row.noise), word(row.split), word(row.model), *between, word(kind), figure(row.skill, hint=row.note)]


def every_score(summary: DataFrame) -> Table:
    """One row per model, condition and horizon, one column per metric: pooled over channels, test runs and seeds."""
    pooled = summary[summary["target"] == "all"]
    metrics = [name for name in dict.fromkeys([*METRICS, *pooled["metric"].astype(str)]) if (pooled["metric"] == name).any()]
    cells: dict[tuple[Any, ...], dict[str, Cell]] = {}
    skills: dict[tuple[Any, ...], Any] = {}
    for row in pooled[[*WHERE, "metric", "mean", "low", "high", "skill"]].itertuples(index=False, name=None):
        where, (metric, mean, low, high, skill) = tuple(text(item) for item in row[: len(WHERE)]), row[len(WHERE) :]
        cells.setdefault(where, {})[metric] = figure(mean, interval(mean, low, high))
        skills[where] = skill if known(skill) else skills.get(where)
    rows = [
        [*map(word, where), figure(skills[where]), *(found.get(name, Cell(number(None))) for name in metrics)]
        for where, found in cells.items()
    ]
    headers = ["system", "sensor", "split", "task", "horizon [s]", "tested noise", "trained noise", "model", "role", "skill"]
    return table(
        "Every pooled score, mean [95 % interval]", [*headers, *(METRICS.get(name, name) for name in metrics)], rows, len(WHERE), True
    )


def published_short(verdicts: DataFrame) -> list[Table]:
    """Published beside measured, in four columns, a table for each model: for the first screen."""
    headers = ["claim", "published", "here: median [range]", "floor", "best linear", "ceiling", "verdict"]
    return [table(_of_whom(claims), headers, [_short_row(row) for row in claims.itertuples()]) for claims in _by_model(verdicts)]


def _short_row(row: Any) -> list[Cell]:
    between = [figure(row.floor), figure(row.linear), figure(row.ceiling)]
    return [word(_claim(row)), _published(row), _again(row), *between, word(row.verdict)]


def published_full(verdicts: DataFrame) -> list[Table]:
    """The same with floor, linear predictor, ceiling, a sound split, and the reason of the verdict."""
    headers = ["claim", "published", "here: median [range]", "sound split", "floor", "best linear", "ceiling", "verdict", "source"]
    return [table(_of_whom(claims), headers, [_published_row(row) for row in claims.itertuples()]) for claims in _by_model(verdicts)]


def _published_row(row: Any) -> list[Cell]:
    between = [figure(row.floor), figure(row.linear), figure(row.ceiling, hint=row.ceiling_name)]
    sound = figure(row.sound, hint=row.sound_split)
    return [word(_claim(row)), _published(row), _again(row), sound, *between, word(row.verdict, row.reason), word(row.source)]


def _published(row: Any) -> Cell:
    return figure(row.published, hint=f"corrected: {number(row.corrected)}" if known(row.corrected) else "")


def _claim(row: Any) -> str:
    return f"{METRICS.get(row.metric, row.metric)}, {row.target}"


def _again(row: Any) -> Cell:
    return figure(row.median, interval(row.median, row.low, row.high))


def _by_model(verdicts: DataFrame) -> list[DataFrame]:
    return [claims for _, claims in verdicts.groupby(["model", "system", "split"], sort=False, dropna=False)]


def _of_whom(claims: DataFrame) -> str:
    first = claims.iloc[0]
    seeds = f"{first['seeds']} seed{'' if first['seeds'] == 1 else 's'}"
    return f"{first['model']} on {first['system']}, {first['split']}: published, and run again here ({seeds})"


def _own(table: DataFrame) -> Any:
    """Whether a model was tested at the level that it was trained on."""
    tested, trained = table["noise"].astype(object), table["trained_noise"].astype(object)
    return (tested == trained) | (tested.isna() & trained.isna())
