"""Sensitivity: Sobol indices against the analytic ones and scipy's, directions of the information against the symmetry."""

from dataclasses import replace

import numpy as np
import pytest
from fixtures.evoked import Linear

from headroom.analyses import one_at_a_time, sloppy_directions, sobol
from headroom.analyses._responses import able, standard
from headroom.analyses._variance_shares import shares
from headroom.simulators.erp import Erp
from headroom.simulators.kuramoto import Kuramoto


def ishigami(share):
    """Ishigami and Homma (1990), a = 7, b = .1, of even inputs between 0 and 1."""
    x = np.pi * (2 * share - 1)
    return (np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))[:, None]


@pytest.fixture(scope="module")
def found():
    return shares(ishigami, 3, 4096, np.random.default_rng(0))


def test_indices_of_a_function_whose_indices_are_known(found):
    np.testing.assert_allclose(found.first[0], [0.3139, 0.4424, 0.0], atol=0.02)
    np.testing.assert_allclose(found.total[0], [0.5576, 0.4424, 0.2437], atol=0.02)


def test_the_intervals_hold_the_known_indices_and_are_not_wide(found):
    for interval, exact in ((found.first_interval[0], [0.3139, 0.4424, 0.0]), (found.total_interval[0], [0.5576, 0.4424, 0.2437])):
        assert (interval[:, 0] - 0.005 <= exact).all() and (exact <= interval[:, 1] + 0.005).all()
        assert (np.diff(interval, axis=1) < 0.12).all() and (np.diff(interval, axis=1) > 0.001).all()


def test_scipy_finds_the_same_indices(found):
    from scipy.stats import sobol_indices, uniform

    peer = sobol_indices(func=lambda x: ishigami(x.T).T, n=4096, dists=[uniform()] * 3, rng=np.random.default_rng(1))
    np.testing.assert_allclose(found.first[0], peer.first_order, atol=0.02)
    np.testing.assert_allclose(found.total[0], peer.total_order, atol=0.02)


def test_a_curve_has_the_index_of_its_summed_variances():
    found = shares(lambda x: np.stack([x[:, 0], 2 * x[:, 0], 2 * x[:, 1]], axis=1), 2, 1024, np.random.default_rng(0), curve=2)
    np.testing.assert_allclose(found.first, [[1, 0], [0.5, 0.5]], atol=0.03)
    np.testing.assert_allclose(found.total, [[1, 0], [0.5, 0.5]], atol=0.03)


def test_what_changes_nothing_has_no_index_and_no_interval():
    found = shares(lambda x: np.zeros((len(x), 1)), 2, 64, np.random.default_rng(0))
    assert not found.first.any() and not found.total_interval.any()


def test_relative_error_is_that_of_squares():
    assert one_at_a_time.relative_error(np.array([[2.0, 2.0], [1.0, 1.0]]), np.array([1.0, 1.0])).tolist() == [1.0, 0.0]


def test_directions_of_a_linear_response_are_those_of_its_design():
    simulator = Linear(names=("A_e", "b_e"), design=np.array([[3.0, 0.0], [0.0, 0.1]]))
    values, axes = sloppy_directions.directions(simulator, np.array([[2.0, 2.0]]))
    np.testing.assert_allclose(values, [[36.0, 0.04]], rtol=1e-5)
    np.testing.assert_allclose(np.abs(axes[0]), np.eye(2), atol=1e-6)


def test_the_last_direction_of_an_evoked_potential_is_the_product_that_alone_is_seen(monkeypatch):
    monkeypatch.setattr(sloppy_directions, "DRAWS", 30)
    table = sloppy_directions.SloppyDirections().compute_systems({"erp": Erp()}, np.random.default_rng(0))
    last = table[table["direction"] == 8].set_index("parameter")
    assert last["null"].all() and not table.loc[table["direction"] < 8, "null"].any()
    assert abs(last["cosine"]["A_i"]) == pytest.approx(0.7071, abs=1e-3)
    assert last["cosine"]["a_4"] == pytest.approx(-last["cosine"]["A_i"], abs=1e-3)
    driven = sloppy_directions.SloppyDirections().compute_systems({"erp": Erp(inhibitory=0.5, pyramidal=0.5)}, np.random.default_rng(0))
    assert not driven["null"].any()


def test_analyses_of_responses_leave_other_systems_out_and_name_what_is_missing(monkeypatch):
    monkeypatch.setattr(sobol, "SAMPLES", 64)
    systems = {"erp": Erp(), "rings": Kuramoto(), "noisy": Erp(drive_noise=1.0, oscillating="keep")}
    assert set(able(systems)) == {"erp"}


def test_systems_with_the_same_responses_are_drawn_once():
    systems = {"own": Erp(), "fewer": Erp(trials=3), "disturbed_late": Erp(noise_shift=1.0), "driven": Erp(pyramidal=0.5)}
    systems["same_draws"] = Erp(draws_of="own")
    assert list(able(systems)) == ["own", "driven"]
    for analysis in (sobol.Sobol(), one_at_a_time.OneAtATime(), sloppy_directions.SloppyDirections()):
        empty = analysis.compute_systems({"rings": Kuramoto()}, np.random.default_rng(0))
        assert len(empty) == 0 and "No system" in analysis.draw(empty).axes[0].texts[0].get_text()


def test_sobol_and_one_at_a_time_see_the_symmetry_and_give_figures(monkeypatch):
    monkeypatch.setattr(sobol, "SAMPLES", 256)
    monkeypatch.setattr(one_at_a_time, "VALUES", 20)
    table = sobol.Sobol().compute_systems({"erp": Erp()}, np.random.default_rng(0))
    assert set(table["parameter"]) == set(Erp().names) and table["index"].between(-0.5, 2).all()
    whole = table[(table["output"] == sobol.WHOLE) & (table["order"] == "total")].set_index("parameter")["index"]
    assert whole["A_e"] > 0.2
    assert len(sobol.Sobol().draw(table).axes) >= len(sobol.FEATURES) + 1
    alone = one_at_a_time.OneAtATime().compute_systems({"erp": Erp()}, np.random.default_rng(0))
    assert len(one_at_a_time.OneAtATime().draw(alone).axes) >= 16
    errors = alone.groupby(["parameter", "value"], sort=False)[["standard", "relative_error"]].first().reset_index()
    near = errors[errors["value"] == errors["standard"]]
    assert (near["relative_error"] < 1e-12).all()


def test_the_standard_column_is_that_of_jansen_and_rit_where_the_prior_holds_it():
    assert standard(Erp()).tolist() == [3.25, 22.0, 100.0, 50.0, 1.0, 0.8, 0.25, 0.25]
    narrow = replace(Erp(), ranges={"A_e": (5.0, 9.0), "e_0": (1.0, 2.0)})
    assert standard(narrow).tolist() == [7.0, 1.5]
