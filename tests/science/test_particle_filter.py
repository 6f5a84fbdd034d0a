"""The particle filter against exact and brute-force filters."""

import numpy as np
import pytest

from headroom.ceilings._bridge import Cloud, advance
from headroom.ceilings.particle_filter import ParticleFilter
from headroom.ceilings.twins import Twins
from headroom.core.errors import HeadroomError
from headroom.core.randomness import stream, streams
from headroom.simulators.kuramoto import Kuramoto
from headroom.simulators.sinusoids import Sinusoids

GRID = 512


def exact_predictions(simulator, observed, noise_sd, offset):
    """E[sin theta(t + offset)] (time,) of one uncoupled oscillator: Bayes' rule on a grid of phases, transitions by Fourier series."""
    theta = 2 * np.pi * np.arange(GRID) / GRID
    wave = np.fft.fftfreq(GRID, 1 / GRID)
    elapsed = simulator.dt
    carry = np.exp(-simulator.diffusion * wave**2 * elapsed - 1j * wave * simulator.frequencies[0] * elapsed)
    belief = np.full(GRID, 1 / GRID)
    point = np.empty(len(observed))
    for time, seen in enumerate(observed):
        if time:
            belief = np.fft.ifft(np.fft.fft(belief) * carry).real
        belief = np.maximum(belief, 0) * np.exp(-0.5 * ((seen - np.sin(theta)) / noise_sd) ** 2)
        belief /= belief.sum()
        point[time] = np.fft.ifft(np.fft.fft(belief) * carry**offset).real @ np.sin(theta)
    return point


@pytest.mark.parametrize("level", [0.02, 0.1, 0.5, 1.5])
def test_uncoupled_oscillators_against_the_exact_filter(observe, level):
    simulator = Kuramoto(trials=3, samples=400, frequencies=(0.7, 1.1), coupling=0, diffusion=0.03)
    recording, dataset = observe(simulator, level, offsets=(1, 4))
    test = dataset.test
    point = ParticleFilter(far_particles=2000, tolerance=1e-4).expect(simulator, recording, dataset, stream(0, "filter")).point
    for oscillator in (0, 1):
        alone = Kuramoto(frequencies=(simulator.frequencies[oscillator],), coupling=0, diffusion=0.03)
        for position, offset in enumerate(test.offsets):
            exact = np.stack(
                [exact_predictions(alone, trial, test.inputs.noise_sd[oscillator], offset) for trial in test.inputs.values[..., oscillator]]
            )
            difference = point[:, position, oscillator] - exact[test.trial, test.last]
            assert np.sqrt((difference**2).mean()) < 0.04
            assert abs(difference.mean()) < 0.01


def brute_force(simulator, observed, noise_sd, count, rng):
    """E[sin theta(t + 1)] (time, oscillator) by a plain bootstrap filter that moves particles as the simulator does."""
    phase = rng.uniform(0, 2 * np.pi, (count, len(simulator.frequencies)))
    point = np.empty_like(observed)
    for time, seen in enumerate(observed):
        if time:
            phase = simulator.step(phase, simulator.noise(rng, phase))
        weight = np.exp(-0.5 * (((seen - np.sin(phase)) / noise_sd) ** 2).sum(axis=1))
        phase = phase[rng.choice(count, count, p=weight / weight.sum())]
        point[time] = np.sin(simulator.step(phase, simulator.noise(rng, phase))).mean(axis=0)
    return point


def test_coupled_oscillators_against_brute_force(observe):
    """Strong coupling within one sample, where the bridge's straight guess of the end point is poor and weights must mend it."""
    simulator = Kuramoto(trials=2, samples=400, frequencies=(0.6, 1.4), coupling=1.5, diffusion=0.05, dt=0.8)
    recording, dataset = observe(simulator, 0.4)
    test, first = dataset.test, 300
    filtered = ParticleFilter(particles=2048).expect(simulator, recording, dataset, stream(0, "filter")).point[:, 0]
    plain = np.stack([brute_force(simulator, trial[first:], test.inputs.noise_sd, 4000, stream(1)) for trial in test.inputs.values])
    difference = filtered - plain[test.trial, test.last - first]
    assert np.sqrt((difference**2).mean()) < 0.02


