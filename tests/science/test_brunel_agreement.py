"""The figure of both engines: what it says of them, and that it would say so if they differed."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from headroom.analyses.engine_agreement import CV_TOLERANCE, RATE_TOLERANCE, VOLTAGE_TOLERANCE, EngineAgreement
from headroom.simulators.brunel import Brunel

brian2 = pytest.importorskip("brian2")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def table():
    target, step = brian2.prefs.codegen.target, brian2.defaultclock.dt
    found = EngineAgreement().compute_systems({"net": Brunel(engine="brian2"), "other": object()}, np.random.default_rng(0))
    assert brian2.prefs.codegen.target == target and brian2.defaultclock.dt == step
    return found


def test_the_engines_agree_within_the_tolerances(table):
    first = table.iloc[0]
    assert set(table["engine"]) == {"brian2", "compiled"} and set(table["system"]) == {"net"}
    assert first["rate"] == pytest.approx(30.4, abs=RATE_TOLERANCE)
    assert 0 < first["rate_difference"] < RATE_TOLERANCE and 0 < first["cv_difference"] < CV_TOLERANCE
    assert first["largest_voltage_difference"] < VOLTAGE_TOLERANCE


def test_distributions_are_densities_and_lie_on_each_other(table):
    for part in ("interval", "voltage"):
        rows = table[table["part"] == part]
        areas = (rows["value"] * rows["width"]).groupby(rows["engine"]).sum()
        assert areas.to_numpy() == pytest.approx(1.0, abs=0.01)
        one, other = (own["value"].to_numpy() * own["width"].to_numpy() for _, own in rows.groupby("engine"))
        assert 0 < np.abs(one - other).sum() < 0.06


def test_an_engine_that_differs_is_seen_to():
    class Slower:
        """Another membrane time constant in one of the engines."""

        def compare_engines(self, rng):
            return {
                "brian2": Brunel().compare_engines(rng)["brian2"],
                "compiled": replace(Brunel(), tau=0.012).compare_engines(rng)["compiled"],
            }

    first = EngineAgreement().compute_systems({"net": Slower()}, np.random.default_rng(0)).iloc[0]
    assert first["rate_difference"] > RATE_TOLERANCE and first["largest_voltage_difference"] > 1


def test_a_missing_engine_is_named_in_the_figure(monkeypatch):
    monkeypatch.setitem(sys.modules, "brian2", None)
    analysis = EngineAgreement()
    figure = analysis.draw(analysis.compute_systems({"net": Brunel()}, np.random.default_rng(0)))
    assert "brian2 is not installed" in figure.axes[0].texts[0].get_text()
