"""Figures of decoders: what they count and which tables they leave to others."""

import numpy as np
import pandas
import pytest
from fixtures import decoded_tables, study_tables
from fixtures.decoded_tables import CLASSES, Leaning, examples
from sklearn.metrics import confusion_matrix

from headroom.analyses.confusion import Confusion
from headroom.analyses.decoded_traces import DecodedTraces
from headroom.analyses.ladder import Ladder
from headroom.catalog import build, component, kinds

OF_SIGNALS = ("traces", "heatmaps", "residuals", "residual_autocorrelation", "error_by_position")


@pytest.fixture(scope="module")
def tables():
    return decoded_tables.decoding()


@pytest.fixture(scope="module")
def both(tables):
    """One study that decodes one recording causally and centred."""
    other = decoded_tables.decoding("decode_centred", look=3)
    other = other | {name: other[name].assign(task="decode_centred") for name in ("summary", "comparisons", "scores")}
    return {name: pandas.concat([tables[name], other[name]], ignore_index=True) if len(tables[name]) else tables[name] for name in tables}


def test_counts_are_those_of_scikit_learn(tables):
    table = Confusion().compute(tables)
    made = examples()
    point = Leaning(1.0, 0).predict(made).point[:, 0]
    expected = confusion_matrix(made.targets()[:, 0].argmax(axis=1), point.argmax(axis=1))
    own = table[table["model"] == "logistic"]
    np.testing.assert_array_equal(own["count"].to_numpy().reshape(3, 3), expected)
    np.testing.assert_allclose(own["share"].to_numpy().reshape(3, 3), expected / expected.sum(axis=1, keepdims=True))
    assert list(own["true"].unique()) == list(CLASSES)


def test_seeds_are_averaged(tables):
    table = Confusion().compute(tables)
    own = table[table["model"] == "lstm_decoder"]
    assert own["count"].sum() == len(examples()) and set(own["seeds"]) == {2}
    assert own["share"].groupby(own["true"]).sum().to_numpy() == pytest.approx(1)


def test_causal_and_centred_decoders_stand_apart(both):
    assert set(Confusion().compute(both)["panel"]) == {"walker, decode_causal", "walker, decode_centred"}
    table = Ladder().compute(both)
    assert not table.duplicated(["panel", "noise", "model"]).any() and table["panel"].nunique() == 2
    assert DecodedTraces().compute(both)["panel"].nunique() == 2


def test_a_roll_out_is_no_second_task():
    rows = study_tables.oscillators(("kuramoto",))["summary"]
    assert set(build("analyses", {"kind": "rollout_error"}).compute(study_tables.oscillators(("kuramoto",)))["panel"]) == {"kuramoto"}
    assert {"forecast", "rollout"} <= set(rows["task"])


def test_inputs_are_drawn_once_and_probabilities_for_every_model(tables):
    table = DecodedTraces().compute(tables)
    assert table.loc[table["part"] == "input", "model"].nunique() == 1
    answers = table[table["part"] == "target"]
    assert set(answers["model"]) == {"logistic", "lstm_decoder"}
    total = answers.groupby(["model", "time"])["prediction"].sum()
    assert total.to_numpy() == pytest.approx(1)


@pytest.mark.parametrize("kind", OF_SIGNALS)
def test_figures_of_signals_say_that_labels_are_drawn_elsewhere(kind, tables):
    analysis = build("analyses", {"kind": kind})
    table = analysis.compute({name: tables[name] for name in analysis.sources})
    assert table.empty
    assert "of a signal" in analysis.draw(table).axes[0].texts[0].get_text()


@pytest.mark.parametrize(
    "kind", [kind for kind in kinds("analyses") if "predictions" in getattr(component("analyses", kind), "sources", ())]
)
def test_tables_made_before_parts_were_named_still_serve(kind):
    tables = study_tables.oscillators(("kuramoto",)) | {"tallies": decoded_tables.decoding()["tallies"].head(0)}
    assert "part" not in tables["predictions"]
    analysis = build("analyses", {"kind": kind})
    assert analysis.compute({name: tables[name] for name in analysis.sources}) is not None