@pytest.mark.parametrize("level", [0.07, 0.5])
def test_it_lies_between_linear_and_the_exact_state(observe, r2, autoregression, level):
    simulator = Kuramoto(trials=5)
    recording, dataset = observe(simulator, level, offsets=(1, 5))
    filtered = r2(dataset.test, ParticleFilter().expect(simulator, recording, dataset, stream(0, "filter")).point)
    bound = r2(dataset.test, variance=Twins().expect(simulator, recording, dataset, stream(0, "twins")).variance)
    linear = autoregression(dataset, 10)
    assert (linear + 0.005 < filtered).all()
    assert (filtered < bound).all()


def test_doubling_ends_where_more_particles_gain_less_than_the_tolerance(observe, r2):
    """A wide posterior needs more particles than a narrow one, and many more change R2 by little (chance included)."""
    simulator = Kuramoto(trials=4)

    def run(level, **settings):
        recording, dataset = observe(simulator, level)
        said = ParticleFilter(**settings).expect(simulator, recording, dataset, stream(0, "filter"))
        return said, r2(dataset.test, said.point)[0], int(said.note.split()[0])

    narrow, narrow_r2, few = run(0.07)
    _, wide_r2, many = run(0.5)
    assert few == 512 and 1024 <= many <= 4096
    assert run(0.07, particles=4096)[1] == pytest.approx(narrow_r2, abs=0.0005)
    assert run(0.5, particles=4096)[1] == pytest.approx(wide_r2, abs=0.002)
    assert run(0.07, most_particles=256)[0].note == "256 particles; never doubled"
    np.testing.assert_array_equal(narrow.point, run(0.07)[0].point)


def test_it_says_where_it_does_not_apply(observe):
    quiet, noisy, sinusoids = (
        Kuramoto(trials=2, samples=400, diffusion=0),
        Kuramoto(trials=2, samples=400),
        Sinusoids(trials=2, samples=400),
    )
    for simulator, level, words in [
        (quiet, 0.1, "diffusion above 0"),
        (noisy, 0.0, "no measurement noise of known SD"),
        (sinusoids, 0.1, "Sinusoids has no phases"),
    ]:
        recording, dataset = observe(simulator, level)
        with pytest.raises(HeadroomError, match=words):
            ParticleFilter().expect(simulator, recording, dataset, stream(0))


def test_the_simulators_step_is_the_one_that_the_filter_assumes():
    """One substep: theta + h drift + increment."""
    simulator = Kuramoto(substeps=1)
    phase = streams(0, "phase")(0).uniform(0, 6, (7, 5))
    noise = simulator.noise(stream(0, "noise"), phase)
    np.testing.assert_allclose(simulator.step(phase, noise), phase + simulator.substep * simulator.drift(phase) + noise[0])


@pytest.mark.parametrize(("seen", "noise_sd"), [((0.9, -0.2), 0.1), ((1.05, 0.5), 0.05), ((-0.6, 0.3), 0.6)])
def test_one_guided_step_has_the_exact_posterior(seen, noise_sd):
    """Bridged particles against plain ones weighted by their likelihood: the same mean sine and cosine."""
    simulator, rng = Kuramoto(frequencies=(0.6, 1.4), coupling=1.5, diffusion=0.05, dt=0.8), stream(0, "posterior")
    start = np.add(stream(0, "start").uniform(-1, 1, (400_000, 2)), [0.4, -0.8])
    plain = simulator.step(start, simulator.noise(rng, start))
    likelihood = np.exp(-0.5 * ((np.subtract(seen, np.sin(plain)) / noise_sd) ** 2).sum(axis=1))
    bridged = advance(simulator, Cloud(start[None], np.full((1, len(start)), 1 / len(start))), np.array([seen]), np.full(2, noise_sd), rng)
    for wave in (np.sin, np.cos):
        expected = likelihood @ wave(plain) / likelihood.sum()
        np.testing.assert_allclose(bridged.weight[0] @ wave(bridged.phase[0]), expected, atol=0.01)
