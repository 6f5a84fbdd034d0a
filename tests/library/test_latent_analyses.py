"""Figures of trajectories: whose they are, and that codes, lonely channels and short excerpts have their place."""

import numpy as np
import pandas
import pytest
from fixtures import reconstructed_tables

from headroom.analyses._latent_sources import CODE, OBSERVED, RECONSTRUCTED, TRUE, trajectories
from headroom.analyses.latent_measures import SURROGATES, LatentMeasures
from headroom.analyses.latent_trajectories import LatentTrajectories, _broken
from headroom.analyses.lyapunov_exponents import LyapunovExponents


@pytest.fixture(scope="module")
def sources():
    """A study of two sensors, and the code of one network at one of its places."""
    tables = reconstructed_tables.reconstruction()
    points = len(np.unique(tables["predictions"]["time"]))
    angle = 0.5 * np.arange(points)
    code = np.column_stack([np.cos(angle), np.sin(angle), np.zeros(points)])
    row, column = (place.ravel() for place in np.indices(code.shape))
    where = {"system": "column", "sensor": "y0", "split": "by_trial", "task": "reconstruct", "model": "autoencoder", "what": CODE}
    rows = [
        pandas.DataFrame({"row": row, "column": column, "value": code.ravel()}).assign(noise=level, **where) for level in ("0.1", "0.5")
    ]
    return tables | {"explanations": pandas.concat(rows, ignore_index=True)}


def test_every_place_has_its_truth_its_observation_its_models_and_its_codes(sources):
    found = trajectories(sources)
    for panel in {one.panel for one in found}:
        mine = [one for one in found if one.panel == panel]
        assert [one.what for one in mine[:3]] == [TRUE, OBSERVED, RECONSTRUCTED]
        assert {"ridge_lags", "windowed_network", "smoother"} <= {one.label for one in mine}
        assert "train_mean" not in {one.label for one in mine}
        assert [one.label for one in mine if one.what == CODE] == (["autoencoder, code"] if "y0" in panel else [])
        assert mine[0].values.shape[1] == 4 and mine[1].values.shape[1] == (1 if "y0" in panel else 2)
        assert mine[0].dt == pytest.approx(0.001)


def test_a_code_is_measured_as_what_it_is(sources):
    table = LatentMeasures().compute(sources).set_index(["label", "measure"])
    code = table.loc["autoencoder, code"]
    assert code.loc["participation ratio", "value"] == pytest.approx(2, abs=0.1)
    assert code.loc["determinism", "value"] > 0.9
    lonely = table[(table["what"] == OBSERVED) & table["panel"].str.contains("y0")].loc["observed"]
    assert lonely.loc["participation ratio", "value"] == pytest.approx(1)
    assert np.isnan(lonely.loc["participation ratio", "surrogate"])
    assert (table["low"].dropna() <= table["high"].dropna()).all() and SURROGATES == 19


def test_the_same_tables_give_the_same_surrogates(sources):
    pandas.testing.assert_frame_equal(*(LatentMeasures().compute(sources) for _ in range(2)))


def test_reconstructions_lie_in_the_plane_of_the_truth_and_a_lonely_channel_is_drawn_against_itself(sources):
    table = LatentTrajectories().compute(sources)
    lonely = table[(table["what"] == OBSERVED) & (table["panel"].str.contains("y0"))]
    assert set(lonely["across"]) == {"now"} and set(lonely["up"]) == {"later"}
    truth, close = (table[table["label"] == label].groupby("panel")[["x", "y"]].apply(np.asarray) for label in (TRUE, "smoother"))
    for panel in truth.index:
        apart = np.linalg.norm(truth[panel] - close[panel], axis=1).mean()
        assert 0 < apart < 0.5 * np.linalg.norm(truth[panel], axis=1).mean()


def test_what_is_too_short_or_constant_has_no_number(sources):
    predictions = sources["predictions"]
    first = np.unique(predictions["time"])[:8]
    few = sources | {"predictions": predictions[predictions["time"].isin(first)].assign(prediction=1.0)}
    table = LatentMeasures().compute(few)
    assert table.loc[(table["what"] == RECONSTRUCTED) & (table["label"] == "smoother"), "value"].isna().all()
    assert LatentMeasures().draw(table) is not None and LatentTrajectories().draw(LatentTrajectories().compute(few)) is not None


def test_long_names_are_parted_behind_underscores():
    assert _broken("published_autoencoder") == "published_\nautoencoder"
    assert _broken("true states") == "true states"
    assert _broken("published_autoencoder, code") == "published_\nautoencoder, code"


def test_exponents_are_bars_about_zero_and_no_system_is_said():
    rows = [("column", "without noise", 0.0, -0.1, 0.1), ("column", "with noise", -0.5, -0.6, -0.4)]
    table = pandas.DataFrame(rows, columns=["system", "noise", "exponent", "low", "high"]).assign(runs=10, duration=35.0)
    (axes,) = LyapunovExponents().draw(table).axes
    assert sorted(round(bar.get_width(), 6) for bar in axes.patches) == [-0.5, 0.0]
    assert "[1/s]" in axes.get_xlabel() and "n = 10 runs" in axes.get_title()
    empty = LyapunovExponents().compute_systems({"other": object()}, np.random.default_rng(0))
    assert "derivative" in LyapunovExponents().draw(empty).axes[0].texts[0].get_text()
