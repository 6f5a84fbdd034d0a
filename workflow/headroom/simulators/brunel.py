"""A small random network of excitatory and inhibitory integrate-and-fire neurons (Brunel 2000), observed by its membrane voltages."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Gt, Le, Lt

from headroom.core.randomness import Streams
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.core.shape import Extent
from headroom.simulators import _brunel_engines as engines
from headroom.simulators._brunel_cells import Cells, in_steps, is_whole
from headroom.simulators._brunel_drive import Drive
from headroom.simulators._brunel_moment import Moments, ahead
from headroom.simulators._brunel_wiring import silent, wiring_of

if TYPE_CHECKING:
    from headroom.simulators._brunel_agreement import Observed


@settings
class Brunel:
    """tau dV/dt = rest - V + noise, with delta synapses from random neurons and from Poisson inputs; above threshold V is reset.

    Refractory as in Brian2's `unless refractory`: the voltage is write-protected, and input that arrives is lost. At the defaults the
    external drive alone brings the mean voltage to threshold; recurrent input is about -2 % of the mean input and a third of its variance.
    """

    spiking: ClassVar[bool] = True
    trials: Annotated[int, Ge(1)] = 50
    """Realisations: other input, and with `redrawn` another graph."""
    duration: Annotated[float, Gt(0)] = 10.0
    """Simulated time of a trial [s]."""
    start: Annotated[float, Ge(0)] = 0.8
    """Dropped from the start of every trial [s]."""
    dt: Annotated[float, Gt(0)] = 0.001
    """Sampling interval [s]."""
    step: Annotated[float, Gt(0)] = 0.0001
    """Integration step (Euler) [s]."""
    neurons: Annotated[int, Ge(2)] = 100
    """Neurons, the excitatory ones first."""
    inhibitory_share: Annotated[float, Ge(0), Lt(1)] = 0.2
    """Fraction of the neurons that inhibit."""
    connectivity: Literal["fixed", "redrawn"] = "fixed"
    """One graph for all trials, which can be learnt across them, or another for each trial (as published), which cannot."""
    graph_seed: int = 0
    """Which graph a fixed connectivity has; it belongs to no trial."""
    connection_probability: Annotated[float, Ge(0), Le(1)] = 0.1
    """Of each ordered pair of neurons."""
    weight: Annotated[float, Gt(0)] = 0.5
    """Jump J of the voltage by one excitatory or external spike [mV]."""
    inhibition: Annotated[float, Ge(0)] = 5.5
    """Strength g of inhibitory synapses: their jump is -g J."""
    delay: Annotated[float, Gt(0)] = 0.0015
    """From a spike to its arrival [s]."""
    tau: Annotated[float, Gt(0)] = 0.010
    """Membrane time constant [s]."""
    rest: float = -70.0
    """Resting potential E_L [mV]."""
    threshold: float = -50.0
    """Voltage above which a neuron fires [mV]."""
    reset: float = -70.0
    """Voltage after a spike [mV]."""
    refractory: Annotated[float, Gt(0)] = 0.002
    """Refractory time [s]."""
    external_inputs: Annotated[int, Ge(1)] = 8
    """External Poisson synapses C_ext of each neuron."""
    external_drive: Annotated[float, Ge(0)] = 1.0
    """Rate eta of the external inputs, relative to the one whose mean input just reaches the threshold."""
    noise: Annotated[float, Ge(0)] = 5.0
    """Membrane noise [mV/sqrt(s)]: .05 mV in each step of .1 ms as published, but independent of the step."""
    start_sd: Annotated[float, Ge(0)] = 2.0
    """SD of the voltages around rest when the simulation starts [mV]."""
    engine: Literal["compiled", "brian2"] = "compiled"
    """What simulates: the kernel of this package, or Brian2 (a minute to build; needs a C++ compiler, else `compiled` stands in).
    Brian2 draws the input of all trials from one generator, so that there a trial depends on how many there are."""
    precision: Literal["float32", "float64"] = "float32"
    """Type of the voltages, simulated and recorded: what is recorded is the exact state either way."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        steps = {"delay": self.delay, "refractory": self.refractory, "dt": self.dt}
        wrong = [f"{name} is {time:g} s; expected whole steps of {self.step:g} s" for name, time in steps.items() if not self._fits(time)]
        samples = {"start": self.start, "duration": self.duration}
        wrong += [f"{name} is {time:g} s; expected a multiple of dt, {self.dt:g} s" for name, time in samples.items() if not self._on(time)]
        if self.duration < self.start + 2 * self.dt:
            wrong.append(f"duration is {self.duration:g} s and start {self.start:g} s; expected two samples of {self.dt:g} s between")
        if self.threshold <= max(self.rest if self.external_drive else -np.inf, self.reset):
            wrong.append(f"threshold is {self.threshold:g} mV; expected above reset, and above rest where there is external drive")
        elif self.external_rate * self.step > 1:
            wrong.append(f"external inputs would spike at {self.external_rate:g} Hz; expected at most once a step: raise external_inputs")
        return wrong

    def simulate(self, rng: Streams) -> Recording:
        """States V (trial, time, neuron) [mV], and in extras all else that a state at a recorded moment is made of.

        graph (1 or trial, target, source): jump of the row's neuron when the column's neuron spikes [mV], 0 where they are not connected.
        excitatory (neuron,). spike_trial, spike_neuron, spike_step (spike,), sorted by trial and step: the integration step, 0 being that
        which follows sample 0, so that sample m is the first to show steps below m dt / step; the last few before sample 0 are kept, with
        negative numbers, for those still on their way. delay, step [s]; engine.
        """
        return engines.simulate(self, rng)

    def extent(self) -> Extent:
        """Size of the states that a recording holds."""
        return Extent(self.trials, self.samples, self.neurons)

    def work(self) -> float:
        """Updates of one neuron by one integration step."""
        return self.trials * self.duration / self.step * self.neurons

    def size(self) -> int:
        """Values that a recording holds."""
        graphs = 1 if self.connectivity == "fixed" else self.trials
        return self.trials * self.samples * self.neurons + graphs * self.neurons**2

    def futures(
        self, recording: Recording, trial: np.ndarray, time: np.ndarray, horizon: int, n: int, rng: np.random.Generator
    ) -> np.ndarray:
        """Voltages (example, future, horizon, neuron) [mV] after sample time[e] of trial[e]; each future draws its own input.

        The whole state is known: voltages, refractory clocks, spikes on their way and the graph.
        """
        moments, wirings = Moments(self.cells, recording, self.every), [wiring_of(one, self.weights) for one in recording.extras["graph"]]
        out = np.empty((len(trial), n, horizon, self.neurons), self.precision)
        for example, (run, sample) in enumerate(zip(trial, time, strict=True)):
            wiring = wirings[run % len(wirings)]
            ahead(rng, self.cells, wiring, self.drive, moments.state(run, sample, wiring), out[example], self.every)
        return out

    def own_futures(
        self, recording: Recording, trial: np.ndarray, time: np.ndarray, horizon: int, n: int, rng: np.random.Generator
    ) -> np.ndarray:
        """The same where each neuron knows its own voltage and refractory clock, and of the others only how often they spike.

        Its recurrent input, that on its way included, is Poisson, at the rates that its sources have in the recorded trial.
        """
        moments, nobody = Moments(self.cells, recording, self.every), silent(self.neurons, np.dtype(self.precision))
        arrivals = [engines.arrivals(self, recording, run) for run in range(recording.states.trials)]
        out = np.empty((len(trial), n, horizon, self.neurons), self.precision)
        for example, (run, sample) in enumerate(zip(trial, time, strict=True)):
            state = moments.state(run, sample, nobody)
            ahead(rng, self.cells, nobody, self.drive, state, out[example], self.every, arrivals[run])
        return out

    def forecasts(
        self,
        recording: Recording,
        trial: int,
        observed: np.ndarray,
        noise_sd: float,
        asked: np.ndarray,
        offsets: tuple[int, ...],
        particles: int,
        key: int,
        *,
        connected: bool,
    ) -> tuple[np.ndarray, int]:
        """Forecasts (example, offset, neuron) [mV] from noisy voltages by the block particle filter: see `_brunel_forecasts`."""
        from headroom.simulators._brunel_forecasts import forecasts

        return forecasts(self, recording, trial, observed, noise_sd, asked, offsets, particles, key, connected=connected)

    def compare_engines(self, rng: np.random.Generator) -> "Mapping[str, Observed]":
        """What Brian2 and the compiled engine make of this network at a small size; raises ImportError where Brian2 is missing."""
        from headroom.simulators._brunel_agreement import compare

        return compare(self, rng)

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
        return self.neurons - round(self.inhibitory_share * self.neurons)

    @property
    def weights(self) -> np.ndarray:
        """Jump by a spike of each neuron (source,) [mV]."""
        return np.where(np.arange(self.neurons) < self.excitatory, self.weight, -self.inhibition * self.weight).astype(self.precision)

    @property
    def external_rate(self) -> float:
        """Rate of one external input [Hz]: eta nu_thr, with nu_thr = (threshold - rest) / (J C_ext tau)."""
        return self.external_drive * (self.threshold - self.rest) / (self.weight * self.external_inputs * self.tau)

    @property
    def cells(self) -> Cells:
        """The neurons, in steps."""
        refractory, delay = in_steps(self.refractory, self.step), in_steps(self.delay, self.step)
        return Cells(self.step, self.tau, self.rest, self.threshold, self.reset, refractory, delay)

    @property
    def drive(self) -> Drive:
        """What a neuron receives from outside in a step."""
        return Drive(self.noise * np.sqrt(self.step), self.external_inputs, self.external_rate * self.step, self.weight)

    def _fits(self, time: float) -> bool:
        return is_whole(time, self.step) and time >= self.step / 2

    def _on(self, time: float) -> bool:
        return is_whole(time, self.dt)
