"""The Kalman smoother against dense Gaussian algebra, a particle smoother, its own error bars, and what can be known exactly."""

from dataclasses import replace

import numpy as np
import pytest
from fixtures.particle_smoother import particle_smoother
from numba import njit

from headroom.ceilings._kalman import Model, estimated
from headroom.ceilings._kalman_spread import narrow
from headroom.ceilings._kalman_windows import estimated_in_windows
from headroom.ceilings.kalman_smoother import KalmanSmoother
from headroom.core.errors import HeadroomError
from headroom.core.randomness import stream, streams
from headroom.observations.channels import Channels
from headroom.observations.difference import Difference
from headroom.observations.white import White
from headroom.simulators._jansen_rit_pulse import Pulse
from headroom.simulators.jansen_rit import JansenRit
from headroom.simulators.kuramoto import Kuramoto
from headroom.splits.by_trial import ByTrial
from headroom.tasks.forecasting import Forecasting
from headroom.tasks.reconstruction import Reconstruction

SENSORS = {"y0": Channels(names=("y0",)), "eeg": Difference(plus="y1", minus="y2"), "potentials": Channels(names=("y0", "y1", "y2"))}


def condition(simulator, level, sensor="y0", task=None):
    recording = simulator.simulate(streams(0, "simulate"))
    observed = White(level=level).apply(SENSORS[sensor].apply(recording.states, None), streams(0, "noise"))
    task = task or Reconstruction()
    return recording, ByTrial().apply(task.examples(recording, observed), task.target(recording, observed), recording)


def smoothed(*given, passes=1):
    """Means (time, state) and covariances (time, state, state) given all observations."""
    room = estimated(*given, passes=passes)
    narrow(given[1], room)
    return room.means[:: given[1].every], room.covariances[:: given[1].every]


def correlations(dataset, said):
    truth = dataset.test.targets()[:, 0]
    return np.array([np.corrcoef(said.point[:, 0, state], truth[:, state])[0, 1] for state in range(truth.shape[1])])


@njit
def affine(state, coefficients, pulse, after, jacobian):
    """x' = F x + pulse, with F in the coefficients."""
    size = len(state)
    for i in range(size):
        after[i] = pulse
        for k in range(size):
            jacobian[i, k] = coefficients[i * size + k]
            after[i] += jacobian[i, k] * state[k]


def chain(every, samples=9):
    """A linear chain of three states, one noise, two channels: the model, what was observed, and the pulses."""
    rng = stream(0, "chain")
    flow = np.linalg.qr(rng.standard_normal((3, 3)))[0] * 0.9
    gain, spread = rng.standard_normal(3), rng.standard_normal((3, 3))
    model = Model(
        coefficients=flow.ravel(),
        noise=np.outer(gain, gain),
        sensor=rng.standard_normal((2, 3)),
        error=np.array([0.3, 0.05]),
        every=every,
        mean=rng.standard_normal(3),
        covariance=spread @ spread.T,
    )
    return model, rng.standard_normal((samples, 2)), rng.standard_normal((samples - 1) * every)


def posterior(model, observed, pulses, known):
    """Mean (step, 3) and covariance (step, 3, 3) by one dense conditional Gaussian of all steps, given the samples `known`."""
    steps, flow = len(pulses) + 1, model.coefficients.reshape(3, 3)
    mean, joint = np.zeros((steps, 3)), np.zeros((steps, 3, steps, 3))
    mean[0], joint[0, :, 0] = model.mean, model.covariance
    for step in range(1, steps):
        mean[step] = flow @ mean[step - 1] + pulses[step - 1]
        joint[step, :, :step] = np.einsum("ij,jtk->itk", flow, joint[step - 1, :, :step])
        joint[:step, :, step] = np.moveaxis(joint[step, :, :step], 0, 2)
        joint[step, :, step] = flow @ joint[step - 1, :, step - 1] @ flow.T + model.noise
    look = np.zeros((len(known), 2, steps, 3))
    for row, sample in enumerate(known):
        look[row, :, sample * model.every] = model.sensor
    look, joint = look.reshape(-1, 3 * steps), joint.reshape(3 * steps, 3 * steps)
    seen = look @ joint @ look.T + np.diag(np.tile(model.error, len(known)))
    gain = np.linalg.solve(seen, look @ joint).T
    whole = mean.ravel() + gain @ (observed[known].ravel() - look @ mean.ravel())
    left = (joint - gain @ look @ joint).reshape(steps, 3, steps, 3)
    return whole.reshape(steps, 3), np.stack([left[step, :, step] for step in range(steps)])


