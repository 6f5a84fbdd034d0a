"""The reference from observations: its gradients, its place between floor and bound, and what it learns from more frames."""

import re
from dataclasses import replace

import numpy as np
import pytest

from headroom.ceilings import _evidence
from headroom.ceilings._evidence import Frames, evidence
from headroom.ceilings.step_filter import StepFilter
from headroom.ceilings.step_reference import StepReference
from headroom.core.errors import HeadroomError
from headroom.core.protocols import Workspace
from headroom.core.randomness import stream, streams
from headroom.models.logistic import Logistic
from headroom.observations.calcium import Calcium
from headroom.observations.deconvolve import Deconvolve
from headroom.observations.white import White
from headroom.simulators.grid_walk import GridWalk
from headroom.splits.by_block import ByBlock
from headroom.tasks.decoding import Decoding

WALK = GridWalk(neurons=100, samples=4000, tuning=0.4)
STEPS = (Calcium(), White(level=0.3, relative=False), Deconvolve())
SMALL = StepReference(frames=24_000, most_frames=24_000, held=4000, piece=4000, components=16, hidden=32, passes=6, lags=8)


def condition(look=0):
    recording = WALK.simulate(streams(0, "simulate"))
    signal = recording.states
    for number, step in enumerate(STEPS):
        signal = step.apply(signal, streams(0, "observe", number))
    task = Decoding(window=16, look=look, stride=2)
    return recording, ByBlock().apply(task.examples(recording, signal), task.target(recording, signal), recording)


def accuracy(point, dataset):
    return (point[:, 0].argmax(axis=1) == dataset.test.targets()[:, 0].argmax(axis=1)).mean()


def test_gradients_are_the_slopes_of_the_log_loss():
    rng = np.random.default_rng(0)
    shapes = [(5, 3), (12, 6), (6, 6), (6, 4)]
    weights = [part for shape in shapes for part in (rng.normal(size=shape), rng.normal(size=shape[1]))]
    seen, truth = rng.normal(size=(2, 9, 5)), rng.integers(4, size=(2, 6))

    def loss(number, place, step):
        moved = [part.copy() for part in weights]
        moved[number][place] += step
        logs = _evidence._log_softmax(_evidence._forward(moved, seen, 4)[-1])
        return -np.take_along_axis(logs, truth[..., None], axis=2).mean()

    for number, gradient in enumerate(_evidence._gradients(weights, seen, truth, 4)):
        place = tuple(rng.integers(size) for size in gradient.shape)
        slope = (loss(number, place, 1e-6) - loss(number, place, -1e-6)) / 2e-6
        assert gradient[place] == pytest.approx(slope, abs=1e-6)


def test_the_network_learns_the_posterior_of_independent_gaussian_states():
    rng = np.random.default_rng(1)
    states = rng.integers(3, size=(10, 4000))
    means = 1.2 * np.eye(3)
    values = means[states] + rng.normal(size=(10, 4000, 3))
    frames = Frames(values.astype(np.float16), states, states)
    found = evidence(frames, 3, (2, 3, 24), 8, rng).log_posterior(values[0])
    exact = values[0] @ means.T
    exact -= np.log(np.exp(exact).sum(axis=1, keepdims=True))
    assert np.abs(np.exp(found) - np.exp(exact)).mean() < 0.03


def test_it_lies_between_a_linear_decoder_and_the_bound_and_sees_more_when_shown_more():
    found = []
    for look in (0, 8):
        recording, dataset = condition(look)
        said = SMALL.through(STEPS).expect(WALK, recording, dataset, stream(0, "ceiling"))
        np.testing.assert_allclose(said.point.sum(axis=2), 1)
        bound = StepFilter().expect(WALK, recording, dataset, stream(0, "ceiling")).point
        found.append((accuracy(said.point, dataset), accuracy(bound, dataset)))
        if look == 0:
            fit = Logistic(lags=8, components=20, penalties=(0.01,)).fit(dataset.train, dataset.valid, dataset.target, Workspace(0))[0]
            linear = accuracy(fit.predict(dataset.test).point, dataset)
            curve = [float(value) for value in re.findall(r"(0\.\d{4}) from", said.note)]
            assert len(curve) == 3 and curve[-1] > curve[0]
    (causal, filtered), (centred, smoothed) = found
    assert linear < causal < filtered + 0.01 and causal < centred < smoothed + 0.01


def test_a_recording_once_more_has_the_same_neurons_and_another_gait():
    walk = replace(WALK, samples=300, trials=3)
    whole, again = walk.simulate(streams(0, "simulate")), walk.again(2, stream(1, "again"))
    for name in ("baseline", "loadings"):
        np.testing.assert_array_equal(whole.extras[name], again.extras[name])
    np.testing.assert_array_equal(whole.extras["gains"][2], again.extras["gains"][0])
    assert (whole.extras["gait"][2] != again.extras["gait"][0]).any()
    assert again.session.tolist() == [2] and again.states.trials == 1


def test_without_sensor_and_noise_it_says_what_is_missing():
    recording, dataset = condition()
    with pytest.raises(HeadroomError, match="step_reference: it has not been told through what"):
        SMALL.expect(WALK, recording, dataset, stream(0, "ceiling"))
