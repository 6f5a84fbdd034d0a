"""The sparsely connected network of Brunel (2000), J Comput Neurosci 8:183-208, with its synchronous and asynchronous regimes."""

from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt, Le

from headroom.core.randomness import Streams
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.core.signal import Signal
from headroom.simulators._brunel_cells import Cells, in_steps, is_whole
from headroom.simulators._brunel_drive import Drive
from headroom.simulators._brunel_run import Spikes, at_rest, run
from headroom.simulators._brunel_wiring import fixed_in_degree


@settings
class BrunelClassic:
    """tau dV/dt = -V + input; every neuron hears C_E excitatory, C_I inhibitory and C_E external synapses (model A of the paper).

    Regimes at this size (inhibition g, external_drive eta): SR 3, 2; SI 6, 4 and 4.5, .9; AI 5, 2, the default. A smaller network stays
    near them where C_E J does: with fewer neurons raise `weight` in proportion. Only some neurons' voltages and spikes are kept, and
    everybody's rates.
    """

    spiking: ClassVar[bool] = True
    trials: Annotated[int, Ge(1)] = 1
    """Realisations, each with a graph of its own."""
    duration: Annotated[float, Gt(0)] = 1.2
    """Simulated time of a trial [s]."""
    start: Annotated[float, Ge(0)] = 0.2
    """Dropped from the start of every trial [s]."""
    dt: Annotated[float, Gt(0)] = 0.001
    """Sampling interval of the voltages [s]."""
    step: Annotated[float, Gt(0)] = 0.0001
    """Integration step [s]."""
    neurons: Annotated[int, Ge(50)] = 12_500
    """Neurons, four in five of them excitatory, these first."""
    observed: Annotated[int, Ge(1)] = 50
    """Neurons whose voltages and spikes are kept, evenly among all."""
    connected_share: Annotated[float, Gt(0), Le(1)] = 0.1
    """Synapses of a neuron as a fraction of the neurons of either kind: C_E = 1000 and C_I = 250."""
    weight: Annotated[float, Gt(0)] = 0.1
    """Jump J of the voltage by one excitatory or external spike [mV]."""
    inhibition: Annotated[float, Ge(0)] = 5.0
    """Strength g of inhibitory synapses: their jump is -g J."""
    external_drive: Annotated[float, Ge(0)] = 2.0
    """Rate eta of the external inputs, relative to nu_thr = threshold / (J C_E tau)."""
    delay: Annotated[float, Gt(0)] = 0.0015
    """From a spike to its arrival [s]."""
    tau: Annotated[float, Gt(0)] = 0.020
    """Membrane time constant [s]."""
    threshold: Annotated[float, Gt(0)] = 20.0
    """Voltage above rest at which a neuron fires [mV]."""
    reset: Annotated[float, Ge(0)] = 10.0
    """Voltage above rest after a spike [mV]."""
    refractory: Annotated[float, Gt(0)] = 0.002
    """Refractory time [s]."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        steps = {"delay": self.delay, "refractory": self.refractory, "dt": self.dt}
        whole = {name: is_whole(time, self.step) and time >= self.step / 2 for name, time in steps.items()}
        wrong = [f"{name} is {steps[name]:g} s; expected whole steps of {self.step:g} s" for name, good in whole.items() if not good]
        samples = {"start": self.start, "duration": self.duration}
        bad = [name for name, time in samples.items() if not is_whole(time, self.dt)]
        wrong += [f"{name} is {samples[name]:g} s; expected a multiple of dt, {self.dt:g} s" for name in bad]
        if self.duration < self.start + 2 * self.dt:
            wrong.append(f"duration is {self.duration:g} s and start {self.start:g} s; expected two samples of {self.dt:g} s between")
        if self.threshold <= self.reset:
            wrong.append(f"threshold is {self.threshold:g} mV; expected above reset, {self.reset:g} mV")
        if self.observed > self.neurons:
            wrong.append(f"observed is {self.observed}; expected at most as many as neurons, {self.neurons}")
        if self.drive.probability > 1:
            wrong.append(f"external inputs would spike {self.drive.probability:.2g} times a step; expected at most once")
        return wrong

    def simulate(self, rng: Streams) -> Recording:
        """States V of the observed neurons (trial, time, neuron) [mV above rest].

        extras: rate (trial, step) [Hz] of all neurons in each integration step from the first sample on; neuron (observed,), who they are;
        excitatory (observed,); spike_trial, spike_neuron (a column of the states), spike_step (spike,) of the observed neurons; step [s].
        """
        shown = np.linspace(0, self.neurons - 1, self.observed).astype(int)
        runs = [self._trial(rng(trial), shown) for trial in range(self.trials)]
        column = np.full(self.neurons, -1, np.int32)
        column[shown] = np.arange(self.observed)
        kept = [Spikes(spikes.step[column[spikes.neuron] >= 0], spikes.neuron[column[spikes.neuron] >= 0]) for _, spikes in runs]
        extras = {
            "rate": np.stack([self._rate(spikes) for _, spikes in runs]),
            "neuron": shown,
            "excitatory": shown < self.excitatory,
            "spike_trial": np.repeat(np.arange(self.trials, dtype=np.int32), [len(spikes.step) for spikes in kept]),
            "spike_neuron": np.concatenate([column[spikes.neuron] for spikes in kept]),
            "spike_step": np.concatenate([spikes.step for spikes in kept]),
            "step": np.array(self.step),
        }
        channels = tuple(f"neuron {number + 1}" for number in shown)
        states = Signal(np.stack([path for path, _ in runs]), self.dt, channels, "mV")
        return Recording(states, np.empty((self.trials, 0)), extras=extras)

    def size(self) -> int:
        """Values that a recording holds, or a wiring while it runs if that is more."""
        return max(self.trials * self.samples * (self.observed + self.every), 2 * self.neurons * sum(self.inputs))

    @property
    def samples(self) -> int:
        """Recorded samples of a trial."""
        return in_steps(self.duration, self.dt) - in_steps(self.start, self.dt)

    @property
    def every(self) -> int:
        """Steps from one sample to the next."""
        return in_steps(self.dt, self.step)

    @property
    def excitatory(self) -> int:
        """Number of excitatory neurons."""
        return self.neurons * 4 // 5

    @property
    def inputs(self) -> tuple[int, int]:
        """C_E and C_I."""
        excitatory, inhibitory = self.excitatory, self.neurons - self.excitatory
        return max(1, round(self.connected_share * excitatory)), max(1, round(self.connected_share * inhibitory))

    @property
    def cells(self) -> Cells:
        """The neurons, in steps."""
        refractory, delay = in_steps(self.refractory, self.step), in_steps(self.delay, self.step)
        return Cells(self.step, self.tau, 0.0, self.threshold, self.reset, refractory, delay)

    @property
    def drive(self) -> Drive:
        """What a neuron receives from outside in a step."""
        rate = self.external_drive * self.threshold / (self.weight * self.inputs[0] * self.tau)
        return Drive(0.0, self.inputs[0], rate * self.step, self.weight)

    def _trial(self, rng: np.random.Generator, shown: np.ndarray) -> tuple[np.ndarray, Spikes]:
        """Voltages (sample, shown) and everybody's spikes, steps counted from the first sample."""
        excites = np.arange(self.neurons) < self.excitatory
        weight = np.where(excites, self.weight, -self.inhibition * self.weight).astype(np.float32)
        wiring = fixed_in_degree(rng, weight, self.excitatory, self.inputs)
        state = at_rest(rng.uniform(0, self.threshold, self.neurons).astype(np.float32), self.cells)
        samples = in_steps(self.duration, self.dt)
        path, spikes = run(rng, self.cells, wiring, self.drive, state, samples, self.every, shown)
        step = spikes.step - (samples - self.samples) * self.every
        return path[samples - self.samples :], Spikes(step[step >= 0], spikes.neuron[step >= 0])

    def _rate(self, spikes: Spikes) -> np.ndarray:
        """Rate of all neurons (step,) [Hz]."""
        count = np.bincount(spikes.step, minlength=(self.samples - 1) * self.every)
        return (count / (self.neurons * self.step)).astype(np.float32)