@pytest.mark.parametrize("every", [1, 3])
def test_a_linear_chain_has_the_dense_posterior(every):
    model, observed, pulses = chain(every)
    exact = posterior(model, observed, pulses, range(len(observed)))
    for found, true in zip(smoothed(affine, model, observed, pulses, passes=2), exact, strict=True):
        np.testing.assert_allclose(found, true[::every], atol=1e-10)


def test_the_filter_knows_the_past_and_a_window_only_itself():
    model, observed, pulses = chain(2)
    room = estimated(affine, model, observed, pulses, smooth=False)
    about, lag = 5, 2
    back = posterior(model, observed, pulses, range(about + 1))
    np.testing.assert_allclose(room.means[2 * about], back[0][2 * about], atol=1e-10)
    np.testing.assert_allclose(room.covariances[2 * about], back[1][2 * about], atol=1e-10)
    first = about - lag
    window = posterior(model, observed[first : about + lag + 1], pulses[2 * first : 2 * (about + lag)], range(2 * lag + 1))[0]
    found = estimated_in_windows(affine, model, observed, pulses, np.array([about]), lag, passes=2)
    np.testing.assert_allclose(found[0], window[2 * lag], atol=1e-10)
    alone = posterior(model, observed[first : about + 1], pulses[2 * first : 2 * about], range(lag + 1))[0]
    found = estimated_in_windows(affine, model, observed, pulses, np.array([about]), lag, smooth=False)
    np.testing.assert_allclose(found[0], alone[2 * lag], atol=1e-10)


def test_the_compiled_step_is_the_simulators_and_its_jacobian_the_derivative():
    simulator = JansenRit(trials=3, samples=400, C=150.0, pulse_rate=100.0, pulse=Pulse(pyramidal=0.4, inhibitory=0.3))
    states = simulator.simulate(streams(0, "states")).states.values[:, 399]
    after, jacobian, move = np.empty(6), np.empty((6, 6)), simulator.linearised()
    for state in states:
        move(state, simulator.coefficients(), 0.3, after, jacobian)
        np.testing.assert_allclose(after, simulator.step(state, pulse=0.3), rtol=1e-12)
        step = np.diag(1e-5 * np.maximum(1, np.abs(state)))
        slope = (simulator.step(state + step, pulse=0.3) - simulator.step(state - step, pulse=0.3)) / (2 * np.diag(step)[:, None])
        np.testing.assert_allclose(jacobian, slope.T, atol=1e-7 * np.abs(jacobian).max())


@pytest.fixture(scope="module")
def column():
    """Twenty trials of the alpha rhythm, and the model of y0 and of y1 - y2 under a tenth of noise."""
    simulator = JansenRit()
    states = simulator.simulate(streams(0, "simulate")).states.values
    every = states.reshape(-1, 6)
    gain = simulator.noise_gain()

    def model(row):
        sd = 0.1 * (every @ row).std()
        known = {"coefficients": simulator.coefficients(), "noise": np.outer(gain, gain), "every": 1}
        known |= {"mean": every.mean(axis=0), "covariance": np.cov(every.T)}
        return Model(sensor=row[None].copy(), error=np.array([sd**2]), **known), sd

    return simulator, states, model


