"""Every analysis: a table from any study's tables, and a figure from that table alone."""

import io

import numpy as np
import pandas
import pytest
from fixtures import study_tables

from headroom.catalog import build, component, kinds
from headroom.simulators.kuramoto import Kuramoto

TABLES = {"summary", "scores", "comparisons", "predictions", "sensitivities", "histories", "verdicts"}
OF_STUDIES = [kind for kind in kinds("analyses") if not hasattr(component("analyses", kind), "compute_systems")]
STUDIES = ("oscillators", "recording", "hostile")


@pytest.fixture(scope="module")
def studies():
    return {name: getattr(study_tables, name)() for name in STUDIES}


def computed(kind, tables):
    analysis = build("analyses", {"kind": kind})
    return analysis, analysis.compute({name: tables[name] for name in analysis.sources})


def png(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=150, metadata={"Software": None})
    return buffer.getvalue()


def cut_texts(figure):
    """Texts that reach over the figure's edge."""
    figure.canvas.draw()
    width, height = figure.canvas.get_width_height()
    boxes = [(text.get_text(), text.get_window_extent()) for text in _texts(figure) if text.get_visible() and text.get_text().strip()]
    return [words for words, box in boxes if box.x0 < -2 or box.y0 < -2 or box.x1 > width + 2 or box.y1 > height + 2]


def _texts(figure):
    from matplotlib.text import Text

    shown = [axes for axes in figure.axes if axes.get_visible() and axes.axison]
    ticks = [tick.label1 for axes in shown for axis in (axes.xaxis, axes.yaxis) for tick in axis._update_ticks()]
    titles = [text for axes in shown for text in (axes.title, axes._left_title, axes.xaxis.label, axes.yaxis.label)]
    legends = [text for legend in figure.legends for text in legend.get_texts()]
    return [text for text in [*ticks, *titles, *legends, *figure.texts] if isinstance(text, Text)]


@pytest.mark.parametrize("kind", kinds("analyses"))
def test_it_says_what_it_shows(kind):
    caption = component("analyses", kind).caption
    assert caption.endswith(".") and len(caption) > 60


@pytest.mark.parametrize("kind", OF_STUDIES)
def test_it_asks_for_tables_that_exist(kind):
    assert set(component("analyses", kind).sources) <= TABLES


@pytest.mark.parametrize("name", STUDIES)
@pytest.mark.parametrize("kind", OF_STUDIES)
def test_every_study_gives_a_figure_whose_words_are_all_inside(kind, name, studies):
    analysis, table = computed(kind, studies[name])
    assert cut_texts(analysis.draw(table)) == []


@pytest.mark.parametrize("kind", OF_STUDIES)
def test_a_full_study_gives_rows_and_numbers_that_a_file_keeps(kind, studies):
    _, table = computed(kind, studies["oscillators"])
    assert len(table)
    kept = pandas.read_parquet(io.BytesIO(table.to_parquet(index=False)))
    assert list(kept.columns) == list(table.columns) and len(kept) == len(table)
    assert np.isfinite(kept.select_dtypes("number").to_numpy(dtype=float)).any()


@pytest.mark.parametrize("kind", OF_STUDIES)
def test_tables_without_rows_give_a_figure_that_says_what_is_missing(kind, studies):
    analysis, table = computed(kind, {name: table.head(0) for name, table in studies["oscillators"].items()})
    assert len(table) == 0
    assert any(len(text.get_text()) > 20 for text in analysis.draw(table).axes[0].texts)


@pytest.mark.parametrize("kind", OF_STUDIES)
def test_the_same_table_gives_the_same_bytes(kind, studies):
    analysis, table = computed(kind, studies["recording"])
    assert png(analysis.draw(table)) == png(analysis.draw(table))


@pytest.mark.parametrize("kind", OF_STUDIES)
def test_drawing_does_not_change_the_table(kind, studies):
    analysis, table = computed(kind, studies["oscillators"])
    before = table.copy(deep=True)
    analysis.draw(table)
    pandas.testing.assert_frame_equal(table, before)


def test_the_order_parameter_rises_with_the_coupling_and_other_systems_are_left_out():
    analysis = build("analyses", {"kind": "synchrony"})
    small = Kuramoto(trials=4, samples=300)
    table = analysis.compute_systems({"rings": small, "other": object()}, np.random.default_rng(0))
    assert set(table["system"]) == {"rings"}
    assert table["order_parameter"].iloc[-1] > 0.8 > 0.6 > table["order_parameter"].iloc[0]
    assert cut_texts(analysis.draw(table)) == []
    empty = analysis.compute_systems({"other": object()}, np.random.default_rng(0))
    assert "oscillators" in analysis.draw(empty).axes[0].texts[0].get_text()
