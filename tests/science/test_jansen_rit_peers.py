"""Jansen-Rit columns against two published implementations: tvb-library 2.10.0 and vbi 0.4.4, as fixtures/jansen_rit_peers.py ran them."""

import importlib.util

import numpy as np
import pytest
from fixtures.jansen_rit_peers import EVOKED, STORED, evoked, of_tvb, of_vbi, stationary

from headroom.core.randomness import streams


def found(module):
    """Whether a module of a package that may be missing altogether can be imported."""
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


@pytest.fixture(scope="module")
def peers():
    with np.load(STORED) as stored:
        return dict(stored)


@pytest.mark.parametrize("number", range(len(EVOKED)))
def test_evoked_responses_of_the_virtual_brain(peers, number):
    theirs = peers["paths"][number]  # every fourth sample
    ours = evoked(*EVOKED[number]).simulate(streams(0)).states.values[0, ::4]
    difference = np.abs(ours - theirs).max(axis=0) / np.ptp(theirs, axis=0)
    print("largest difference as a fraction of each state's range:", difference)
    assert np.ptp(theirs[125:, 1] - theirs[125:, 2]) > 1, "there is a response"
    assert (difference < 1e-3).all()


def test_stationary_moments_of_vbi(peers):
    """Its Euler scheme at .05 ms: mean and SD of y1 - y2 within four standard errors and its own step error."""
    ours = stationary(1000, 20_000).simulate(streams(0)).states.values[..., 0]
    for name, moment in (("mean", ours.mean(axis=1)), ("sd", ours.std(axis=1))):
        theirs = peers[name]
        error = np.hypot(moment.std() / np.sqrt(len(moment)), theirs.std() / np.sqrt(len(theirs)))
        print(name, "ours", moment.mean(), "theirs", theirs.mean(), "standard error", error)
        assert abs(moment.mean() - theirs.mean()) < 4 * error + 0.01 * abs(theirs.mean())


@pytest.mark.skipif(not found("tvb.simulator.models.jansen_rit"), reason="tvb-library is not installed")
def test_the_virtual_brain_of_today_says_what_is_stored(peers):
    np.testing.assert_allclose(of_tvb(evoked(*EVOKED[1]), 0.05)[::4], peers["paths"][1], rtol=1e-9, atol=1e-9)


@pytest.mark.skipif(not found("vbi.models.cpp._src.jr_sde"), reason="vbi is not installed, or its jr_sde.py was not generated")
def test_vbi_of_today_says_what_is_stored(peers):
    """Whatever its noise: the columns' means and SDs within four standard errors."""
    values = of_vbi(60, 20.0)
    for stored, moment in ((peers["mean"], values.mean(axis=1)), (peers["sd"], values.std(axis=1))):
        assert abs(moment.mean() - stored.mean()) < 4 * np.hypot(moment.std(), stored.std()) / np.sqrt(60)
