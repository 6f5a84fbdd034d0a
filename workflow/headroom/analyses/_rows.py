"""Which rows a figure shows: panels, noise levels, the models that stand for a study, and their places in the palette."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pandas import DataFrame, Series

DECODED = "decode"
"""What the names of tasks that ask for labels start with."""
RECONSTRUCTED = "reconstruct"
"""What the names of tasks that ask for states start with."""
PARAMETER = "parameter"
"""Part of the predictions that are numbers of a whole recording, with no place in time."""
EXCERPT = ["task", "part", "trial", "time", "horizon", "channel", "truth", "clean", "prediction", "unit"]
"""Columns of an excerpt of predictions, of which a study of decoders or of parameters has some alone."""
UNTOUCHED = "as recorded"
"""Noise level of a signal that no noise was added to."""
PLACE = ["system", "sensor", "split", "task"]
LOSSES = ["mse", "rmse", "nrmse", "mae", "mse_z", "mae_z", "log_loss", "brier"]
"""Metrics of which less is better."""
CEILINGS = 2
"""In a panel of trajectories: what wrong parameters or less context say belongs to the scores."""
NO_SIGNAL = "No predictions of a signal to show in this study; where it decodes labels, see decoded_traces and confusion."


def tidy(table: DataFrame) -> DataFrame:
    """A table with its panel named and no null noise; text columns as text."""
    import pandas

    plain = table.astype({name: object for name in table if isinstance(table[name].dtype, pandas.CategoricalDtype)})
    plain = plain.assign(noise=plain["noise"].fillna(UNTOUCHED)) if "noise" in plain else plain
    if "trained_noise" in plain:
        plain = plain.assign(trained_noise=plain["trained_noise"].fillna(UNTOUCHED))
    return plain.assign(panel=panel(plain))


def panel(table: DataFrame) -> Series:
    """A name for each row's small multiple: the system, with sensor, split and task where a system has several.

    A roll-out is no task of its own: it repeats a forecast.
    """
    name = table["system"].astype(str)
    for column in PLACE[1:]:
        if column in table:
            words = table[column].astype(object).replace({"rollout": "forecast"})
            several = words.groupby(table["system"]).transform("nunique") > 1
            name = name.where(~several, name + ", " + words.astype(str))
    return name


def levels(noise: Series) -> list[str]:
    """The noise levels in rising order, words after numbers."""
    return sorted(noise.unique(), key=_height)


def _height(text: str) -> tuple[int, float, str]:
    try:
        return 0, float(text), text
    except ValueError:
        return 1, 0.0, text


def primary(summary: DataFrame) -> str:
    """The metric that skill is computed from; R2 where nothing has a skill, else whichever there is."""
    scored = summary.loc[summary["skill"].notna(), "metric"]
    if len(scored):
        return str(scored.mode()[0])
    return "r2" if (summary["metric"] == "r2").any() or summary.empty else str(summary["metric"].iloc[0])


def own_noise(summary: DataFrame, metric: str | None = None, rollout: bool = False) -> DataFrame:
    """Pooled scores of models tested at the level that they were trained on, tidied; of the primary metric unless said otherwise."""
    rows = tidy(summary)
    same = (rows["noise"] == rows["trained_noise"]) & (rows["target"] == "all")
    wanted = (rows["metric"] == (metric or primary(summary))) & ((rows["task"] == "rollout") == rollout)
    return rows[same & wanted]


def nearest(rows: DataFrame) -> DataFrame:
    """The rows of each panel's shortest horizon; all rows where a task has none."""
    first = rows.groupby("panel")["horizon"].transform("min")
    return rows[(rows["horizon"] == first) | first.isna()]


