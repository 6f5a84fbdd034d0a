"""Cortical columns of three populations: alpha rhythm, slow waves and evoked potentials (Jansen and Rit 1995)."""

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Any, Literal

import numpy as np
from annotated_types import Ge, Gt

from headroom.core.errors import HeadroomError
from headroom.core.randomness import Streams
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.core.shape import Extent
from headroom.core.signal import Signal
from headroom.core.units import joined
from headroom.simulators._jansen_rit_column import NAMES, STATES, UNITS, Name, Parameters, Step, advance, noise_gain, step_of
from headroom.simulators._jansen_rit_draws import Drawn, draw, wrong_ranges
from headroom.simulators._jansen_rit_paths import Schedule, fill
from headroom.simulators._jansen_rit_pulse import Pulse

Positive = Annotated[float, Gt(0)]
NotNegative = Annotated[float, Ge(0)]


@settings
class JansenRit:
    """Three filtered potentials y0, y1, y2 [mV] and their velocities y3, y4, y5 [mV/s].

    y0' = y3,  y3' = A_e b_e S(y1 - y2)                - 2 b_e y3 - b_e^2 y0
    y1' = y4,  y4' = A_e b_e (p + C a_2 S(C a_1 y0))   - 2 b_e y4 - b_e^2 y1
    y2' = y5,  y5' = A_i b_i C a_4 S(C a_3 y0)         - 2 b_i y5 - b_i^2 y2,   S(v) = 2 e_0 / (1 + exp(r (v_0 - v)))

    y0 is the postsynaptic potential that pyramidal cells cause in interneurons; their own potential, the source of the EEG, is y1 - y2.
    The input is p dt = drive_mean dt + drive_noise dW, and pulses. Integrated by Strang splitting: order 2 without noise, and
    at 1 ms the mean and SD of y1 - y2 are within .5 % of those at .1 ms. Every state starts at 0.
    """

    trials: Annotated[int, Ge(1)] = 20
    """Realisations."""
    samples: Annotated[int, Ge(2)] = 10_000
    """Samples per trial."""
    dt: Positive = 0.001
    """Sampling interval [s]."""
    substeps: Annotated[int, Ge(1)] = 1
    """Integration steps per sample."""
    burn_in: NotNegative = 2.0
    """Simulated before the recording starts; the pulses go on through it [s]."""
    random_phase: NotNegative = 0.0
    """Simulated before that without pulses, and left at a random moment: columns that oscillate then do so at any phase [s]."""
    A_e: Positive = 3.25
    """Largest excitatory postsynaptic potential: A of Jansen and Rit [mV]."""
    A_i: Positive = 22.0
    """Largest inhibitory postsynaptic potential: B [mV]."""
    b_e: Positive = 100.0
    """Rate of excitatory synapses: a [1/s]."""
    b_i: Positive = 50.0
    """Rate of inhibitory synapses: b [1/s]."""
    C: NotNegative = 135.0
    """Number of synapses, of which the four connections have fractions."""
    a_1: NotNegative = 1.0
    """Pyramidal to excitatory cells: C1 / C."""
    a_2: NotNegative = 0.8
    """Excitatory to pyramidal cells: C2 / C."""
    a_3: NotNegative = 0.25
    """Pyramidal to inhibitory cells: C3 / C."""
    a_4: NotNegative = 0.25
    """Inhibitory to pyramidal cells: C4 / C."""
    e_0: Positive = 2.5
    """Half of the highest firing rate [1/s]."""
    v_0: float = 6.0
    """Potential at half of the highest firing rate [mV]."""
    r: Positive = 0.56
    """Steepness of the sigmoid [1/mV]."""
    drive_mean: float = 220.0
    """Mean mu of the input p [1/s]."""
    drive_noise: NotNegative = 1.83
    """Intensity sigma of the input p [1/s per square root of 1/s]: uniform from 120 to 320 /s, held 1 ms, is 1.83."""
    pulse_rate: NotNegative = 0.0
    """Height of the pulses on the excitatory input [1/s]."""
    pulse: Pulse = Pulse()
    """When the pulses come, and where else."""
    ranges: Mapping[Name, tuple[float, float]] = field(default_factory=dict)
    """Parameters drawn anew for every trial, from the lowest to the highest [their units]; the recording names them."""
    drawn: Drawn = "uniform"
    """Their distribution: even, or a normal one about the middle with an SD of a quarter of the range, cut off at its ends."""
    record: Literal["states", "eeg"] = "states"
    """What is kept: all six states, or the one channel y1 - y2."""
    precision: Literal["float32", "float64"] = "float64"
    """Of the integration; float32 takes about half the time."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        return wrong_ranges(self.ranges)

    def simulate(self, rng: Streams) -> Recording:
        """States y0 .. y5 (trial, time, state) or y1 - y2; the parameters are those drawn, in their units."""
        generators = [rng(trial) for trial in range(self.trials)]
        drawn = np.stack([draw(generator, self.ranges, self.drawn) for generator in generators])
        keys = np.stack([generator.integers(0, 2**32, 4, dtype=np.uint32) for generator in generators])
        leave = np.array([generator.integers(0, self._wander() + 1) for generator in generators])
        whole = self.record == "states"
        path = np.empty((self.trials, self.samples, len(STATES) if whole else 1))
        self.integrate(path, keys, leave, self._filled(drawn))
        states = Signal(path, self.dt, STATES if whole else ("y1 - y2",), joined(UNITS) if whole else "mV")
        return Recording(states, drawn, self._drawn_names(), stimulus=self._stimulus())

    def integrate(self, path: np.ndarray, keys: np.ndarray, leave: np.ndarray | None = None, parameters: Parameters | None = None) -> None:
        """path (column, time, 6) <- states, or path (column, time, 1) <- y1 - y2.

        keys (column, 4) of uint32 make each column's noise; leave (column,) is when it leaves the free run of `random_phase` [steps].
        """
        values = self._filled(np.empty((len(path), 0))) if parameters is None else parameters
        moments = np.zeros(len(path), int) if leave is None else leave
        fill(path, self._step(values), keys, moments, self._schedule(), self.precision)

    def extent(self) -> Extent:
        """Size of the states that a recording holds."""
        return Extent(self.trials, self.samples, len(STATES) if self.record == "states" else 1)

    def work(self) -> float:
        """Updates of one column by one integration step."""
        return self.trials * (self.samples * self.substeps + self.burn_in / self.h)

    def size(self) -> int:
        """Values that a recording holds."""
        return self.trials * self.samples * ((len(STATES) if self.record == "states" else 1) + self._pulsed())

    def futures(
        self, recording: Recording, trial: np.ndarray, time: np.ndarray, horizon: int, n: int, rng: np.random.Generator
    ) -> np.ndarray:
        """States (example, future, horizon, 6) after sample time[e] of trial[e]; raises HeadroomError if only y1 - y2 was kept."""
        if self.record != "states":
            raise HeadroomError("jansen_rit: no futures from y1 - y2 alone, which is no state; set record: states")
        parameters = {name: value[trial][:, None] for name, value in self.parameters(recording).items()}
        states = np.repeat(recording.states.values[trial, time][:, None], n, axis=1)  # (example, future, 6)
        path = np.empty((*states.shape[:2], horizon, len(STATES)))
        gain = self.noise_gain(parameters)
        for ahead in range(horizon * self.substeps):
            pulse = self.pulse.share(time * self.dt + ahead * self.h, self.h)[:, None]
            noise = gain * rng.standard_normal((*states.shape[:2], 1))
            states = self.step(states, parameters=parameters, pulse=pulse) + noise
            path[:, :, ahead // self.substeps] = states
        return path

    @property
    def h(self) -> float:
        """Integration step [s]."""
        return self.dt / self.substeps

    def parameters(self, recording: Recording) -> Parameters:
        """Every parameter of every trial (trial,) [its unit], drawn or not."""
        return self._filled(recording.parameters)

    def step(
        self,
        states: np.ndarray,
        drive: np.ndarray | float | None = None,
        parameters: Parameters | None = None,
        pulse: np.ndarray | float = 0.0,
    ) -> np.ndarray:
        """The states (..., 6) one integration step later, without noise.

        `drive` is the input p during the step [1/s], its mean unless given; `pulse` the fraction of the step that a pulse lasts;
        `parameters` those of each column, the settings' own unless given. All broadcast with (...).
        """
        values = self._own() if parameters is None else parameters
        if drive is not None:
            values = {**values, "drive_mean": np.asarray(drive)}
        return advance(states, self._step(values), pulse=pulse)

    def noise_gain(self, parameters: Parameters | None = None) -> np.ndarray:
        """What a standard normal adds to the states in an integration step (..., 6): y' = step(y) + noise_gain() xi, exactly."""
        return noise_gain(self._step(self._own() if parameters is None else parameters))

    def linearised(self) -> Any:
        """Compiled move(state, coefficients, pulse, after, jacobian): the step without noise, and its derivative by the state."""
        from headroom.simulators._jansen_rit_tangent import move

        return move

    def coefficients(self, parameters: Parameters | None = None) -> np.ndarray:
        """What `linearised` needs of each column (..., coefficient)."""
        from headroom.simulators._jansen_rit_tangent import coefficients_of

        return coefficients_of(self._step(self._own() if parameters is None else parameters))

    def pulses(self) -> np.ndarray:
        """The fraction of each integration step of a recording that a pulse lasts (step,)."""
        return self._schedule().pulse[round(self.burn_in / self.h) :]

    def _own(self) -> Parameters:
        return {name: np.asarray(getattr(self, name)) for name in NAMES}

    def _drawn_names(self) -> tuple[str, ...]:
        return tuple(name for name in NAMES if name in self.ranges)

    def _filled(self, drawn: np.ndarray) -> Parameters:
        """All parameters (trial,) from those drawn (trial, drawn)."""
        own = {name: np.full(len(drawn), value) for name, value in self._own().items()}
        return {**own, **dict(zip(self._drawn_names(), drawn.T, strict=drawn.shape[1] > 0))}

    def _step(self, parameters: Parameters) -> Step:
        return step_of(parameters, self.h, self.pulse.pyramidal, self.pulse.inhibitory)

    def _pulsed(self) -> bool:
        return self.pulse_rate > 0 or "pulse_rate" in self.ranges

    def _wander(self) -> int:
        return round(self.random_phase / self.h)

    def _schedule(self) -> Schedule:
        burn_in = round(self.burn_in / self.h)
        steps = np.arange(-burn_in, (self.samples - 1) * self.substeps)
        pulse = self.pulse.share(steps * self.h, self.h)
        return Schedule(self._wander(), burn_in, self.substeps, self.samples, pulse)

    def _stimulus(self) -> Signal | None:
        """The pulses' mean height in the interval after each sample (trial, time, 1) [fraction]; None where there are none."""
        if not self._pulsed():
            return None
        share = self.pulse.share(np.arange(self.samples) * self.dt, self.dt)
        return Signal(np.tile(share[None, :, None], (self.trials, 1, 1)), self.dt, ("pulse",))
