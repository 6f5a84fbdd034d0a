"""The score tables of a study for its page: the models between their anchors, and every pooled score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from headroom.report.intervals import over
from headroom.report.layout import Cell, Table, figure, table, word
from headroom.report.rows import scored
from headroom.report.wording import NOTHING, interval, known, metric_words, text

if TYPE_CHECKING:
    from pandas import DataFrame

WHERE = {
    "model": "model",
    "role": "role",
    "system": "system",
    "sensor": "sensor",
    "split": "split",
    "task": "task",
    "horizon": "horizon [s]",
    "noise": "tested noise",
    "trained_noise": "trained noise",
}


def headline(summary: DataFrame, gives: Mapping[str, str], metric: str) -> Table:
    """The models of every system and noise level at the shortest horizon, between floor, linear predictor and ceiling."""
    rows = scored(summary, metric)
    learned = rows[rows["role"] == "model"]
    shown = learned if len(learned) else rows[~rows["role"].isin(["trivial", "ceiling"])]
    name = metric_words(metric)
    horizon = " at the shortest horizon" if shown["horizon"].notna().any() else ""
    between = "between floor and ceiling" if shown["ceiling"].notna().any() else "beside floor and linear predictor"
    limits = " [95 % interval]" if shown["low"].notna().any() else ""
    return table(
        f"Models {between}: {name}{horizon}, all targets pooled; {over(shown)}",
        ["system", "noise", "model", "floor", "best linear", f"{name}{limits}", "seeds", "ceiling", "which is", "skill"],
        [_headline_row(row, gives) for row in shown.itertuples()],
        names=3,
        sortable=True,
    )


def _headline_row(row: Any, gives: Mapping[str, str]) -> list[Cell]:
    kind = gives.get(row.ceiling_name, "reference") if known(row.ceiling_name) else ""
    between = [
        figure(row.floor),
        figure(row.linear),
        figure(row.mean, interval(row.mean, row.low, row.high)),
        figure(row.seeds, str(int(row.seeds)) if known(row.seeds) else None),
        figure(row.ceiling),
    ]
    which = word(f"{row.ceiling_name}, {kind}" if kind else "no ceiling is known")
    return [word(row.panel), word(row.noise), word(row.model), *between, which, figure(row.skill, hint=_remark(row, kind) or row.note)]


def _remark(row: Any, kind: str) -> str:
    """Words for a skill that is not between 0 and 1, or not a model's."""
    if not known(row.skill):
        return ""
    if row.role == "ceiling":
        return "the 1 of the scale" if row.model == row.ceiling_name else f"on the scale of {row.ceiling_name}"
    if row.skill > 1:
        return "above the reference, which may be passed" if kind == "reference" else "above the bound by chance of the test sample"
    return "below the floor" if row.skill < 0 else ""


def every_score(summary: DataFrame, gives: Mapping[str, str], primary: str) -> Table:
    """One row per model, condition and horizon, one column per metric: pooled over targets, test runs and seeds.

    The primary metric has its interval; a column that says the same in every row is named in the caption instead.
    """
    pooled = summary[summary["target"] == "all"]
    metrics = [primary, *(name for name in dict.fromkeys(pooled["metric"].astype(str)) if name != primary)]
    cells: dict[tuple[Any, ...], dict[str, Cell]] = {}
    skills: dict[tuple[Any, ...], Cell] = {}
    for row in pooled.itertuples():
        where, metric = tuple(_place(getattr(row, name)) for name in WHERE), str(row.metric)
        cells.setdefault(where, {})[metric] = figure(row.mean, interval(row.mean, row.low, row.high) if metric == primary else None)
        if known(row.skill) or where not in skills:
            skills[where] = figure(row.skill, hint=_remark(row, gives.get(str(row.ceiling_name), "reference")))
    rows = [[*map(word, where), skills[where], *(found.get(name, Cell(NOTHING)) for name in metrics)] for where, found in cells.items()]
    headers = [*WHERE.values(), "skill", *(f"{metric_words(name)}{_unit(pooled, name)}" for name in metrics)]
    caption = "Every pooled score"
    if pooled.loc[pooled["metric"].astype(str) == primary, "low"].notna().any():
        caption += f"; {metric_words(primary)} with its 95 % interval, those of the others are in summary.csv"
    return _narrowed(caption, headers, rows)


def _place(value: object) -> str:
    """A coordinate as text, without the digits that only a computer sees."""
    return f"{value:.6g}" if isinstance(value, float) and known(value) else text(value)


def _unit(pooled: DataFrame, metric: str) -> str:
    """The metric's unit in brackets, where all systems share it."""
    units = pooled.loc[pooled["metric"] == metric, "unit"].fillna("").astype(str).unique()
    return f" [{units[0]}]" if len(units) == 1 and units[0] else ""


def _narrowed(caption: str, headers: list[str], rows: list[list[Cell]]) -> Table:
    """The table without columns that say the same in every row: a coordinate goes into the caption, an empty column goes."""
    coordinates = len(WHERE)
    said = [{row[column].shown for row in rows} for column in range(len(headers))]
    same = [column for column in range(1, len(headers)) if len(said[column]) == 1 and (column < coordinates or said[column] == {NOTHING})]
    common = [f"{headers[column]} {next(iter(said[column]))}" for column in same if column < coordinates and said[column] != {NOTHING}]
    kept = [column for column in range(len(headers)) if column not in same]
    caption = ". In every row: ".join(filter(None, (caption, ", ".join(common))))
    return table(caption, [headers[column] for column in kept], [[row[column] for column in kept] for row in rows], sortable=True)
