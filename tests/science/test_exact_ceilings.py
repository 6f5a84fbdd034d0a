"""Ceilings against closed forms, exact filters, and the predictors that they bound."""

from dataclasses import replace

import numpy as np
import pytest

from headroom.ceilings.harmonic_reference import HarmonicReference
from headroom.ceilings.noise_floor import NoiseFloor
from headroom.ceilings.twins import Twins
from headroom.core.errors import HeadroomError
from headroom.core.randomness import stream, streams
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.core.signal import Signal
from headroom.observations.published_white import PublishedWhite
from headroom.observations.standardise import Standardise
from headroom.simulators.kuramoto import Kuramoto
from headroom.simulators.sinusoids import Sinusoids
from headroom.splits.by_trial import ByTrial
from headroom.splits.leading_windows import LeadingWindows
from headroom.tasks.forecasting import Forecasting


@settings
class Autoregressive:
    """A linear-Gaussian toy, x' = a x + e: its conditional variance is (1 - a^(2h)) / (1 - a^2) SD(e)^2."""

    trials: int = 4
    samples: int = 500
    decay: float = 0.9

    def simulate(self, rng):
        path = np.empty((self.trials, self.samples, 1))
        now = np.stack([rng(trial).standard_normal(1) for trial in range(self.trials)]) / np.sqrt(1 - self.decay**2)
        shocks = np.stack([rng(trial).standard_normal((self.samples + 1, 1))[1:] for trial in range(self.trials)])
        for sample in range(self.samples):
            path[:, sample] = now
            now = self.decay * now + shocks[:, sample]
        return Recording(Signal(values=path, dt=1.0, channels=("x",)), np.empty((self.trials, 0)))

    def futures(self, recording, trial, time, horizon, n, rng):
        now = np.repeat(recording.states.values[trial, time][:, None], n, axis=1)
        path = np.empty((*now.shape[:2], horizon, 1))
        for ahead in range(horizon):
            now = self.decay * now + rng.standard_normal(now.shape)
            path[:, :, ahead] = now
        return path


@pytest.mark.parametrize("level", [0.07, 0.5])
def test_noise_floor_is_one_minus_noise_over_variance(observe, r2, level):
    recording, dataset = observe(Sinusoids(), level)
    floor = NoiseFloor().expect(Sinusoids(), recording, dataset, stream(0))
    truth = dataset.test.targets()
    noise_variance = (dataset.test.track.noise_sd**2).mean()
    expected = 1 - noise_variance / truth.var(axis=(0, 1)).mean()
    tolerance = 4 * np.sqrt(2 / truth.size) * (1 - expected)
    assert r2(dataset.test, floor.point)[0] == pytest.approx(expected, abs=tolerance)
    assert expected == pytest.approx(1 / (1 + level**2), abs=0.01)


def test_noise_floor_is_unbeaten_by_shrinking_it(observe, r2):
    recording, dataset = observe(Sinusoids(), 0.5)
    point = NoiseFloor().expect(Sinusoids(), recording, dataset, stream(0)).point
    best = r2(dataset.test, point)[0]
    assert all(r2(dataset.test, factor * point)[0] < best for factor in (0.95, 1.05))


def test_twins_give_the_conditional_variance_of_a_linear_system(observe):
    toy = Autoregressive()
    recording, dataset = observe(toy, 0.3, offsets=(1, 3, 10))
    variance = Twins(futures=64).expect(toy, recording, dataset, stream(0, "twins")).variance
    exact = (1 - 0.9 ** (2 * np.array([1, 3, 10]))) / (1 - 0.9**2) + dataset.test.track.noise_sd[0] ** 2
    assert variance.shape == (len(dataset.test), 3, 1)
    np.testing.assert_allclose(variance.mean(axis=(0, 2)), exact, rtol=4 * np.sqrt(2 / 63 / len(dataset.test)))


def test_twins_are_unbiased_with_two_futures(observe):
    toy = Autoregressive(trials=40)
    recording, dataset = observe(toy, 0.3)
    variance = Twins(futures=2).expect(toy, recording, dataset, stream(0, "twins")).variance
    np.testing.assert_allclose(variance.mean(), 1 + dataset.test.track.noise_sd[0] ** 2, rtol=4 * np.sqrt(2 / len(dataset.test)))


def test_twins_give_the_conditional_variance_of_free_phases(observe):
    """var(sin(m + w)) for w normal with variance 2 D t is (1 - e^(-2v) cos 2m) / 2 - e^-v sin^2 m, example by example."""
    simulator = Kuramoto(trials=2, samples=400, coupling=0, diffusion=0.1)
    recording, dataset = observe(simulator, 0.1, offsets=(2,))
    test = dataset.test
    twins = Twins(futures=4000).expect(simulator, recording, dataset, stream(0, "twins"))
    mean = recording.extras["phase"][test.trial, test.last] + np.multiply(simulator.frequencies, 2 * simulator.dt)
    v = 2 * simulator.diffusion * 2 * simulator.dt
    exact = (1 - np.exp(-2 * v) * np.cos(2 * mean)) / 2 - np.exp(-v) * np.sin(mean) ** 2 + test.track.noise_sd**2
    np.testing.assert_allclose(twins.variance[:, 0], exact, atol=0.03)


