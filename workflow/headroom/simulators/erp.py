"""Evoked potentials of one Jansen-Rit column, its parameters drawn anew for every recording (Jansen and Rit 1995; David et al. 2006)."""

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import Annotated, Literal

import numpy as np
from annotated_types import Ge, Gt, Lt

from headroom.core.errors import HeadroomError
from headroom.core.randomness import Streams
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.core.shape import Extent
from headroom.core.signal import Signal
from headroom.simulators._erp_responses import Responses
from headroom.simulators._jansen_rit_column import NAMES, Name
from headroom.simulators._jansen_rit_draws import Drawn, draw, wrong_ranges
from headroom.simulators._jansen_rit_pulse import Pulse
from headroom.simulators.jansen_rit import JansenRit

Positive = Annotated[float, Gt(0)]
NotNegative = Annotated[float, Ge(0)]
ROUNDS = 200
"""How often a recording is drawn again before the prior is given up."""


def _box() -> dict[Name, tuple[float, float]]:
    return {
        "A_e": (2.6, 9.75), "A_i": (17.6, 110.0), "b_e": (50.0, 150.0), "b_i": (25.0, 75.0),
        "a_1": (0.5, 1.5), "a_2": (0.4, 1.2), "a_3": (0.125, 0.375), "a_4": (0.125, 0.375),
    }  # fmt: skip


