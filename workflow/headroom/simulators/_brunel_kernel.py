"""Leaky integrate-and-fire neurons step by step, with the event semantics of Brian2 (Stimberg, Brette and Goodman 2019), compiled.

Within a step, as in Brian2's default schedule: voltages move, thresholds are tested, input arrives, those that fired are reset. A
refractory neuron's voltage is write-protected: input that arrives is lost, and so is input in the very step of its spike.

Nothing is drawn here: noise and external input come as arrays, so a recorded input can be replayed. No fast-math and no threads: the
same bytes everywhere. Compiled once a process, nothing is written to disk: a cache on disk is a pickle, is not renewed when a compiled
function of another module changes, and fails in a read-only tree.
"""

import numpy as np
from numba import njit


@njit(nogil=True)
def advance(  # type: ignore[no-untyped-def]
    voltage, ready, arriving, first, targets, weight, constants, refractory, noise, kicks, now, every, shown, path, spike_step, spike_neuron
) -> int:
    """Moves a network on by len(noise) steps; returns how many spikes it wrote.

    State, changed in place: voltage (neuron,) [mV]; ready (neuron,), the step from which a neuron is not refractory; arriving (delay,
    neuron) [mV], row s % delay holding the recurrent input of step s. Wiring: source j reaches targets[first[j] : first[j + 1]] with
    weight[j] [mV]. constants: step / tau, resting potential, threshold, reset. Input: noise and kicks (step, neuron) [mV], kicks being the
    external synapses'. `now` is the number of the first step. Every `every` steps path (sample, shown) gets the voltages of the neurons
    `shown`; spikes go to spike_step and spike_neuron.
    """
    neurons, delay, spikes = len(voltage), len(arriving), 0
    leak, rest, threshold, reset = constants
    crossed = np.zeros(neurons, np.uint8)
    for step in range(len(noise)):
        row = (now + step) % delay
        count = 0
        for neuron in range(neurons):
            free = now + step >= ready[neuron]
            before = voltage[neuron]
            moved = before + (leak * (rest - before) + noise[step, neuron])
            fired = free and moved > threshold
            kicked = moved + (kicks[step, neuron] + arriving[row, neuron])
            voltage[neuron] = reset if fired else (kicked if free else before)
            arriving[row, neuron] = 0
            crossed[neuron] = fired
            count += fired
        if count > 0:
            for neuron in range(neurons):
                if crossed[neuron]:
                    ready[neuron] = now + step + refractory
                    spike_step[spikes], spike_neuron[spikes] = now + step, neuron
                    spikes += 1
                    for synapse in range(first[neuron], first[neuron + 1]):
                        arriving[row, targets[synapse]] += weight[neuron]
        if (step + 1) % every == 0:
            for column in range(len(shown)):
                path[(step + 1) // every - 1, column] = voltage[shown[column]]
    return spikes


@njit(nogil=True)
def futures(  # type: ignore[no-untyped-def]
    voltage, ready, arriving, first, targets, weight, constants, refractory, noise, kicks, every, shown, path
) -> None:
    """The same from one state with several inputs, noise and kicks (future, step, neuron): path (future, sample, shown) [mV]."""
    spike_step, spike_neuron = np.empty(noise[0].size, np.int32), np.empty(noise[0].size, np.int32)
    for future in range(len(noise)):
        advance(
            voltage.copy(),
            ready.copy(),
            arriving.copy(),
            first,
            targets,
            weight,
            constants,
            refractory,
            noise[future],
            kicks[future],
            0,
            every,
            shown,
            path[future],
            spike_step,
            spike_neuron,
        )


@njit(nogil=True)
def inputs(raw, normal, thresholds, size, noise, kicks) -> None:  # type: ignore[no-untyped-def]
    """Turns whole random 64-bit numbers into noise and external jumps, all flat.

    The low half of a number goes through a discrete distribution function: kicks = size x (how many `thresholds` it reaches). Two
    twelve-bit parts of the high half pick from the table `normal`, whose entries have half the variance that noise is to have.
    """
    nothing = kicks.dtype.type(0)
    kicks[:] = 0
    for threshold in thresholds:
        for index in range(len(raw)):
            kicks[index] += size if np.uint32(raw[index]) >= threshold else nothing
    if len(normal):
        for index in range(len(raw)):
            noise[index] = normal[(raw[index] >> np.uint64(52))] + normal[(raw[index] >> np.uint64(40)) & np.uint64(4095)]
    else:
        noise[:] = 0
