"""Published against measured: a row for each claim, with its verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from headroom.report.layout import Cell, Table, figure, table, word
from headroom.report.wording import counted, interval, known, listing, metric_words, number

if TYPE_CHECKING:
    from pandas import DataFrame

HEADERS = ["claim", "published", "same protocol here: median [range of seeds]", "sound protocol", "floor", "linear", "ceiling", "verdict"]
CAPTION = "Published against measured. A published number on other data or another split stands beside ours; it is not ranked against it."


def published_short(studies: Sequence[tuple[str, DataFrame, Mapping[str, str]]]) -> Table | None:
    """The claims of all studies in one table, given (name, verdicts, kinds of the ceilings); None where nothing was published."""
    rows: list[list[Cell]] = []
    headings: dict[int, str] = {}
    for name, verdicts, gives in studies:
        for claims in _by_model(verdicts):
            headings[len(rows)] = f"{name}: {_of_whom(claims)}" if len(studies) > 1 else _of_whom(claims)
            rows += [_row(claim, gives) for claim in claims.itertuples()]
    return table(CAPTION, HEADERS, rows, headings=headings) if rows else None


def published_full(verdicts: DataFrame, gives: Mapping[str, str]) -> Table | None:
    """The claims of one study with the reasons of their verdicts and their sources."""
    rows: list[list[Cell]] = []
    headings: dict[int, str] = {}
    for claims in _by_model(verdicts):
        headings[len(rows)] = f"{_of_whom(claims)}; source: {listing(claims['source'])}"
        rows += [[*_row(claim, gives)[:-1], word(claim.verdict, claim.reason)] for claim in claims.itertuples()]
    return table(CAPTION, HEADERS, rows, headings=headings) if rows else None


def tally(studies: Sequence[DataFrame]) -> str:
    """How many claims have which verdict, in words; empty where nothing was published."""
    verdicts = [str(verdict) for study in studies for verdict in study["verdict"]]
    counts = [f"{number} {verdict}" for verdict, number in Counter(verdicts).most_common()]
    return f"{counted(len(verdicts), 'published number')}: {', '.join(counts)}" if verdicts else ""


def _row(claim: Any, gives: Mapping[str, str]) -> list[Cell]:
    target = "" if claim.target == "all" else f", {claim.target}"
    kind = gives.get(claim.ceiling_name, "reference") if known(claim.ceiling_name) else ""
    return [
        word(f"{metric_words(claim.metric)}{target}"),
        _published(claim),
        figure(claim.median, interval(claim.median, claim.low, claim.high)),
        figure(claim.sound),
        figure(claim.floor),
        figure(claim.linear),
        figure(claim.ceiling, f"{number(claim.ceiling)} {kind}".strip()),
        word(claim.verdict),
    ]


def _published(claim: Any) -> Cell:
    shown = f"{number(claim.published)} (corrected: {number(claim.corrected)})" if known(claim.corrected) else number(claim.published)
    return figure(claim.published, shown)


def _by_model(verdicts: DataFrame) -> list[DataFrame]:
    keys = [name for name in ("model", "system", "sensor", "noise", "split", "sound_split") if name in verdicts]
    return [claims for _, claims in verdicts.groupby(keys, sort=False, dropna=False, observed=True)]


def _of_whom(claims: DataFrame) -> str:
    first = claims.iloc[0]
    splits = f"published split {first['split']}, sound split {first['sound_split']}"
    sensor = first.get("sensor")
    where = f"{first['system']}, sensor {sensor}" if known(sensor) and sensor != "identity" else first["system"]
    where += f", noise {first['noise']}" if known(first.get("noise")) else ""
    return f"{first['model']} on {where}; {splits}; {counted(int(first['seeds']), 'seed')} here"