def test_harmonic_reference_lies_between_linear_and_bound(observe, r2, autoregression):
    simulator = Sinusoids()
    recording, dataset = observe(simulator, 0.5, offsets=(1, 50))
    bound = r2(dataset.test, NoiseFloor().expect(simulator, recording, dataset, stream(0)).point)
    reference = r2(dataset.test, HarmonicReference().expect(simulator, recording, dataset, stream(0)).point)
    assert (autoregression(dataset, 30) < reference).all()
    assert (reference < bound).all()
    assert (bound - reference < 0.002).all()


def test_harmonic_reference_error_is_that_of_least_squares(observe):
    """The variance of an extrapolated fit of p amplitudes is b (B' B)^-1 b' s^2."""
    simulator = Sinusoids(trials=200, samples=400, coupling=0, frequencies=(0.5, 0.9))
    recording, dataset = observe(simulator, 0.5)
    point = HarmonicReference().expect(simulator, recording, dataset, stream(0)).point
    error = (point - dataset.test.targets(clean=True))[:, 0]
    angle = simulator.advance()
    for channel in (0, 1):
        basis = np.column_stack([np.sin(angle[:, channel]), np.cos(angle[:, channel])])
        leverage = np.einsum("ti,ij,tj->t", basis, np.linalg.inv(basis[:240].T @ basis[:240]), basis)
        seen = dataset.test.last + 1
        expected = leverage[seen].mean() * dataset.test.track.noise_sd[channel] ** 2
        assert (error[:, channel] ** 2).mean() == pytest.approx(expected, rel=0.3)


def test_harmonic_reference_without_noise_is_exact_after_a_z_score_and_a_frequency_shift():
    simulator = Sinusoids(trials=1, samples=600, frequency_shift=0.2, shift_at=0.5)
    recording = simulator.simulate(streams(0, "simulate"))
    observed = Standardise().apply(recording.states, streams(0, "noise"))
    task = Forecasting(offsets=(1, 20))
    dataset = LeadingWindows().apply(task.examples(recording, observed), task.target(recording, observed), recording)
    point = HarmonicReference().expect(simulator, recording, dataset, stream(0)).point
    np.testing.assert_allclose(point, dataset.test.targets(), atol=1e-9)


def test_harmonic_reference_reaches_the_bound_on_the_published_data(r2):
    simulator = Sinusoids(trials=1, samples=3000, dt=60 / 2999, mixing="in_place", published_seed=0)
    recording = simulator.simulate(streams(0, "simulate"))
    noisy = PublishedWhite().apply(recording.states, streams(0, "noise"))
    observed = Standardise().apply(noisy, streams(0, "noise"))
    task = Forecasting()
    dataset = LeadingWindows().apply(task.examples(recording, observed), task.target(recording, observed), recording)
    bound = r2(dataset.test, NoiseFloor().expect(simulator, recording, dataset, stream(0)).point)[0]
    reference = r2(dataset.test, HarmonicReference().expect(simulator, recording, dataset, stream(0)).point)[0]
    assert 0.9958 < bound < 0.9971
    assert reference == pytest.approx(bound, abs=0.0002)


def by_trial(simulator):
    recording = simulator.simulate(streams(0, "simulate"))
    task = Forecasting()
    examples = task.examples(recording, recording.states)
    return recording, ByTrial().apply(examples, task.target(recording, recording.states), recording)


def blurred(dataset):
    """The dataset as a sensor that squares what it sees would give it."""
    track = dataset.test.track
    other = replace(track, clean=track.truth() ** 2)
    return replace(dataset, test=replace(dataset.test, inputs=other, track=other))


def test_each_ceiling_says_where_it_does_not_apply(observe):
    toy, sinusoids = Autoregressive(), Sinusoids(trials=3, samples=400)
    toy_condition, sinusoid_condition = observe(toy, 0.1), observe(sinusoids, 0.1)
    quiet = sinusoids.simulate(streams(0, "simulate")), by_trial(sinusoids)[1]
    complaints = [
        (NoiseFloor(), sinusoids, quiet, "noise is not known"),
        (Twins(), sinusoids, sinusoid_condition, "Sinusoids cannot go on"),
        (Twins(), toy, (toy_condition[0], blurred(toy_condition[1])), "identity sensor"),
        (HarmonicReference(), toy, toy_condition, "Autoregressive has no known frequencies"),
        (HarmonicReference(), sinusoids, by_trial(sinusoids), "split by block"),
        (HarmonicReference(), sinusoids, (sinusoid_condition[0], blurred(sinusoid_condition[1])), "identity sensor"),
    ]
    for ceiling, simulator, (recording, dataset), words in complaints:
        with pytest.raises(HeadroomError, match=words) as caught:
            ceiling.expect(simulator, recording, dataset, stream(0))
        assert "\n" not in str(caught.value)
