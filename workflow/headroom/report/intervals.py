"""What a study's intervals rest on, in words: test runs and seeds, or nothing where too little was tested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headroom.report.rows import PLACE
from headroom.report.wording import known, listing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pandas import DataFrame, Series

    from headroom.report.panels import Panel

MANY = 20
"""Blocks of one recording that an interval takes."""
TOO_SHORT = "no interval: too short"
"""What a score's note says where there are fewer."""
FEW = 5
"""Test trials below which an interval says little."""
PICKED = "The best model is picked by its test score, which flatters it a little."


def resting(rows: DataFrame, rivals: DataFrame) -> str:
    """Sentences about the intervals of the scored rows; `rivals` are their paired differences."""
    runs = rivals["runs"].dropna().astype(int)
    if runs.empty:
        return "No model was compared with another: there are no paired intervals."
    silent = _silent(rows)
    without, mute = (table[PLACE].apply(tuple, axis=1).isin(silent) for table in (rivals, rows))
    said = [_of(runs[~without], rows[~mute])] if not without.all() else []
    if without.any():
        said.append(_why_none(listing(rows.loc[mute, "panel"]), runs[without]))
    return " ".join([*said, PICKED])


def over(rows: DataFrame) -> str:
    """What the intervals of a table are taken over, for its caption."""
    if not rows["low"].notna().any():
        return "no intervals: too little was tested"
    return f"95 % intervals over test runs{' and seeds' if (rows['seeds'].fillna(1) > 1).any() else ''}"


def drawn(panels: Iterable[Panel]) -> str:
    """What a figure of panels shows, and what its bars are."""
    several = list(panels)
    skill = any(panel.by_skill for panel in several)
    said = "Skill" if skill else "The metric, and below each panel why there is no skill,"
    share = ": the share of the way from floor (0) to ceiling (1) that a model covers" if skill else ""
    bars = any(known(dot.low) for panel in several for series in panel.series for dot in series.dots)
    limits = f"Thin bars: 95 % intervals{' of the distance to the ceiling' if skill else ''}" if bars else "No interval is known"
    return f"{said} against noise at the shortest horizon{share}. {limits}. Arrowheads: below the axis."


def _silent(rows: DataFrame) -> set[tuple[object, ...]]:
    """The places none of whose scores has an interval, because a recording is too short for one."""
    return {place for place, part in _short(rows).groupby([rows[name] for name in PLACE]) if part.all()}


def _short(rows: DataFrame) -> Series:
    """Whether a score has no interval because its blocks are too few."""
    return rows["note"].astype(str).str.contains(TOO_SHORT) & rows["low"].isna()


def _of(runs: Series, rows: DataFrame) -> str:
    seeds = rows["seeds"].dropna().astype(int)
    trained = f" and up to {seeds.max()} training seeds" if len(seeds) and seeds.max() > 1 else ""
    few = f" Over fewer than {FEW} they are wide and say little." if runs.min() < FEW else ""
    what = "a test run is a trial, or a block where only one trial is tested."
    few += f" Scores whose blocks are too much alike to count as {MANY} have none." if _short(rows).any() else ""
    return f"Intervals are 95 %, over {_span(runs)} test runs{trained}; {what}{few}"


def _why_none(names: str, runs: Series) -> str:
    held = f"One trial is tested, which holds {_span(runs)} blocks of a window and its horizon"
    why = f"and intervals take {MANY}" if runs.max() < MANY else f"too much alike to count as {MANY}"
    return f"On {names} no interval is known. {held}, {why}: a longer recording or more test trials would give them."


def _span(runs: Series) -> str:
    return str(runs.min()) if runs.min() == runs.max() else f"{runs.min()} to {runs.max()}"
