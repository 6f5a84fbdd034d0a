"""How to read a study: which predictors are its floor, its linear predictor and its ceilings, and what its intervals rest on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from headroom.report.intervals import resting
from headroom.report.rows import plain, scored
from headroom.report.wording import listing, metric_words

if TYPE_CHECKING:
    from pandas import DataFrame

KINDS = {
    "bound": "a bound: no predictor can pass it",
    "reference": "a reference: a very good predictor that knows the equations and may be passed",
}


def kinds(comparisons: DataFrame) -> dict[str, str]:
    """Whether each ceiling is a bound or a reference."""
    known = comparisons.loc[comparisons["against_role"].isin(list(KINDS)), ["against", "against_role"]].drop_duplicates()
    return dict(known.astype(str).itertuples(index=False, name=None))


def how_to_read(summary: DataFrame, comparisons: DataFrame, metric: str, better: int) -> tuple[str, ...]:
    """Sentences made from what the study's tables hold."""
    rows, rivals = scored(summary, metric), plain(comparisons)
    said = [*_anchors(rivals), *_ceilings(rows, kinds(comparisons), metric)]
    direction = "Higher" if better > 0 else "Lower"
    said.append(f"Scores are {metric_words(metric)} unless a column says otherwise. {direction} is better.")
    return (*said, resting(rows, scored(comparisons, metric)))


def _anchors(rivals: DataFrame) -> list[str]:
    names = {role: listing(sorted(part["against"].astype(str).unique()), "or") for role, part in rivals.groupby("against_role")}
    floor = f"The floor is {names['floor']}" if "floor" in names else "No trivial predictor was run, so there is no floor"
    linear = f"the best linear predictor is {names['linear']}" if "linear" in names else "no linear predictor was run"
    return [f"{floor}; {linear}. Where there are several, validation data chose one for each condition."]


def _ceilings(rows: DataFrame, gives: Mapping[str, str], metric: str) -> list[str]:
    primary = rows[rows["ceiling_name"].notna()].groupby("ceiling_name")["system"].unique()
    if primary.empty:
        return [f"No ceiling is known: {metric_words(metric)} is read between floor and linear predictor, and there is no skill."]
    said = [f"On {listing(systems)} the ceiling is {name}, {KINDS[gives.get(name, 'reference')]}." for name, systems in primary.items()]
    others = sorted(set(rows.loc[rows["role"] == "ceiling", "model"]) - set(primary.index))
    if others:
        named = listing(f"{name} ({gives.get(name, 'reference')})" for name in others)
        said.append(
            f"Further ceilings: {named}. Theirs are measured on the scale of the first, so their skill may lie below or above 1: "
            "a tighter bound lies below a looser one."
        )
    return said
