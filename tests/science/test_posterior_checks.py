"""Checks of posteriors: a right one passes all, one that is too sure fails, and one fools TARP alone."""

import numpy as np
import pytest

from headroom.analyses._posterior_checks import LEVELS, checked, claimed
from headroom.core.calibration import distances, ranks

RECORDINGS, DRAWS, PARAMETERS = 2000, 200, 4


def judged(width=1.0, shift=0.0, informative=True, seed=0):
    """Ranks and distances of normal posteriors whose SD is `width` times the right one, moved by `shift` SDs, both by parameter."""
    rng = np.random.default_rng(seed)
    truth = rng.standard_normal((RECORDINGS, PARAMETERS))
    seen = truth + rng.standard_normal(truth.shape)
    mean, sd = (seen / 2, np.sqrt(0.5)) if informative else (np.zeros_like(seen), 1.0)
    centre = mean + np.asarray(shift) * sd
    draws = centre + np.asarray(width) * sd * rng.standard_normal((DRAWS, *truth.shape))
    far = rng.uniform(-3, 3, truth.shape)
    return checked(ranks(draws, truth, rng), distances(draws, truth, far, rng)), claimed(truth, draws.mean(axis=0), draws.std(axis=0))


@pytest.mark.parametrize("informative", [True, False])
def test_an_exact_posterior_passes_all_and_so_does_the_prior(informative):
    found, errors = judged(informative=informative)
    assert found.even_ranks and found.apart < 0.04 and found.distance < 0.05
    assert errors.accepted.all()


def test_an_overconfident_posterior_fails_ranks_coverage_and_its_claims():
    found, errors = judged(width=0.6)
    assert not found.even_ranks and found.apart > 0.1 and found.distance > 0.05
    assert not errors.accepted.any() and (errors.low > 0).all() and (errors.rms_z > 1.2).all()


def test_a_posterior_that_is_too_wide_fails_too():
    found, errors = judged(width=1.6)
    assert not found.even_ranks and found.apart > 0.1
    assert not errors.accepted.any() and (errors.high < 0).all() and (errors.rms_z < 0.85).all()


def test_a_biased_posterior_fails():
    found, errors = judged(shift=0.5)
    assert not found.even_ranks and (errors.low > 0).all()


def test_opposite_errors_of_two_parameters_fool_regions_but_not_ranks():
    """TARP passes where simulation-based calibration fails: half of the parameters too sure, the other half not sure enough."""
    found, _ = judged(width=[0.75, 0.75, 1.22, 1.22])
    assert found.distance <= 0.05
    assert not found.even_ranks and found.apart > 0.04


def test_central_intervals_of_even_ranks_hold_what_they_say():
    even = (np.arange(1000) + 0.5)[:, None] / 1000
    found = checked(even, even[:, 0])
    np.testing.assert_allclose(found.covered[0], LEVELS, atol=1e-9)
    assert found.p[0] > 0.999 and found.distance == pytest.approx(0.0005)


def test_ranks_lie_in_the_gap_of_the_truth():
    draws = np.array([1.0, 2.0, 3.0]).reshape(3, 1, 1)
    rng = np.random.default_rng(0)
    for truth, low in ((0.0, 0.0), (1.5, 0.25), (2.5, 0.5), (9.0, 0.75)):
        found = [ranks(draws, np.array([[truth]]), rng)[0, 0] for _ in range(50)]
        assert low <= min(found) and max(found) <= low + 0.25


def test_a_constant_posterior_at_the_truth_has_even_ranks():
    """Ties are filled evenly: a parameter that is known exactly is calibrated."""
    truth = np.random.default_rng(0).standard_normal((500, 1))
    found = ranks(np.repeat(truth[None], 50, axis=0), truth, np.random.default_rng(1))
    assert found.mean() == pytest.approx(0.5, abs=0.04) and found.std() == pytest.approx(12**-0.5, abs=0.02)
