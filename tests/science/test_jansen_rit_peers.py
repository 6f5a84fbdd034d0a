"""Jansen-Rit columns against two published implementations: tvb-library 2.10.0 and vbi 0.4.4, as fixtures/jansen_rit_peers.py ran them."""

import numpy as np
import pytest
from fixtures.jansen_rit_peers import EVOKED, STORED, evoked, stationary

from headroom.core.randomness import streams


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
