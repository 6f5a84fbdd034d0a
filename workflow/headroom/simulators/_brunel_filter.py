"""A block particle filter for networks of spiking neurons (Rebeschini and van Handel 2015), compiled.

Particles of the whole network move together by the simulator's own step; at every sample each neuron, a block, is weighted by its own
observation and resampled alone. A block is what the neuron's future rests on: its voltage, its refractory clock and its last spikes,
which are on their way to others.
"""

import numpy as np
from numba import njit

from headroom.simulators._brunel_particles import hashed, move

RESCUE = 40.0
"""A log-likelihood this far below the best of a Gaussian says that no particle is near: the block starts from its observation."""


@njit(nogil=True)
def weigh(voltage, ready, fired, seen, sd, now, refractory, reset, every, key) -> int:  # type: ignore[no-untyped-def]
    """Resamples every neuron's particles (systematically) by its observation `seen` (neuron,); returns how many had to be rescued."""
    neurons, particles = voltage.shape
    weights = np.empty(particles)
    old_voltage, old_ready, old_fired = np.empty_like(voltage[0]), np.empty_like(ready[0]), np.empty_like(fired[0])
    rescued = 0
    for neuron in range(neurons):
        best = -np.inf
        for particle in range(particles):
            miss = (np.float64(seen[neuron]) - voltage[neuron, particle]) / sd
            weights[particle] = -0.5 * miss * miss
            best = max(best, weights[particle])
        draw = hashed(key + np.uint64(now) * np.uint64(neurons) + np.uint64(neuron))
        if best < -RESCUE:
            rescued += 1
            _restart(voltage[neuron], ready[neuron], fired[neuron], seen[neuron], sd, now, refractory, reset, every, draw)
            continue
        total = 0.0
        for particle in range(particles):
            weights[particle] = np.exp(weights[particle] - best)
            total += weights[particle]
        old_voltage[:], old_ready[:], old_fired[:] = voltage[neuron], ready[neuron], fired[neuron]
        position, ancestor, reached = (draw >> np.uint64(11)) * 2.0**-53, 0, weights[0]
        for particle in range(particles):
            while reached < (particle + position) * total / particles and ancestor < particles - 1:
                ancestor += 1
                reached += weights[ancestor]
            voltage[neuron, particle] = old_voltage[ancestor]
            ready[neuron, particle] = old_ready[ancestor]
            fired[neuron, particle] = old_fired[ancestor]
    return rescued


@njit(inline="always")
def _restart(voltage, ready, fired, seen, sd, now, refractory, reset, every, draw) -> None:  # type: ignore[no-untyped-def]
    """Particles at the observation; near the reset they have just fired, each at a step of the last sample."""
    for particle in range(len(voltage)):
        if abs(seen - reset) < 4 * sd:
            ago = 1 + (np.int64(draw & np.uint64(65535)) + particle) % every
            voltage[particle] = reset
            ready[particle] = now - ago + refractory
            fired[particle] = np.uint32(1) << np.uint32(ago - 1)
        else:
            voltage[particle] = seen
            ready[particle] = now
            fired[particle] = np.uint32(0)


@njit(nogil=True)
def forecast(  # type: ignore[no-untyped-def]
    observed, sd, asked, offsets, particles, key, first, targets, weight, constants, refractory, delay, every, noise, quantile, kick, size,
    own, jumps, answer,
) -> int:  # fmt: skip
    """Filters one run, observed (sample, neuron) [mV], and forecasts from the samples where `asked` (sample,) is not negative.

    answer[asked[sample], offset, neuron] becomes the mean over particles before they are weighted, at each of the rising `offsets`
    [samples]. Returns how many blocks had to be rescued.
    """
    samples, neurons = observed.shape
    voltage = np.empty((neurons, particles), np.float32)
    ready, fired = np.zeros((neurons, particles), np.int64), np.zeros((neurons, particles), np.uint32)
    for neuron in range(neurons):
        voltage[neuron] = observed[0, neuron]
    rescued = 0
    for sample in range(samples):
        if asked[sample] >= 0:
            ahead_voltage, ahead_ready, ahead_fired = voltage.copy(), ready.copy(), fired.copy()
            reached = 0
            for place in range(len(offsets)):
                steps = (offsets[place] - reached) * every
                start = (sample + reached) * every
                move(ahead_voltage, ahead_ready, ahead_fired, start, steps, key, first, targets, weight, constants, refractory, delay,
                     noise, quantile, kick, size, own, jumps)  # fmt: skip
                reached = offsets[place]
                for neuron in range(neurons):
                    answer[asked[sample], place, neuron] = ahead_voltage[neuron].mean()
        if sample + 1 < samples:
            move(voltage, ready, fired, sample * every, every, key, first, targets, weight, constants, refractory, delay,
                 noise, quantile, kick, size, own, jumps)  # fmt: skip
            now = (sample + 1) * every
            rescued += weigh(voltage, ready, fired, observed[sample + 1], sd, now, refractory, constants[3], every, ~key)
    return rescued
