"""The first screen: its panels, its answers and its drawing say what the tables hold, for one study and for five."""

import re

import pandas
import pytest
from fixtures import study_tables

from headroom.report.answers import answer
from headroom.report.axis import RIGHT, TOP, Axis
from headroom.report.chart import chart
from headroom.report.page import StudyPage, build
from headroom.report.panels import MOST, headline, panels


@pytest.fixture(scope="module")
def tables():
    return study_tables.oscillators()


def shown(tables, metric="r2", better=1):
    return panels(tables["summary"], tables["comparisons"], tables["verdicts"], metric, better)


def with_lead(tables, lead):
    """The tables with this paired interval of every model's lead over the linear predictor."""
    comparisons = tables["comparisons"].copy()
    linear = comparisons["against_role"] == "linear"
    comparisons.loc[linear, ["low", "high"]] = lead
    return tables | {"comparisons": comparisons}


def study(name, tables):
    return StudyPage(name, f"What of {name}?", tables["summary"], tables["comparisons"], tables["verdicts"], ())


def test_a_panel_holds_the_skills_of_the_summary(tables):
    first = next(panel for panel in shown(tables) if panel.name == "sinusoids")
    assert first.levels == study_tables.LEVELS and [series.name for series in first.series] == ["lstm", "lstm_residual"]
    assert [dot.value for series in first.series for dot in series.dots] == pytest.approx([0.95] * 4 + [0.985] * 4)
    assert first.linear == pytest.approx([0.98] * 4) and first.floor == pytest.approx([0.0] * 4)
    assert first.ceilings == ("noise_floor",) and first.bound
    _, floor, ceiling = study_tables._r2("sinusoids", "0.2", study_tables.DT, "lstm")
    dot = first.series[0].dots[2]
    assert dot.high - dot.value == pytest.approx(0.002 / (ceiling - floor)) == dot.value - dot.low


@pytest.mark.parametrize(
    ("lead", "words"),
    [
        ((0.001, 0.002), "A model is ahead of the best linear predictor at all 4"),
        ((-0.002, 0.002), "No model is ahead"),
        ((None, None), "cannot be said"),
    ],
)
def test_the_answer_rests_on_the_paired_intervals(tables, lead, words):
    said = answer(shown(with_lead(tables, lead))[0])
    assert words in said and "lstm_residual, reaches skill 0.99" in said and "at noise 0.07" in said


def test_the_answer_counts_the_levels_at_which_a_model_is_ahead(tables):
    changed = with_lead(tables, (-0.002, 0.002))
    comparisons = changed["comparisons"]
    comparisons.loc[(comparisons["against_role"] == "linear") & (comparisons["noise"] == "0.5"), "low"] = 0.001
    assert "at 1 of 4 noise levels" in answer(shown(changed)[0])


@pytest.mark.parametrize(("shift", "words"), [(-3, "below the floor (0; bound 1)"), (1, "above the bound (1; floor 0)")])
def test_a_skill_outside_the_scale_is_not_called_between(tables, shift, words):
    rows = tables["summary"].assign(skill=tables["summary"]["skill"] + shift)
    said = answer(shown(tables | {"summary": rows})[0])
    assert words in said and "between" not in said


def test_a_reference_is_not_called_a_bound(tables):
    only = study_tables.oscillators(ceilings={"harmonic_reference": "reference"})
    panel = shown(only)[0]
    assert not panel.bound and "reference (1)" in answer(panel)
    assert [line.style for line in chart(panel).lines].count("reference") == 1


def test_without_a_ceiling_the_metric_itself_is_shown():
    panel = shown(study_tables.recording())[0]
    assert not panel.by_skill and panel.quantity == "R2"
    said = answer(panel)
    assert "reaches R2 0.9" in said and "no ceiling is known" in said and "skill" not in said
    assert {"floor", "linear"} <= {line.style for line in chart(panel).lines}


def test_published_splits_and_single_levels_do_not_answer_the_question(tables):
    unsound = tables["verdicts"].assign(system="kuramoto", split="by_block", sound_split="by_trial")
    assert [panel.name for panel in shown(tables | {"verdicts": unsound})] == ["sinusoids"]


def test_the_study_stands_by_the_panel_with_the_most_models_then_the_most_headroom(tables):
    found = shown(tables)
    assert headline(found) in found and headline([]) is None
    fewer = tables["summary"][~((tables["summary"]["system"] == "kuramoto") & (tables["summary"]["model"] == "lstm"))]
    assert headline(shown(tables | {"summary": fewer})).name == "sinusoids"


def test_too_many_models_leave_the_worst_out(tables):
    rows = tables["summary"]
    lstm = rows[rows["model"] == "lstm"]
    more = [lstm.assign(model=f"lstm {number}", skill=lstm["skill"] - 0.1 * number) for number in range(1, 7)]
    crowded = tables | {"summary": pandas.concat([rows, *more], ignore_index=True)}
    panel = shown(crowded)[0]
    assert len(panel.series) == MOST and panel.left_out == 3 and "lstm 6" not in [series.name for series in panel.series]


@pytest.mark.parametrize("name", ["oscillators", "recording", "unseeded", "crowded", "hostile"])
def test_everything_is_drawn_inside_its_frame(name):
    for panel in shown(getattr(study_tables, name)()):
        axis, drawn = Axis.of(panel), chart(panel)
        assert all(TOP <= height <= axis.bottom for mark in drawn.marks for height in (mark.y, mark.top, mark.bottom))
        assert all(axis.left <= mark.x <= RIGHT for mark in drawn.marks)
        assert all(axis.left <= line.left < line.right <= RIGHT and TOP <= line.y <= axis.bottom for line in drawn.lines)
        assert 2 <= len(axis.ticks) <= 6 and len(drawn.marks) == sum(len(series.dots) for series in panel.series)


def test_a_model_far_below_the_floor_becomes_an_arrowhead(tables):
    rows = tables["summary"].copy()
    rows.loc[rows["model"] == "lstm", "skill"] -= 5
    marks = chart(shown(tables | {"summary": rows})[0]).marks
    assert {mark.shape for mark in marks if mark.says.startswith("lstm,")} == {"M0 4-5-4 5-4Z"}


def test_five_studies_share_the_first_screen(tables):
    names = [f"study {number}" for number in range(5)]
    text = build([study(name, tables) for name in names], [])
    start = text[: text.index('<section id="study-1"')]
    assert start.count('class="chart"') == 5 == start.count('class="answer">On ')
    assert all(f"What of {name}?" in start and f"{name}: lstm on sinusoids" in start for name in names)
    assert "10 published numbers: 5 reproduced, 5 not reproduced here" in start
    assert len(re.findall('class="chart"', build([study("alone", tables)], []))) == 2


def test_studies_without_claims_are_named(tables):
    none = tables | {"verdicts": tables["verdicts"].head(0)}
    assert "No published numbers to compare with: b." in build([study("a", tables), study("b", none)], [])
