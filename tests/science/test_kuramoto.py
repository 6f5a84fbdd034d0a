"""The Kuramoto oscillators against theory and an independent solver."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.special import iv

from headroom.core.randomness import stream, streams
from headroom.simulators.kuramoto import Kuramoto, critical_coupling_lorentzian, order_parameter


def lorentzian(count, gamma):
    """Frequencies at the quantiles of a Lorentzian of half-width gamma around 0."""
    return tuple(gamma * np.tan(np.pi * ((np.arange(count) + 0.5) / count - 0.5)))


def synchrony(coupling, diffusion, gamma=0.5, count=2000):
    """r of the mean field (Kuramoto's r is the mean over time), after a long burn-in from random phases."""
    simulator = Kuramoto(
        trials=1,
        samples=100,
        dt=0.5,
        substeps=5,
        frequencies=lorentzian(count, gamma),
        coupling=coupling,
        diffusion=diffusion,
        burn_in=60,
    )
    return order_parameter(simulator.simulate(streams(0, "mean field")).extras["phase"]).mean()


def test_critical_coupling_is_the_integral_over_frequencies():
    """Kc = 2 / integral g(w) D / (D^2 + w^2) dw, by quadrature."""
    gamma, diffusion = 0.4, 0.3
    w = np.tan(np.linspace(-np.pi / 2, np.pi / 2, 200_001)[1:-1])
    integral = np.trapezoid(gamma / np.pi / (w**2 + gamma**2) * diffusion / (diffusion**2 + w**2), w)
    assert critical_coupling_lorentzian(gamma, diffusion) == pytest.approx(2 / integral, rel=1e-3)


def test_order_parameter_above_the_critical_coupling():
    """Without noise r = sqrt(1 - Kc/K) (Kuramoto 1984)."""
    assert synchrony(2 * critical_coupling_lorentzian(0.5, 0), 0) == pytest.approx(np.sqrt(0.5), abs=0.03)


def test_order_parameter_below_the_critical_coupling():
    assert synchrony(0.5 * critical_coupling_lorentzian(0.5, 0), 0) < 3 / np.sqrt(2000)


def test_noise_raises_the_critical_coupling():
    """A coupling between 2 gamma and 2 (gamma + D) synchronises without noise and does not with it (Sakaguchi 1988)."""
    between = 0.5 * (critical_coupling_lorentzian(0.5, 0) + critical_coupling_lorentzian(0.5, 0.5))
    assert synchrony(between, 0) > 0.5
    assert synchrony(between, 0.5) < 3 / np.sqrt(2000)
    assert synchrony(1.5 * critical_coupling_lorentzian(0.5, 0.5), 0.5) > 0.4


def deterministic(substeps):
    return Kuramoto(trials=2, samples=20, substeps=substeps, diffusion=0, burn_in=0)


def exact(simulator, start):
    """Phases (time, oscillator) by DOP853, the coupling written as the sum over pairs."""

    def velocity(time, phase):
        pairs = np.sin(phase[None, :] - phase[:, None]).sum(axis=1)
        return np.asarray(simulator.frequencies) + simulator.coupling / len(phase) * pairs

    times = np.arange(simulator.samples) * simulator.dt
    return solve_ivp(velocity, (0, times[-1]), start, method="DOP853", t_eval=times, rtol=1e-10, atol=1e-10).y.T


def test_without_noise_it_converges_to_the_exact_solution_at_first_order():
    errors = []
    for substeps in (20, 40, 80, 1000):
        paths = deterministic(substeps).simulate(streams(5, "start")).extras["phase"]
        errors.append(max(np.abs(path - exact(deterministic(substeps), path[0])).max() for path in paths))
    assert errors[0] / errors[1] == pytest.approx(2, abs=0.2)
    assert errors[1] / errors[2] == pytest.approx(2, abs=0.1)
    assert errors[3] < 0.005


def test_strong_order_one_on_one_brownian_path():
    """Additive noise: the same path with half the step halves the error (Kloeden & Platen 1992, section 10.2)."""
    fine = 256
    start = stream(0, "start").uniform(0, 2 * np.pi, (500, 5))
    noise = Kuramoto(substeps=fine).noise(stream(0, "path"), start)
    reference = Kuramoto(substeps=fine).step(start, noise)

    def error(substeps):
        summed = noise.reshape(substeps, fine // substeps, *start.shape).sum(axis=1)
        return np.sqrt(np.mean((Kuramoto(substeps=substeps).step(start, summed) - reference) ** 2))

    assert error(4) / error(8) == pytest.approx(2, abs=0.25)
    assert error(8) / error(16) == pytest.approx(2, abs=0.25)


def test_two_equal_oscillators_have_a_von_mises_difference():
    """p(phi) ~ exp(K cos(phi) / 2D), so E cos(phi) = I1 / I0; the step error is of first order."""
    coupling, diffusion = 0.8, 0.2
    concentration = coupling / (2 * diffusion)
    expected = iv(1, concentration) / iv(0, concentration)

    def measured(substeps):
        simulator = Kuramoto(
            trials=300, samples=300, substeps=substeps, frequencies=(1.0, 1.0), coupling=coupling, diffusion=diffusion, burn_in=20
        )
        phase = simulator.simulate(streams(2, "von Mises")).extras["phase"]
        by_trial = np.cos(phase[..., 0] - phase[..., 1]).mean(axis=1)
        return by_trial.mean(), by_trial.std(ddof=1) / np.sqrt(len(by_trial))

    mean, standard_error = measured(20)
    assert abs(mean - expected) < 4 * standard_error + 0.003
    assert standard_error < 0.005
    assert abs(measured(1)[0] - expected) > 3 * abs(mean - expected)


def test_uncoupled_phases_diffuse():
    """E sin = exp(-D t) sin(theta + omega t): fixes the factor 2 in sqrt(2 D)."""
    simulator = Kuramoto(trials=1, samples=10, coupling=0, diffusion=0.3)
    recording = simulator.simulate(streams(0, "free"))
    futures = simulator.futures(recording, np.array([0]), np.array([9]), 4, 40_000, stream(0, "futures"))
    ahead = simulator.dt * np.arange(1, 5)[:, None]
    expected = np.exp(-0.3 * ahead) * np.sin(recording.extras["phase"][0, 9] + np.multiply(simulator.frequencies, ahead))
    np.testing.assert_allclose(futures[0].mean(axis=0), expected, atol=4 * 0.75 / np.sqrt(40_000))


def test_futures_go_on_from_the_recorded_moment():
    simulator = Kuramoto(trials=3, samples=40, diffusion=0)
    recording = simulator.simulate(streams(0, "resume"))
    futures = simulator.futures(recording, np.array([2, 0]), np.array([10, 25]), 14, 2, stream(0, "futures"))
    for future in (0, 1):
        np.testing.assert_allclose(futures[0, future], recording.states.values[2, 11:25], atol=1e-9)
        np.testing.assert_allclose(futures[1, future], recording.states.values[0, 26:40], atol=1e-9)


def test_default_regime_is_neither_locked_nor_incoherent():
    recording = Kuramoto().simulate(streams(0, "regime"))
    synchrony = order_parameter(recording.extras["phase"])
    assert synchrony.mean() == pytest.approx(0.54, abs=0.05)
    assert synchrony.std() == pytest.approx(0.22, abs=0.03)
    x = recording.states.values
    assert 0.5 < 1 - ((x[:, 1:] - x[:, :-1]) ** 2).mean() / x.var() < 0.8