@pytest.mark.parametrize("row, clouds", [((1.0, 0, 0, 0, 0, 0), 3), ((0, 1.0, -1.0, 0, 0, 0), 1)])
def test_a_particle_smoother_finds_the_same(column, row, clouds):
    """r of every state within .005 over three trials, and means that differ by a fraction of their uncertainty.

    Of a cloud about a hundred lines survive the lag; from y0 their chance alone costs .005 of the r of y4, hence several clouds.
    """
    simulator, states, model_of = column
    model, sd = model_of(np.array(row))
    start, inner = states.reshape(-1, 6)[stream(0, "start").integers(states.size // 6, size=10_000)], slice(100, -60)
    found = []
    for trial, path in enumerate(states[:3, :500]):
        seen = path @ model.sensor[0] + sd * stream(trial, "seen").standard_normal(len(path))
        means, spreads = smoothed(simulator.linearised(), model, seen[:, None], np.zeros(len(path) - 1))
        given = simulator, model.sensor[0], seen, sd, start, 30
        by_particles = np.mean([particle_smoother(*given, stream(trial, "cloud", cloud)) for cloud in range(clouds)], axis=0)
        found.append([part[inner] for part in (means, by_particles, path, np.sqrt(np.einsum("tii->ti", spreads)))])
    means, by_particles, paths, sds = np.concatenate(found, axis=1)
    scores = [[np.corrcoef(one[:, state], paths[:, state])[0, 1] for state in range(6)] for one in (means, by_particles)]
    np.testing.assert_allclose(*scores, atol=0.005)
    assert np.sqrt((((means - by_particles) / sds) ** 2).mean(axis=0)).max() < 0.25


def test_its_error_bars_are_right(column):
    """Squared errors over their variances are 1 in the mean over trials, for every state and both sensors."""
    simulator, states, model_of = column
    for row in np.eye(6)[0], np.array([0, 1.0, -1.0, 0, 0, 0]):
        model, sd = model_of(row)
        ratios = []
        for trial, path in enumerate(states):
            seen = path @ row + sd * stream(trial, "bars").standard_normal(len(path))
            means, spreads = smoothed(simulator.linearised(), model, seen[:, None], np.zeros(len(path) - 1), passes=2)
            ratios.append(((means - path) ** 2 / np.einsum("tii->ti", spreads))[200:-200].mean(axis=0))
        error = np.std(ratios, axis=0, ddof=1) / np.sqrt(len(ratios))
        assert (np.abs(np.mean(ratios, axis=0) - 1) < 3.5 * error).all()
        assert error.max() < 0.05


@pytest.mark.parametrize("sensor", SENSORS)
@pytest.mark.parametrize("settings", [{}, {"substeps": 2, "ranges": {"C": (120.0, 150.0)}, "pulse_rate": 60.0, "pulse": Pulse(onset=0.3)}])
def test_without_measurement_noise_every_state_is_recovered(sensor, settings):
    """One unknown a step, and one exact observation of it: only two substeps a sample leave something unknown."""
    simulator = JansenRit(trials=5, samples=1500, **settings)
    recording, dataset = condition(simulator, 0.0, sensor)
    found = correlations(dataset, KalmanSmoother().expect(simulator, recording, dataset, stream(0)))
    assert (found > (0.99999 if not settings else [0.999, 0.995, 0.999, 0.999, 0.8, 0.999])).all(), found


def test_more_context_knows_more_and_wrong_parameters_know_less():
    simulator = JansenRit(trials=20, samples=4000)
    recording, dataset = condition(simulator, 0.1)

    def score(**settings):
        return correlations(dataset, KalmanSmoother(**settings).expect(simulator, recording, dataset, stream(0)))[[1, 4]]

    whole, near, causal, wrong = score(), score(lag=40), score(smooth=False), score(parameter_error={"C": 0.1})
    assert (whole > near).all() and (near > causal).all() and (whole > wrong + 0.1).all()
    assert whole[0] > 0.96 and whole[1] > 0.66


@pytest.mark.parametrize("settings, seen", [({"smooth": False}, 0), ({"lag": 30}, 30), ({"lag": 30, "smooth": False}, 0)])
def test_it_sees_no_further_than_it_says(settings, seen):
    simulator = JansenRit(trials=5, samples=900)
    recording, dataset = condition(simulator, 0.1)
    test, cut = dataset.test, 500
    later = test.inputs.values.copy()
    later[:, cut + 1 :] += 5
    changed = replace(dataset, test=replace(test, inputs=replace(test.inputs, values=later)))
    ceiling = KalmanSmoother(**settings)
    one, other = (ceiling.expect(simulator, recording, data, stream(0)).point for data in (dataset, changed))
    early = test.last - 40 + seen <= cut
    assert early.any() and not early.all()
    np.testing.assert_array_equal(one[early], other[early])
    assert not np.array_equal(one[~early], other[~early])


def test_it_says_where_it_does_not_apply():
    column, rings = JansenRit(trials=5, samples=900), Kuramoto(trials=5, samples=900)
    recording, dataset = condition(column, 0.1)
    squared = replace(dataset.test.inputs, clean=dataset.test.inputs.truth() ** 2)
    bent = replace(dataset, test=replace(dataset.test, inputs=squared))
    forecast = condition(column, 0.1, task=Forecasting())
    for simulator, (known, data), settings, words in [
        (rings, (recording, dataset), {}, "Kuramoto has no map with a derivative"),
        (column, forecast, {}, "task reconstruction"),
        (column, (recording, bent), {}, "no linear function of the states"),
        (column, (recording, dataset), {"parameter_error": {"b": 0.1}}, "no parameter 'b'"),
    ]:
        with pytest.raises(HeadroomError, match=words):
            KalmanSmoother(**settings).expect(simulator, known, data, stream(0))
    assert KalmanSmoother(parameter_error={"C": -1.5}).problems()
