"""Evoked potentials against an independent solver, their prior, and the published error of units."""

from dataclasses import replace

import numpy as np
import pytest
from fixtures.columns import exact
from scipy.stats import kstest, truncnorm

from headroom.core.errors import HeadroomError
from headroom.core.randomness import streams
from headroom.simulators._jansen_rit_pulse import Pulse
from headroom.simulators.erp import Erp
from headroom.simulators.jansen_rit import JansenRit

USUAL = np.array([[3.25, 22.0, 100.0, 50.0, 1.0, 0.8, 0.25, 0.25]])
PUBLISHED = {
    "r": 0.00056, "e_0": 0.025, "C": 1.0, "pulse_rate": 60.0, "pyramidal": 0.56, "inhibitory": 1.0, "drawn": "normal",
    "ranges": {**Erp().ranges, "b_e": (5.0, 150.0)},
}  # fmt: skip


@pytest.mark.parametrize("pyramidal, inhibitory", [(0.0, 0.0), (0.56, 1.0)])
def test_the_response_is_that_of_the_equations(pyramidal, inhibitory):
    """One pulse on a column at rest, which has come back to rest a second later."""
    simulators = [Erp(trials=1, substeps=substeps, pyramidal=pyramidal, inhibitory=inhibitory) for substeps in (1, 4)]
    (coarse, _), (found, steady) = (simulator.responses(USUAL) for simulator in simulators)
    pulse = Pulse(onset=1.2, width=0.05, period=10.0, pyramidal=pyramidal, inhibitory=inhibitory)
    column = JansenRit(samples=2201, drive_mean=0.0, drive_noise=0.0, pulse_rate=200.0, pulse=pulse, C=135.0)
    states = exact(column, np.zeros(6), pulsed=True)[1000:]
    true = states[:, 1] - states[:, 2]
    true -= true[:200].mean()
    assert steady.all() and found.shape == (1, 1201)
    assert np.ptp(true) > 2
    np.testing.assert_allclose(found[0], true, atol=0.004 * np.ptp(true))
    np.testing.assert_allclose(coarse[0], true, atol=0.05 * np.ptp(true))


def test_recordings_are_what_their_parameters_evoke():
    simulator = Erp(trials=70)
    recording = simulator.simulate(streams(0, "erp"))
    evoked, steady = simulator.responses(recording.parameters)
    assert steady.all()
    np.testing.assert_array_equal(recording.states.values[..., 0], evoked.astype(np.float32))
    np.testing.assert_allclose(evoked[:, :200].mean(axis=1), 0, atol=1e-9)
    np.testing.assert_array_equal(recording.extras["prior"], simulator.bounds)
    assert recording.parameter_names == ("A_e", "A_i", "b_e", "b_i", "a_1", "a_2", "a_3", "a_4")


def test_columns_that_do_not_repeat_are_drawn_again_and_counted():
    recording = Erp(trials=600).simulate(streams(0, "erp"))
    left_out = 1 - 600 / recording.extras["draws"].sum()
    assert 0.04 < left_out < 0.09
    kept = Erp(trials=600, oscillating="keep").simulate(streams(0, "erp"))
    _, steady = Erp().responses(kept.parameters)
    assert (~steady).mean() == pytest.approx(left_out, abs=0.03)


def test_the_prior_fills_the_box_or_is_a_truncated_normal():
    ranges = {"A_e": (2.6, 9.75), "b_e": (50.0, 150.0)}
    for drawn, law in (("uniform", "uniform"), ("normal", truncnorm(-2, 2).cdf)):
        simulator = Erp(trials=400, ranges=ranges, drawn=drawn, oscillating="keep")
        parameters = simulator.simulate(streams(0, drawn)).parameters
        low, high = simulator.bounds.T
        share = (parameters - low) / (high - low)
        values = share if drawn == "uniform" else 4 * (share - 0.5)
        assert min(kstest(column, law).pvalue for column in values.T) > 0.001


def test_with_the_published_units_connections_leave_no_trace():
    """Potentials in V with a slope per mV, a highest rate of .05 /s, and a_1 to a_4 never multiplied by C: constant in single precision."""
    changed = np.repeat(USUAL, 5, axis=0)
    for row, factor in enumerate((1.5, 1.5, 1.5, 1.5), start=1):
        changed[row, 3 + row] *= factor
    published, _ = Erp(**PUBLISHED).responses(changed)
    sound, _ = Erp().responses(changed)
    assert np.ptp(published[0]) > 1
    apart = np.abs(published[1:] - published[0]).max(axis=1) / np.abs(published[0]).max()
    assert (apart < np.finfo(np.float32).eps).all()
    assert (np.abs(sound[1:] - sound[0]).max(axis=1) > 0.05 * np.abs(sound[0]).max()).all()
    others, _ = Erp(**PUBLISHED).responses(USUAL * np.where(np.arange(8) < 4, 1.1, 1.0))
    assert np.abs(others[0] - published[0]).max() > 0.01 * np.abs(published[0]).max()


def test_an_average_over_many_noisy_trials_comes_near_the_response():
    settings = {"trials": 4, "oscillating": "keep", "ranges": {"A_e": (3.2, 3.3)}}
    quiet = Erp(**settings).simulate(streams(0, "erp")).states.values
    errors = []
    for repetitions in (4, 64):
        noisy = Erp(**settings, drive_noise=0.1, repetitions=repetitions).simulate(streams(0, "erp")).states.values
        errors.append(np.sqrt(((noisy - quiet) ** 2).mean()))
    assert errors[1] < 0.4 * errors[0]


def test_noise_that_sets_in_leaves_earlier_recordings_and_all_parameters_as_they_are():
    settings = {"trials": 8, "repetitions": 4, "shift_at": 0.75, "ranges": {"A_e": (3.0, 3.5)}}
    quiet = Erp(**settings).simulate(streams(0, "erp"))
    sizes = []
    for noise in (0.05, 0.2):
        found = Erp(**settings, noise_shift=noise).simulate(streams(0, "erp"))
        np.testing.assert_array_equal(found.parameters, quiet.parameters)
        np.testing.assert_array_equal(found.states.values[:6], quiet.states.values[:6])
        sizes.append((found.states.values - quiet.states.values)[6:].std())
    assert sizes[0] > 1e-4 and sizes[1] == pytest.approx(4 * sizes[0], rel=0.2)
    assert Erp(noise_shift=1.0).responses(USUAL)[1].all()
    assert "noise_shift: found noise" in Erp(noise_shift=1.0, drive_noise=1.0, oscillating="keep").problems()[0]


def test_a_response_to_noise_is_no_function_of_the_parameters():
    with pytest.raises(HeadroomError, match="drive_noise above 0; expected 0"):
        Erp(drive_noise=1.0, oscillating="keep").responses(USUAL)
    assert "oscillating: found leave_out" in Erp(drive_noise=1.0).problems()[0]
    assert "ranges: found none" in Erp(ranges={}).problems()[0]
    assert "after: found 0.5 s" in Erp(after=0.5).problems()[0]


def test_a_prior_without_responses_is_given_up():
    oscillating = {"A_e": (3.2, 3.3)}
    with pytest.raises(HeadroomError, match="of 2 recordings found no response that repeats in 200 draws"):
        replace(Erp(trials=2, ranges=oscillating, drive_mean=220.0)).simulate(streams(0, "erp"))
