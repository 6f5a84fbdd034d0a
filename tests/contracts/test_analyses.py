"""Every analysis: a table from any study's tables, and a figure from that table alone."""

import io

import numpy as np
import pandas
import pytest
from fixtures import decoded_tables, inferred_tables, reconstructed_tables, study_tables

from headroom.catalog import build, component, kinds
from headroom.simulators.kuramoto import Kuramoto

TABLES = {
    "summary",
    "scores",
    "comparisons",
    "predictions",
    "sensitivities",
    "histories",
    "verdicts",
    "tallies",
    "explanations",
    "wiring",
    "spikes",
    "tuning",
    "systems",
    "positions",
    "signal_to_noise",
    "topography",
}
OF_STUDIES = [kind for kind in kinds("analyses") if not hasattr(component("analyses", kind), "compute_systems")]
STUDIES = ("oscillators", "recording", "unseeded", "crowded", "hostile", "decoding", "reconstruction", "inference")
OF_PARAMETERS = (
    "snr_histograms",
    "topographic_maps",
    "calibration",
    "inferred_parameters",
    "parameter_correlations",
    "parameter_scores_by_noise",
    "posterior_acceptance",
)
OF_LABELS = ("confusion", "decoded_traces", "roc", "reliability", "permutation_test", "class_scores", "neuron_importance")
OF_STATES = ("state_scores", "state_scores_by_noise", "reconstructed_traces", "latent_measures", "latent_trajectories")


@pytest.fixture(scope="module")
def studies():
    made = {name: getattr(study_tables, name)() for name in STUDIES if hasattr(study_tables, name)}
    decoded = decoded_tables.decoding()
    without = {name: decoded[name].head(0) for name in ("tallies", "tuning")} | inferred_tables.unobserved()
    return {name: without | tables for name, tables in made.items()} | {
        "decoding": without | decoded,
        "reconstruction": without | reconstructed_tables.reconstruction(),
        "inference": without | inferred_tables.inference(),
    }


def full(kind):
    """The study that an analysis is made for."""
    by_kind = {"decoding": OF_LABELS, "reconstruction": OF_STATES, "inference": OF_PARAMETERS}
    return next((study for study, kinds_of_it in by_kind.items() if kind in kinds_of_it), "oscillators")


def computed(kind, tables):
    analysis = build("analyses", {"kind": kind})
    return analysis, analysis.compute({name: tables[name] for name in analysis.sources})


def png(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=150, metadata={"Software": None})
    return buffer.getvalue()


def is_cut(figure):
    """Whether anything reaches the figure's edge."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3]
    return any((edge < 255).any() for edge in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]))


@pytest.mark.parametrize("kind", kinds("analyses"))
def test_it_says_what_it_shows(kind):
    caption = component("analyses", kind).caption
    assert caption.endswith(".") and len(caption) > 60


@pytest.mark.parametrize("kind", OF_STUDIES)
def test_it_asks_for_tables_that_exist(kind):
    assert set(component("analyses", kind).sources) <= TABLES


@pytest.mark.parametrize("name", STUDIES)
@pytest.mark.parametrize("kind", OF_STUDIES)
def test_every_study_gives_a_figure_with_nothing_cut_at_its_edge(kind, name, studies):
    analysis, table = computed(kind, studies[name])
    assert not is_cut(analysis.draw(table))


@pytest.mark.parametrize("kind", OF_STUDIES)
def test_a_full_study_gives_rows_and_numbers_that_a_file_keeps(kind, studies):
    _, table = computed(kind, studies[full(kind)])
    assert len(table)
    kept = pandas.read_parquet(io.BytesIO(table.to_parquet(index=False)))
    assert list(kept.columns) == list(table.columns) and len(kept) == len(table)
    assert np.isfinite(kept.select_dtypes("number").to_numpy(dtype=float)).any()


@pytest.mark.parametrize("kind", OF_STUDIES)
def test_tables_without_rows_give_a_figure_that_says_what_is_missing(kind, studies):
    analysis, table = computed(kind, {name: table.head(0) for name, table in studies[full(kind)].items()})
    assert len(table) == 0
    assert any(len(text.get_text()) > 20 for text in analysis.draw(table).axes[0].texts)


@pytest.mark.parametrize("kind", OF_STUDIES)
def test_the_same_table_gives_the_same_bytes(kind, studies):
    analysis, table = computed(kind, studies["recording" if full(kind) == "oscillators" else full(kind)])
    assert png(analysis.draw(table)) == png(analysis.draw(table))


@pytest.mark.parametrize("kind", OF_STUDIES)
def test_drawing_does_not_change_the_table(kind, studies):
    analysis, table = computed(kind, studies[full(kind)])
    before = table.copy(deep=True)
    analysis.draw(table)
    pandas.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("name", STUDIES)
@pytest.mark.parametrize("kind", OF_STUDIES)
def test_the_axes_keep_their_share_of_the_figure(kind, name, studies):
    analysis, table = computed(kind, studies[name])
    figure = analysis.draw(table)
    figure.draw_without_rendering()
    boxes = [axes.get_position() for axes in figure.axes if axes.get_visible()]
    assert sum(box.width * box.height for box in boxes) > 0.2


def test_a_label_over_the_edge_would_be_seen():
    from headroom.analyses import _layout

    figure = _layout.said("all inside")
    assert not is_cut(figure)
    figure.text(0.99, 0.5, "over the edge")
    assert is_cut(figure)


def test_the_order_parameter_rises_with_the_coupling_and_other_systems_are_left_out():
    analysis = build("analyses", {"kind": "synchrony"})
    small = Kuramoto(trials=4, samples=300)
    table = analysis.compute_systems({"rings": small, "other": object()}, np.random.default_rng(0))
    assert set(table["system"]) == {"rings"}
    assert table["order_parameter"].iloc[-1] > 0.8 > 0.6 > table["order_parameter"].iloc[0]
    assert not is_cut(analysis.draw(table))
    empty = analysis.compute_systems({"other": object()}, np.random.default_rng(0))
    assert "oscillators" in analysis.draw(empty).axes[0].texts[0].get_text()


def test_no_two_models_look_alike_where_no_line_is_drawn():
    from headroom.analyses._style import look

    looks = [(look("model", order)["color"], look("model", order)["marker"]) for order in range(40)]
    assert len(set(looks)) == 40