@settings
class Erp:
    """The source y1 - y2 [mV] about a pulse that comes once a second, from which its mean before the pulse is taken.

    A recording is the average of many pulses. Without noise in the input that is the response to any one of them, as soon as each pulse
    evokes the same. Columns that oscillate by themselves and do not fall in with the pulses have no such response: they are drawn again,
    so the prior is the stated one where a response repeats; the recording's `draws` say how many draws each trial took.
    """

    trials: Annotated[int, Ge(1)] = 2200
    """Recordings."""
    before: Positive = 0.2
    """Recorded before a pulse starts [s]."""
    after: Positive = 1.0
    """Recorded from there on [s]."""
    dt: Positive = 0.001
    """Sampling interval [s]."""
    substeps: Annotated[int, Ge(1)] = 1
    """Integration steps per sample: with 1 a response lies within 5 % of its size of the exact one, with 4 within .4 %."""
    ranges: Mapping[Name, tuple[float, float]] = field(default_factory=_box)
    """What is to be inferred, from the lowest to the highest [units of jansen_rit]; more, such as C from 65 to 1350, may be added."""
    drawn: Drawn = "uniform"
    """Their distribution: even, or a normal one about the middle with an SD of a quarter of the range, cut off at its ends."""
    C: NotNegative = 135.0
    """Number of synapses, of which the four connections a_1 to a_4 are multiples."""
    e_0: Positive = 2.5
    """Half of the highest firing rate [1/s]."""
    v_0: float = 6.0
    """Potential at half of the highest firing rate [mV]."""
    r: Positive = 0.56
    """Steepness of the sigmoid [1/mV]."""
    pulse_rate: Positive = 200.0
    """Height of the pulse on the excitatory input [1/s]."""
    width: Positive = 0.05
    """Duration of a pulse [s]."""
    pyramidal: NotNegative = 0.0
    """Its height on pyramidal cells, as a fraction of that on excitatory interneurons."""
    inhibitory: NotNegative = 0.0
    """Its height on inhibitory interneurons, the same."""
    drive_mean: float = 0.0
    """Mean of the input beside the pulses [1/s]."""
    drive_noise: NotNegative = 0.0
    """Its intensity [1/s per square root of 1/s]; above 0 a recording is an average over `repetitions`."""
    repetitions: Annotated[int, Ge(1)] = 60
    """Pulses in the average."""
    settle: Positive = 10.0
    """Simulated before the recording, with pulses [s]."""
    oscillating: Literal["leave_out", "keep"] = "leave_out"
    """Columns whose response does not repeat: drawn again, or kept with pulses that start at a random phase."""
    tolerance: Positive = 0.01
    """Largest difference between the responses to two pulses that repeat each other [mV]."""
    noise_shift: NotNegative = 0.0
    """Intensity of noise in the input of the recordings from `shift_at` on, which are averages over `repetitions`: a robustness check
    [1/s per square root of 1/s]."""
    shift_at: Annotated[float, Ge(0), Lt(1)] = 6 / 11
    """Where it begins, as a fraction of the recordings; 6/11 is where 1000 of 2200, in their order, are tested on."""
    draws_of: str | None = None
    """System whose random draws it takes, so that recordings of the two differ by settings alone; null: its own."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        found = wrong_ranges(self.ranges)
        if not self.ranges:
            found.append("ranges: found none; expected at least one parameter to infer")
        if self.before + self.after <= 1.0 + self.width:
            found.append(f"after: found {self.after:g} s; expected more, so that before + after exceeds 1 s + width and a repeat is seen")
        if self.noise_shift and self.drive_noise:
            found.append("noise_shift: found noise in all recordings too; expected drive_noise 0 where it is above 0")
        if self.drive_noise and self.oscillating == "leave_out":
            found.append("oscillating: found leave_out; expected keep where drive_noise is above 0, since no response then repeats exactly")
        return found

    @property
    def names(self) -> tuple[Name, ...]:
        """What is inferred, in the order of the recording's parameters."""
        return tuple(name for name in NAMES if name in self.ranges)

    @property
    def bounds(self) -> np.ndarray:
        """Lowest and highest of each (parameter, 2)."""
        return np.array([self.ranges[name] for name in self.names])

    @property
    def samples(self) -> int:
        """Samples of a recording, both ends included."""
        return round((self.before + self.after) / self.dt) + 1

    def simulate(self, rng: Streams) -> Recording:
        """The source (trial, time, 1) and the parameters; raises HeadroomError where hardly any draw of the prior has a response."""
        generators = [rng(trial) for trial in range(self.trials)]
        if self.oscillating == "leave_out":
            parameters, evoked, draws = self._kept(generators)
        else:
            parameters, draws = self._candidates(generators), np.ones(self.trials, int)
            keys = _keys(generators)
            phase = np.array([generator.random() for generator in generators])
            evoked = self._responses().averaged(self._columns(parameters), keys, phase, self.repetitions if self.drive_noise else 1)
        if self.noise_shift:
            late = slice(round(self.shift_at * self.trials), None)
            evoked[late] = self._shifted(parameters[late], generators[late])
        states = Signal(evoked.astype(np.float32)[:, :, None], self.dt, ("source",), "mV")
        return Recording(states, parameters, self.names, extras={"prior": self.bounds, "draws": draws})

    def responses(self, parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The source (example, time) [mV] evoked with parameters (example, parameter), and whether it repeats (example,).

        A function of the parameters alone; raises HeadroomError where the input is noisy.
        """
        if self.drive_noise:
            raise HeadroomError("erp: found drive_noise above 0; expected 0, since a response to noise is no function of the parameters")
        return self._responses().steady(self._columns(parameters), self.tolerance)

    def extent(self) -> Extent:
        """Size of what a recording holds."""
        return Extent(self.trials, self.samples, 1)

    def work(self) -> float:
        """Updates of one column by one integration step."""
        pulses = self.repetitions if self.drive_noise else 1
        return self.trials * (self.settle / self.dt + self.samples * pulses) * self.substeps

    def _kept(self, generators: list[np.random.Generator]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Parameters (trial, parameter), responses (trial, time) and numbers of draws (trial,)."""
        parameters, draws = np.empty((self.trials, len(self.names))), np.zeros(self.trials, int)
        evoked = np.empty((self.trials, self.samples))
        left = np.arange(self.trials)
        for _ in range(ROUNDS):
            parameters[left] = self._candidates([generators[trial] for trial in left])
            draws[left] += 1
            evoked[left], steady = self.responses(parameters[left])
            left = left[~steady]
            if not len(left):
                return parameters, evoked, draws
        raise HeadroomError(f"erp: {len(left)} of {self.trials} recordings found no response that repeats in {ROUNDS} draws; widen ranges")

    def _shifted(self, parameters: np.ndarray, generators: list[np.random.Generator]) -> np.ndarray:
        """Averages (trial, time) over pulses with noise in the input, which start at once."""
        noisy, count = replace(self, drive_noise=self.noise_shift, oscillating="keep"), len(generators)
        return noisy._responses().averaged(noisy._columns(parameters), _keys(generators), np.zeros(count), self.repetitions)

    def _candidates(self, generators: list[np.random.Generator]) -> np.ndarray:
        return np.stack([draw(generator, self.ranges, self.drawn) for generator in generators])

    def _columns(self, parameters: np.ndarray) -> dict[str, np.ndarray]:
        """Every parameter of the column (example,)."""
        column = self._column(1)
        fixed = {name: np.full(len(parameters), float(getattr(column, name))) for name in NAMES}
        return {**fixed, **dict(zip(self.names, np.asarray(parameters, float).T, strict=True))}

    def _responses(self) -> Responses:
        return Responses(self._column, round(self.before / self.dt), round((self.before + self.after) / self.dt) + 1, round(1 / self.dt))

    @property
    def _column(self) -> Callable[[int], JansenRit]:
        pulse = Pulse(onset=self.before, width=self.width, pyramidal=self.pyramidal, inhibitory=self.inhibitory)

        def column(samples: int) -> JansenRit:
            return JansenRit(
                samples=samples, dt=self.dt, substeps=self.substeps, burn_in=self.settle, record="eeg",
                C=self.C, e_0=self.e_0, v_0=self.v_0, r=self.r,
                drive_mean=self.drive_mean, drive_noise=self.drive_noise, pulse_rate=self.pulse_rate, pulse=pulse,
                random_phase=1.0 if self.oscillating == "keep" else 0.0,
            )  # fmt: skip

        return column


def _keys(generators: list[np.random.Generator]) -> np.ndarray:
    """Keys of the noise (trial, 4)."""
    return np.stack([generator.integers(0, 2**32, 4, dtype=np.uint32) for generator in generators])
