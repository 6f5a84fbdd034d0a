"""Columns as published: Euler steps of the equations, their first order, their uniform input, and what a millisecond does to the rhythm."""

from dataclasses import replace

import numpy as np
import pytest
from fixtures.columns import exact, velocity

from headroom.core.randomness import streams
from headroom.simulators.jansen_rit import JansenRit
from headroom.simulators.jansen_rit_euler import JansenRitEuler

STATES = JansenRit(trials=4, samples=400, burn_in=0.0).simulate(streams(0, "states")).states.values[:, -1]


def simulated(simulator, name="test"):
    return simulator.simulate(streams(0, name)).states.values


def test_a_step_follows_the_slope_of_the_equations():
    """Written out once more in the fixtures, which know nothing of this simulator."""
    simulator, plain = JansenRitEuler(C=150.0, A_i=25.0), JansenRit(C=150.0, A_i=25.0)
    for state in STATES:
        np.testing.assert_allclose(simulator.step(state), state + 0.001 * np.array(velocity(plain, state, 0.0)), rtol=1e-12)


def test_the_derivative_is_that_of_the_step():
    simulator = JansenRitEuler(C=150.0, b_e=90.0)
    move, after, jacobian = simulator.linearised(), np.empty(6), np.empty((6, 6))
    for state in STATES:
        move(state, simulator.coefficients(), 0.0, after, jacobian)
        np.testing.assert_allclose(after, simulator.step(state), rtol=1e-12)
        step = np.diag(1e-5 * np.maximum(1, np.abs(state)))
        slope = (simulator.step(state + step) - simulator.step(state - step)) / (2 * np.diag(step)[:, None])
        np.testing.assert_allclose(jacobian, slope.T, atol=1e-7 * np.abs(jacobian).max())


def test_without_noise_the_order_is_one():
    still = JansenRitEuler(trials=1, samples=101, burn_in=0.0, drive_low=220.0, drive_high=220.0)
    true = exact(JansenRit(samples=101, drive_noise=0.0), np.zeros(6))
    errors = []
    for n in (16, 32, 64):
        path = simulated(replace(still, dt=0.001 / n, samples=100 * n + 1))[0, ::n]
        errors.append((np.abs(path - true) / true.std(axis=0)).max())
    assert np.log2(np.array(errors[:-1]) / errors[1:]) == pytest.approx([1, 1], abs=0.1)


def test_the_input_is_uniform_and_drawn_anew_for_every_step():
    simulator = JansenRitEuler(trials=8, samples=3000)
    values = simulated(simulator)
    left = values[:, 1:] - simulator.step(values[:, :-1])
    np.testing.assert_allclose(np.delete(left, 4, axis=2), 0, atol=1e-9)
    xi = left[..., 4] / simulator.noise_gain()[4]
    assert xi.mean() == pytest.approx(0, abs=4 / np.sqrt(xi.size)) and xi.std() == pytest.approx(1, abs=4 / np.sqrt(xi.size))
    assert 0.99 * np.sqrt(3) < np.abs(xi).max() <= np.sqrt(3) * (1 + 1e-9)
    assert np.abs((xi[:, 1:] * xi[:, :-1]).mean()) < 4 / np.sqrt(xi.size)


def test_at_a_millisecond_the_rhythm_is_larger_than_the_equations_say():
    """SD of y1 - y2: by Euler's step about 1.7 times that of the Strang step, which a tenth of the step leaves as it is."""
    sd = {}
    for name, simulator in {
        "euler": JansenRitEuler(samples=6000),
        "strang": JansenRit(samples=6000),
        "fine": JansenRit(samples=6000, substeps=10),
    }.items():
        values = simulated(simulator)
        sd[name] = (values[..., 1] - values[..., 2]).std()
    assert sd["strang"] == pytest.approx(sd["fine"], rel=0.03)
    assert 1.5 < sd["euler"] / sd["strang"] < 2.0


def test_limits_of_the_input_the_wrong_way_round_are_refused():
    assert JansenRitEuler(drive_low=300.0, drive_high=200.0).problems() == ["drive_low is 300, above drive_high = 200"]
