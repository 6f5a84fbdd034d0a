"""The exact state of a network at any recorded moment, and the futures that it may have.

Nothing extra is stored: voltages are recorded, refractory clocks and spikes on their way follow from the last spikes and the graph.
"""

from dataclasses import dataclass

import numpy as np

from headroom.core.recording import Recording
from headroom.simulators._brunel_cells import Cells
from headroom.simulators._brunel_drive import Drive, scattered
from headroom.simulators._brunel_run import State, at_rest
from headroom.simulators._brunel_wiring import Wiring

NUMBERS = 131_072
"""Random numbers of a kind held at once."""


@dataclass(frozen=True)
class Moments:
    """Looks up states in a recording whose samples lie `every` steps apart."""

    cells: Cells
    recording: Recording
    every: int

    def state(self, trial: int, time: int, wiring: Wiring) -> State:
        """The state at sample `time` of `trial`, its next step being number 0."""
        state = at_rest(np.ascontiguousarray(self.recording.states.values[trial, time]), self.cells)
        step, neuron = self.last_spikes(trial, time * self.every)
        state.ready[neuron] = step + self.cells.refractory  # sorted by step: the latest spike stays
        for arrival, source in zip(step + self.cells.delay, neuron, strict=True):
            if arrival >= 0:
                targets = wiring.targets[wiring.first[source] : wiring.first[source + 1]]
                state.arriving[arrival % self.cells.delay, targets] += wiring.weight[source]
        return state

    def last_spikes(self, trial: int, now: int) -> tuple[np.ndarray, np.ndarray]:
        """Steps, from step `now` on (below 0), and neurons of the spikes that still matter."""
        extras = self.recording.extras
        first, after = np.searchsorted(extras["spike_trial"], [trial, trial + 1])
        steps = extras["spike_step"][first:after]
        low, high = np.searchsorted(steps, [now - self.cells.memory, now]) + first
        return extras["spike_step"][low:high] - now, extras["spike_neuron"][low:high]


def ahead(
    rng: np.random.Generator,
    cells: Cells,
    wiring: Wiring,
    drive: Drive,
    state: State,
    out: np.ndarray,
    every: int,
    recurrent: tuple[tuple[np.ndarray, float], ...] = (),
) -> None:
    """Fills out (future, sample, neuron) [mV] with futures of `state`, each with fresh input.

    recurrent: further Poisson jumps, as (expected number in a step (neuron,), size [mV]).
    """
    from headroom.simulators._brunel_kernel import futures

    count, samples, neurons = out.shape
    batch = max(1, NUMBERS // (samples * every * neurons))
    for first in range(0, count, batch):
        part = out[first : first + batch]
        noise, kicks = drive.draw(rng, (len(part), samples * every, neurons), out.dtype)
        for expected, size in recurrent:
            scattered(rng, kicks, expected, size)
        futures(
            state.voltage,
            state.ready,
            state.arriving,
            wiring.first,
            wiring.targets,
            wiring.weight,
            cells.constants(out.dtype),
            cells.refractory,
            noise,
            kicks,
            every,
            np.arange(neurons),
            part,
        )
