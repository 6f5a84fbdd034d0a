"""Particles of a network of spiking neurons, moved on together by the simulator's own step, compiled.

Random numbers are hashes of their place (splitmix64; Steele et al. 2014), so that a run repeats wherever and in whatever order it is
computed. Loops run over the particles of one neuron, without branches, so that the compiler takes several of them at once.
"""

import numpy as np
from numba import njit

GAUSSIAN_BITS = 16


@njit(inline="always")
def hashed(z):  # type: ignore[no-untyped-def]
    """Sixty-four random bits that belong to a number."""
    z = np.uint64(z)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit(nogil=True)
def move(  # type: ignore[no-untyped-def]
    voltage, ready, fired, now, steps, key, first, targets, weight, constants, refractory, delay, noise, quantile, kick, size, own, jumps
) -> None:
    """Moves all particles on by some steps.

    voltage [mV], ready (step from which a neuron is free) and fired (bit b: it fired b + 1 steps ago) are (neuron, particle).
    Wiring as in the kernel. noise [mV] is the membrane noise's SD in a step, quantile a table of standard normal quantiles, kick
    thresholds of the external synapses' binomial count in units of 2^-32 and size [mV] their weight. Where `own` (neuron, category)
    has rows, recurrent spikes are not passed on: input is drawn from them, cumulative probabilities in units of 2^-16, and `jumps`.
    """
    neurons, particles = voltage.shape
    arriving = np.zeros((neurons, particles), np.float32)
    high, low, count = np.empty(particles, np.uint32), np.empty(particles, np.uint32), np.empty(particles, np.uint32)
    drift = np.empty(particles, np.float32)
    for step in range(now, now + steps):
        if own.shape[0] == 0:
            _deliver(fired, np.uint32(1) << np.uint32(delay - 1), first, targets, weight, arriving)
        for neuron in range(neurons):
            _draw(key, np.uint64(step) * np.uint64(neurons * particles) + np.uint64(neuron * particles), high, low)
            if own.shape[0]:
                _count(own[neuron], low, np.uint32(16), count)
                _look(jumps, count, np.float32(1), arriving[neuron])
            _count(kick, high, np.uint32(0), count)
            _look(quantile, low, noise, drift)
            _step(voltage[neuron], ready[neuron], fired[neuron], step, drift, size, count, arriving[neuron], constants, refractory)


@njit(nogil=True)
def _deliver(fired, due, first, targets, weight, arriving) -> None:  # type: ignore[no-untyped-def]
    """What arrives now [mV], arriving (neuron, particle): the spikes whose bit is `due`."""
    arriving[:] = 0
    for neuron in range(fired.shape[0]):
        for particle in range(fired.shape[1]):
            if fired[neuron, particle] & due:
                for synapse in range(first[neuron], first[neuron + 1]):
                    arriving[targets[synapse], particle] += weight[neuron]


@njit(nogil=True)
def _draw(key, place, high, low) -> None:  # type: ignore[no-untyped-def]
    """Random bits (particle,) of one neuron's particles, `place` being the first one's."""
    for particle in range(len(high)):
        bits = hashed(key + (place + np.uint64(particle)) * np.uint64(0x9E3779B97F4A7C15))
        high[particle] = bits >> np.uint64(32)
        low[particle] = bits


@njit(nogil=True)
def _count(levels, drawn, shift, count) -> None:  # type: ignore[no-untyped-def]
    """How many of the levels each of the numbers drawn (particle,) reaches, its lowest bits shifted out."""
    count[:] = 0
    for level in levels:
        for particle in range(len(drawn)):
            count[particle] += (drawn[particle] >> shift) >= np.uint32(level)


@njit(nogil=True)
def _look(table, index, size, found) -> None:  # type: ignore[no-untyped-def]
    """Entries of a table, times a size; the index (particle,) is read modulo 2^16."""
    for particle in range(len(index)):
        found[particle] = size * table[index[particle] & np.uint32(65535)]


@njit(nogil=True)
def _step(voltage, ready, fired, step, noise, size, kicks, arriving, constants, refractory) -> None:  # type: ignore[no-untyped-def]
    """One step of one neuron's particles: noise [mV], external spikes of a size [mV] and those of other neurons [mV] are (particle,)."""
    leak, rest, threshold, reset = constants
    for particle in range(len(voltage)):
        before = voltage[particle]
        moved = before + (leak * (rest - before) + noise[particle])
        free = step >= ready[particle]
        fires = free & (moved > threshold)
        reached = moved + (size * np.float32(kicks[particle]) + arriving[particle])
        voltage[particle] = reset if fires else (reached if free else before)
        ready[particle] = step + refractory if fires else ready[particle]
        fired[particle] = (fired[particle] << np.uint32(1)) | np.uint32(fires)
