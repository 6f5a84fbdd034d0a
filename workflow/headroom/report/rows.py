"""Which rows of a study's summary the page speaks of first: its panels, their noise levels, the models at the shortest horizon."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame, Series

PLACE = ["system", "sensor", "split", "task"]
UNTOUCHED = "as recorded"
"""Noise level of a signal that no noise was added to."""


def plain(table: DataFrame) -> DataFrame:
    """The table with text columns as text, and no null noise."""
    import pandas

    words = {name: object for name in table if isinstance(table[name].dtype, pandas.CategoricalDtype)}
    rows = table.astype(words)
    return rows.assign(**{name: rows[name].astype(object).fillna(UNTOUCHED) for name in ("noise", "trained_noise")})


def scored(table: DataFrame, metric: str) -> DataFrame:
    """One metric of models tested at the level that they were trained on, at each panel's shortest horizon, targets pooled.

    `panel` names the row's system, with sensor, split and task where a system has several. Roll-outs are left out.
    """
    rows = plain(table)
    wanted = (rows["noise"] == rows["trained_noise"]) & (rows["target"] == "all") & (rows["metric"] == metric)
    rows = rows[wanted & (rows["task"] != "rollout")]
    first = rows.groupby(PLACE, dropna=False)["horizon"].transform("min")
    rows = rows[(rows["horizon"] == first) | rows["horizon"].isna()]
    return rows.assign(panel=_panel(rows))


def _panel(rows: DataFrame) -> Series:
    name = rows["system"].astype(str)
    for column in PLACE[1:]:
        several = rows.groupby("system")[column].transform("nunique") > 1
        name = name.where(~several, name + ", " + rows[column].astype(str))
    return name


def levels(noise: Series) -> list[str]:
    """The noise levels in rising order, words after numbers."""
    return sorted(noise.unique(), key=_height)


def _height(text: str) -> tuple[int, float, str]:
    try:
        return 0, float(text), text
    except ValueError:
        return 1, 0.0, text


def leading(rows: DataFrame, verdicts: DataFrame) -> DataFrame:
    """The rows that answer the study's question: sound protocols, and systems with a noise ladder where there are any."""
    unsound = {(row.system, row.split) for row in verdicts.itertuples() if row.split != row.sound_split}
    sound = rows[[pair not in unsound for pair in zip(rows["system"], rows["split"], strict=True)]]
    rows = sound if len(sound) else rows
    ladder = rows.groupby("panel")["noise"].transform("nunique") > 1
    return rows[ladder] if ladder.any() else rows


def middle(part: DataFrame) -> str:
    """One noise level of a panel: of those with the most models, the middle one."""
    models = part.groupby("noise")["model"].nunique()
    rich = levels(models[models == models.max()].index.to_series())
    return rich[(len(rich) - 1) // 2]
