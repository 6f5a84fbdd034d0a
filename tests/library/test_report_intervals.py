"""What the page says of intervals: what they rest on, and that there are none where a recording is too short."""

import numpy as np
import pandas
import pytest
from fixtures import study_tables

from headroom.report import intervals
from headroom.report.page import StudyPage, build
from headroom.report.panels import panels
from headroom.report.results import every_score, headline
from headroom.scores.intervals import MANY, ONE_RUN, TOO_SHORT


@pytest.fixture(scope="module")
def tables():
    return study_tables.oscillators()


def page_of(tables):
    given = {name: tables[name] for name in ("summary", "comparisons", "verdicts")}
    return StudyPage("own", "How much?", pictures=(), **given)


def short(runs):
    """A study of one recording that is too short for intervals."""
    tables = study_tables.recording()
    limits = {"low": np.nan, "high": np.nan, "runs": runs, "note": TOO_SHORT}
    return tables | {"comparisons": tables["comparisons"].assign(**limits)}


def test_the_page_and_the_scores_mean_the_same():
    assert (MANY, f"no interval: {TOO_SHORT}") == (intervals.MANY, intervals.TOO_SHORT) and TOO_SHORT != ONE_RUN


def test_a_short_recording_has_no_interval_and_none_is_spoken_of():
    page = page_of(short(9))
    said = page.reading[-1]
    assert said.startswith("On clamp no interval is known. One trial is tested, which holds 9 blocks of a window and its horizon")
    assert "intervals take 20" in said and "test runs" not in said
    assert "no intervals: too little was tested" in page.headline.caption and "[95 % interval]" not in " ".join(page.headline.headers)
    assert page.headline.caption.startswith("Models beside floor and linear predictor")
    assert "95 %" not in page.scores.caption
    text = build([page], [])
    start = text[: text.index('<section id="study-1"')]
    assert "No interval is known." in start and "floor: best trivial predictor" in start
    assert not any(words in start for words in ("ceiling 1:", "floor 0:", "share of the way", "95 %"))


def test_blocks_that_are_too_much_alike_are_called_so():
    assert "holds 60 blocks of a window and its horizon, too much alike to count as 20" in page_of(short(60)).reading[-1]


def test_a_study_with_intervals_says_what_they_are_over(tables):
    page = page_of(tables)
    runs, seeds = tables["comparisons"]["runs"].max(), int(tables["summary"]["seeds"].max())
    assert f"Intervals are 95 %, over {runs} test runs and up to {seeds} training seeds" in page.reading[-1]
    assert "95 % intervals over test runs and seeds" in page.headline.caption and page.headline.headers[5] == "R2 [95 % interval]"
    text = build([page], [])
    assert "Thin bars: 95 % intervals of the distance to the ceiling" in text and "floor 0: best trivial predictor" in text


def test_a_system_too_short_beside_another_is_told_apart(tables):
    here = {name: tables[name]["system"] == "kuramoto" for name in ("summary", "comparisons")}
    summary = tables["summary"].assign(note=tables["summary"]["note"].where(~here["summary"], intervals.TOO_SHORT))
    summary.loc[here["summary"], ["low", "high"]] = np.nan
    comparisons = tables["comparisons"].assign(runs=tables["comparisons"]["runs"].where(~here["comparisons"], 7))
    said = page_of(tables | {"summary": summary, "comparisons": comparisons}).reading[-1]
    assert "Intervals are 95 %, over" in said and "over 7" not in said
    assert "On kuramoto no interval is known. One trial is tested, which holds 7 blocks" in said


def test_a_score_without_an_interval_among_others_is_explained(tables):
    one = (tables["summary"]["system"] == "kuramoto") & (tables["summary"]["model"] == "lstm")
    summary = tables["summary"].assign(note=tables["summary"]["note"].where(~one, intervals.TOO_SHORT))
    summary.loc[one, ["low", "high"]] = np.nan
    words = "Scores whose blocks are too much alike to count as 20 have none."
    assert words in page_of(tables | {"summary": summary}).reading[-1] and words not in page_of(tables).reading[-1]


@pytest.mark.parametrize("runs, few", [(3, True), (5, False)])
def test_few_trials_are_called_few(tables, runs, few):
    said = page_of(tables | {"comparisons": tables["comparisons"].assign(runs=runs)}).reading[-1]
    assert ("Over fewer than 5 they are wide and say little" in said) == few


def test_seeds_are_named_where_there_are_several():
    caption = headline(study_tables.unseeded()["summary"], {}, "r2").caption
    assert caption.endswith("95 % intervals over test runs") and "[" not in every_score(short(9)["summary"], {}, "r2").rows[0][-1].shown


def test_a_figure_of_nothing_has_a_legend(tables):
    assert intervals.drawn([]).startswith("The metric, and below each panel why there is no skill, against noise")
    empty = {name: table.head(0) for name, table in tables.items() if isinstance(table, pandas.DataFrame)}
    assert panels(empty["summary"], empty["comparisons"], empty["verdicts"], "r2", 1) == ()