def middle(rows: DataFrame) -> DataFrame:
    """The rows of one noise level per panel: of those with the most models, the middle one."""
    import pandas

    parts = []
    for _, part in rows.groupby("panel", sort=False):
        number = part.groupby("noise")["model"].nunique()
        rich = levels(number[number == number.max()].index.to_series())
        parts.append(part[part["noise"] == rich[(len(rich) - 1) // 2]])
    return pandas.concat(parts) if parts else rows


def ordered(table: DataFrame, summary: DataFrame) -> DataFrame:
    """The table with `order`: each model's place among those of its kind in the study, so that figures agree on colours."""
    kinds = summary[["model", "role"]].drop_duplicates().astype(str)
    place: dict[str, int] = {}
    for group in (["model", "linear", "baseline"], ["trivial"], ["ceiling"]):
        names = [name for role in group for name in sorted(kinds.loc[kinds["role"] == role, "model"])]
        place |= {name: number for number, name in enumerate(names)}
    return table.assign(order=table["model"].map(place).fillna(0).astype(int))


def chosen(summary: DataFrame, learned: int = 2, anchors: bool = False) -> DataFrame:
    """One noise level per panel, and there the best linear predictor and the best `learned` models: columns panel, noise, model, role.

    With `anchors`, the best trivial predictor and every ceiling too.

    Best by the primary metric at the shortest horizon; other baselines where a panel has no model.
    """
    rows = middle(nearest(own_noise(summary)))
    better = rows.sort_values("mean", ascending=rows["metric"].isin(LOSSES).any(), kind="stable")
    strong = better[better["role"] == "model"].groupby("panel").head(learned)
    others = better[~better["panel"].isin(strong["panel"]) & better["role"].isin(["baseline", "trivial"])].groupby("panel").head(1)
    linear = better[better["role"] == "linear"].groupby("panel").head(1)
    keys = rows.index.intersection(linear.index.union(strong.index).union(others.index))
    if anchors:
        floor = better[better["role"] == "trivial"].groupby("panel").head(1)
        keys = rows.index.intersection(keys.union(floor.index).union(better.index[better["role"] == "ceiling"]))
    return rows.loc[keys, ["panel", *PLACE, "noise", "model", "role"]].drop_duplicates()


def matching(table: DataFrame, choice: DataFrame) -> DataFrame:
    """The table's rows of the chosen models, with the choice's panel and role."""
    keys = _keys(table)
    shown = tidy(table[_eligible(table, choice)])  # text takes the place of categories here, of which there may be millions
    return shown.drop(columns=["panel", "role"], errors="ignore").merge(choice[[*keys, "panel", "role"]].drop_duplicates(), on=keys)


def _keys(table: DataFrame) -> list[str]:
    """Columns by which a table's rows belong to a choice."""
    return [name for name in (*PLACE, "noise", "model") if name in table]


def _eligible(table: DataFrame, choice: DataFrame) -> Any:
    """Whether each row may belong to the choice: by every one of its columns alone."""
    possible = [table[name].isin(choice[name].unique()) | table[name].isna() for name in _keys(table)]
    return np.logical_and.reduce([np.ones(len(table), bool), *possible])


def with_runs(rows: DataFrame, comparisons: DataFrame) -> DataFrame:
    """The rows with `runs`: how many test trials or blocks their condition was compared on; null where that is unknown."""
    import pandas

    known = tidy(comparisons).groupby(["panel", "noise", "task"])["runs"].max()
    keys = pandas.MultiIndex.from_frame(rows[["panel", "noise", "task"]])
    return rows.assign(runs=known.reindex(keys).to_numpy(dtype=float))


def excerpts(sources: Mapping[str, DataFrame], learned: int = 2, anchors: bool = False) -> DataFrame:
    """Predicted values by the chosen models at each panel's shortest horizon, roll-outs left out, with their places in the palette."""
    rows = _direct(sources, learned, anchors)
    values = ~rows["task"].astype(str).str.startswith(DECODED)
    return rows[values & (rows["part"] == "target")].reset_index(drop=True)


def decoded(sources: Mapping[str, DataFrame], learned: int = 2) -> DataFrame:
    """Probabilities of classes by the chosen models (part "target"), and what was seen (part "input"), with places in the palette."""
    rows = _direct(sources, learned)
    return rows[rows["task"].astype(str).str.startswith(DECODED)].reset_index(drop=True)


def reconstructed(sources: Mapping[str, DataFrame], learned: int = 2) -> DataFrame:
    """States by the chosen models, the floor and the best ceilings (part "target"), and what was seen (part "input"), with places."""
    rows = _direct(sources, learned, anchors=True)
    rows = rows[rows["task"].astype(str).str.startswith(RECONSTRUCTED)]
    scores = own_noise(sources["summary"])
    above = scores[scores["role"] == "ceiling"].sort_values("mean", ascending=scores["metric"].isin(LOSSES).any(), kind="stable")
    best = set(above.groupby(["panel", "noise"]).head(CEILINGS).set_index(["panel", "noise", "model"]).index)
    kept = [
        role != "ceiling" or tuple(key) in best
        for role, *key in zip(rows["role"], rows["panel"], rows["noise"], rows["model"], strict=True)
    ]
    return rows[np.array(kept, dtype=bool)].reset_index(drop=True)


def _direct(sources: Mapping[str, DataFrame], learned: int, anchors: bool = False) -> DataFrame:
    predictions, choice = sources["predictions"], chosen(sources["summary"], learned, anchors)
    part = predictions.get("part", "target")
    over_time = (predictions["task"] != "rollout") & (part != PARAMETER)
    direct = predictions[over_time & _eligible(predictions, choice)]
    direct = direct.reindex(columns=list(dict.fromkeys([*predictions, *EXCERPT]))).fillna({"part": "target"})
    if direct.empty:
        return direct.assign(panel="", order=0)
    return ordered(nearest(matching(direct, choice)), sources["summary"])


def explained(sources: Mapping[str, DataFrame]) -> DataFrame:
    """Sensitivities of the chosen models, at the shortest horizon where the table tells them apart, with places in the palette."""
    rows = matching(sources["sensitivities"], chosen(sources["summary"]))
    return ordered(nearest(rows) if "horizon" in rows else rows, sources["summary"])
