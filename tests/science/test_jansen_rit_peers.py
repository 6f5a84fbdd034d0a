"""Jansen-Rit columns against two published implementations, where they are installed (benchmarks/README.md says how)."""

import importlib.util

import numpy as np
import pytest

from headroom.core.randomness import streams
from headroom.simulators._jansen_rit_pulse import Pulse
from headroom.simulators.jansen_rit import JansenRit


def found(module):
    """Whether a module of a package that may be missing altogether can be imported."""
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


# Both want other package versions than the lock has: run by hand in an environment of their own.
TVB = pytest.mark.skipif(not found("tvb.simulator.models.jansen_rit"), reason="tvb-library is not installed")
VBI = pytest.mark.skipif(not found("vbi.models.cpp._src.jr_sde"), reason="vbi is not installed, or its jr_sde.py was not generated")


def of_tvb(simulator, step):
    """States (time, 6) of one column by The Virtual Brain's model and its Runge-Kutta integrator; `step` in ms, as all its times.

    The pulse goes into its mean input: a stimulus of its own would be held out of the Runge-Kutta stages, at first order.
    """
    from tvb.simulator.integrators import RungeKutta4thOrderDeterministic
    from tvb.simulator.models.jansen_rit import JansenRit as Theirs

    s = simulator
    per_second = {"a": s.b_e, "b": s.b_i, "nu_max": s.e_0, "mu": s.drive_mean}
    plain = {"A": s.A_e, "B": s.A_i, "v0": s.v_0, "r": s.r, "J": s.C, "a_1": s.a_1, "a_2": s.a_2, "a_3": s.a_3, "a_4": s.a_4}
    model = Theirs(**{name: np.array([value / 1000]) for name, value in per_second.items()}, **{k: np.array([v]) for k, v in plain.items()})
    integrator = RungeKutta4thOrderDeterministic(dt=step)
    state, coupling = np.zeros((6, 1, 1)), np.zeros((2, 1, 1))
    every, path = round(s.dt * 1000 / step), []
    for number in range(s.samples * every):
        if number % every == 0:
            path.append(state[:, 0, 0])
        pulse = s.pulse_rate * s.pulse.share(np.array(number * step / 1000), step / 1000)
        model.mu = np.array([(s.drive_mean + pulse) / 1000])
        state = integrator.scheme(state, model.dfun, coupling, 0.0, 0.0)
    return np.array(path) * np.array([1, 1, 1, 1000, 1000, 1000])


@TVB
@pytest.mark.parametrize("drive_mean, C", [(0.0, 135.0), (120.0, 100.0), (220.0, 135.0)])
def test_evoked_responses_of_the_virtual_brain(drive_mean, C):
    pulse = Pulse(onset=0.5, width=0.05, period=10.0)
    settings = {"drive_mean": drive_mean, "C": C, "pulse": pulse, "pulse_rate": 200.0, "drive_noise": 0.0}
    simulator = JansenRit(trials=1, samples=1200, substeps=20, burn_in=0.0, **settings)
    ours, theirs = simulator.simulate(streams(0)).states.values[0], of_tvb(simulator, 0.05)
    difference = np.abs(ours - theirs).max(axis=0) / np.ptp(theirs, axis=0)
    print("largest difference as a fraction of each state's range:", difference)
    assert np.ptp(theirs[500:, 1] - theirs[500:, 2]) > 1
    assert (difference < 1e-3).all()


@VBI
def test_stationary_moments_of_vbi():
    """Its Euler scheme at .05 ms: mean and SD of y1 - y2 within four standard errors and its own step error."""
    from vbi.models.cpp._src.jr_sde import JR_sde

    columns, seconds, noise = 60, 20.0, 22.0
    gain, *contacts = ([value] * columns for value in (3.25, 135.0, 108.0, 33.75, 33.75))
    intensity = 3.25 * 0.1 * noise * np.sqrt(0.001)  # [mV/ms per sqrt(ms)]
    uncoupled, start = [[0.0] * columns] * columns, [0.0] * (6 * columns)
    constants = (22.0, 0.1, 0.05, 0.56, 6.0, 0.005)
    theirs = JR_sde(columns, 0.05, 2000.0, 1000 * seconds, 0.0, uncoupled, start, gain, *constants, *contacts, 0.22, intensity, 1)
    theirs.eulerIntegrate()
    values = np.asarray(theirs.get_coordinates())[::20].T  # (column, ms)
    settings = {"samples": values.shape[1], "substeps": 2, "record": "eeg", "drive_noise": noise}
    ours = JansenRit(trials=1000, **settings).simulate(streams(0)).states.values[..., 0]
    for moment in (lambda x: x.mean(axis=1), lambda x: x.std(axis=1)):
        one, other = moment(ours), moment(values)
        error = np.hypot(one.std() / np.sqrt(len(one)), other.std() / np.sqrt(len(other)))
        print("ours", one.mean(), "theirs", other.mean(), "standard error", error)
        assert abs(one.mean() - other.mean()) < 4 * error + 0.01 * abs(other.mean())
