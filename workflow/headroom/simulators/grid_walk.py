"""A mouse walking on a grid, seen by its motor cortex: hidden Markov gait, and neurons that fire by it log-linearly.

A generator with a known answer, not a model of any recording: gait as a Markov chain (Rabiner 1989), spikes as a Poisson process whose
log rate adds up tuning, shared slow confounds and private drift (Truccolo et al. 2005).
"""

from collections.abc import Mapping
from typing import Annotated

import numpy as np
from annotated_types import Ge, Gt, Le, Lt

from headroom.core.randomness import Streams
from headroom.core.recording import Recording
from headroom.core.settings import settings
from headroom.core.shape import Extent
from headroom.core.signal import Signal
from headroom.simulators._grid_walk_gait import CLASSES, Gait, annotated
from headroom.simulators._grid_walk_population import Population, wander

Fraction = Annotated[float, Ge(0), Le(1)]
HELD = 30
"""Frames for which a neuron's private drift is held."""
AT_ONCE = 2000
"""Frames whose rates are held in memory."""


@settings
class GridWalk:
    """Spike counts of each frame; the label says which forelimb swings.

    Shares of the classes are .634, .183 and .183 by default: bouts and swings are set to it. `tuning` and `irregularity` are set by the
    difficulty: under fluorescence noise of .3, logistic regression on 8 frames is right in .765 of a validation block (mean of four
    sessions of other seeds; wanted: .76), boosted Wiener filters on 32 in .797 (.80); no test block was looked at. All else is chosen.
    """

    trials: Annotated[int, Ge(1)] = 1
    """Sessions: the same neurons, with their tuning drifted from one to the next."""
    samples: Annotated[int, Ge(2)] = 20_000
    """Frames of a session."""
    dt: Annotated[float, Gt(0)] = 1 / 30
    """Duration of a frame [s]."""
    neurons: Annotated[int, Ge(1)] = 500
    """Neurons that are tracked through all sessions."""
    population_seed: int = 0
    """Which neurons these are; they belong to no trial."""
    rates: tuple[Annotated[float, Gt(0)], Annotated[float, Gt(0)]] = (2.0, 8.0)
    """Lowest and highest rate of a neuron at rest; log-uniform between them [Hz]."""
    phases: Annotated[int, Ge(4), Le(254)] = 30
    """Bins of the step cycle."""
    swing: Annotated[int, Ge(1)] = 9
    """Bins in which a forelimb swings: the contralateral one from the cycle's start, the ipsilateral one from its middle."""
    walking: Annotated[float, Gt(0)] = 2.44
    """Mean duration of a bout of walking [s]."""
    resting: Annotated[float, Gt(0)] = 1.56
    """Mean duration of a rest [s]."""
    speed: Annotated[float, Gt(0)] = 1.0
    """Mean advance of the step cycle in a frame [bins]."""
    irregularity: Fraction = 0.4
    """Probability that the cycle stands still in a frame, or advances by two bins."""
    tuning: Annotated[float, Ge(0)] = 0.135
    """SD over the cycle of the log rate of a neuron with mixed selectivity."""
    locomotion_share: Fraction = 0.2
    """Fraction of the neurons that fire with walking but not with its phase."""
    confounds: Annotated[int, Ge(0)] = 3
    """Slow signals that all neurons share, such as arousal."""
    confound_tuning: Annotated[float, Ge(0)] = 0.5
    """SD of a neuron's log rate by the shared confounds."""
    confound_time: Annotated[float, Gt(0)] = 3.0
    """Autocorrelation time of the shared confounds [s]."""
    private_drift: Annotated[float, Ge(0)] = 0.3
    """SD of a neuron's own slow drift of its log rate."""
    private_time: Annotated[float, Gt(0)] = 120.0
    """Autocorrelation time of the private drift [s]."""
    kept: Fraction = 0.95
    """Correlation of a neuron's tuning in one session and in the next."""
    speed_shift: Annotated[float, Gt(-1)] = 0.0
    """Relative change of the speed from `shift_at` on: a robustness check."""
    shift_at: Annotated[float, Ge(0), Lt(1)] = 0.8
    """Where the speed changes, as a fraction of the session; .8 is where a 60/20/20 split starts its test block."""
    annotation_jitter: Annotated[int, Ge(0)] = 0
    """Greatest delay of the labels, early or late, drawn anew every second: a robustness check [frames]."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        wrong = [
            f"speed: found {speed:g} bins in a frame; expected within irregularity, {self.irregularity:g}, of 1"
            for speed in (self.speed, self.speed * (1 + self.speed_shift))
            if abs(speed - 1) > self.irregularity + 1e-12
        ]
        if self.swing > self.phases // 2:
            wrong.append(f"swing: found {self.swing}; expected at most half of the {self.phases} phases, or both forelimbs swing at once")
        if self.rates[0] > self.rates[1]:
            wrong.append(f"rates: found {self.rates[0]:g} and {self.rates[1]:g} Hz; expected the lowest first")
        bouts = {"walking": self.walking, "resting": self.resting}
        short = [f"{name}: found {time:g} s" for name, time in bouts.items() if time < self.dt]
        return wrong + [f"{found}; expected at least a frame, {self.dt:g} s" for found in short]

    def simulate(self, rng: Streams) -> Recording:
        """States: spike counts (trial, time, neuron). In extras all that the counts are drawn from, and the names of the labels.

        gait (trial, time): 0 at rest, else 1 + phase bin. baseline (neuron,) [log Hz], gains (trial, state, neuron), loadings
        (confound, neuron), confounds (trial, time, confound), private (trial, knot, neuron), held for a second: all add up in the log rate.
        """
        return self._recorded({session: rng(session) for session in range(self.trials)})

    def again(self, session: int, rng: np.random.Generator) -> Recording:
        """Another recording of a session alone: the same neurons with the same tuning, and all else drawn anew."""
        return self._recorded({session: rng})

    def extent(self) -> Extent:
        """Size of the states that a recording holds."""
        return Extent(self.trials, self.samples, self.neurons)

    def work(self) -> float:
        """Spike counts drawn."""
        return float(self.trials * self.samples * self.neurons)

    def size(self) -> int:
        """Values that a recording holds."""
        frame = self.neurons + self.confounds + 2 + self.neurons // HELD
        return self.trials * (self.samples * frame + (self.phases + 1) * self.neurons)

    def transitions(self) -> tuple[np.ndarray, np.ndarray]:
        """Matrices (regime, from, to), and the regime (time,) by which each frame is entered."""
        speeds = (self.speed, self.speed * (1 + self.speed_shift))
        regime = (np.arange(self.samples) >= round(self.shift_at * self.samples)).astype(int)
        return np.stack([self.gait.transitions(speed) for speed in speeds]), regime

    def stationary(self) -> np.ndarray:
        """Share of time in each state (state,)."""
        return self.gait.stationary()

    def classes(self) -> np.ndarray:
        """Class of each state (state,)."""
        return self.gait.classes()

    def delays(self) -> np.ndarray:
        """By how many frames a label may be late, all equally likely (delay,)."""
        return np.arange(-self.annotation_jitter, self.annotation_jitter + 1)

    def log_likelihood(self, recording: Recording, trial: int, *, confounds: bool) -> np.ndarray:
        """Log probability of a frame's spikes in each state (time, state), less what is the same in all states.

        Confounds and private drift are known, or each neuron's rates are taken at their mean over both.
        """
        counts, gains = recording.states.values[trial], recording.extras["gains"][trial]
        hidden = {name: recording.extras[name][trial] for name in ("confounds", "private")}
        found = np.empty((self.samples, len(gains)))
        for some in self._pieces():
            log_rate = self._drive(hidden, some) if confounds else self._mean_drive()[None]
            found[some] = counts[some].astype(float) @ gains.T - self.dt * np.exp(log_rate) @ np.exp(gains).T
        return found

    @property
    def gait(self) -> Gait:
        """The chain of states."""
        return Gait(self.phases, self.swing, self.dt / self.resting, self.dt / self.walking, self.irregularity)

    @property
    def population(self) -> Population:
        """The neurons."""
        group = round(self.locomotion_share * self.neurons)
        known = (self.population_seed, self.neurons, self.rates, group)
        return Population(*known, self.tuning, self.confounds, self.confound_tuning, self.kept)

    @property
    def _second(self) -> int:
        return max(1, round(1 / self.dt))

    def _pieces(self) -> list[slice]:
        return [slice(first, min(first + AT_ONCE, self.samples)) for first in range(0, self.samples, AT_ONCE)]

    def _recorded(self, sessions: Mapping[int, np.random.Generator]) -> Recording:
        counts = np.empty((len(sessions), self.samples, self.neurons), np.float32)
        labels = np.empty((len(sessions), self.samples, 1))
        hidden: list[dict[str, np.ndarray]] = []
        matrices, regime = self.transitions()
        for place, (session, generator) in enumerate(sessions.items()):
            gait = self.gait.path(matrices, regime, generator)
            labels[place, :, 0] = annotated(self.classes()[gait], self.annotation_jitter, self._second, generator)
            hidden.append({"gait": gait, "gains": self.population.gains(session, self.phases), **self._nuisance(generator)})
            for some in self._pieces():
                counts[place, some] = generator.poisson(np.exp(self._drive(hidden[-1], some) + hidden[-1]["gains"][gait[some]]) * self.dt)
        states = Signal(counts, self.dt, tuple(f"neuron {neuron + 1}" for neuron in range(self.neurons)), "spikes")
        extras = {name: np.stack([one[name] for one in hidden]) for name in hidden[0]}
        extras |= {"baseline": self.population.baseline(), "loadings": self.population.loadings(), "label_names": np.array(CLASSES)}
        track = Signal(labels, self.dt, ("step",))
        return Recording(states, np.empty((len(sessions), 0)), labels=track, session=np.array([*sessions]), extras=extras)

    def _nuisance(self, generator: np.random.Generator) -> dict[str, np.ndarray]:
        """Shared confounds (time, confound) of SD 1 and private drift (knot, neuron) [log rate]."""
        shared = wander(np.exp(-self.dt / self.confound_time), self.samples, self.confounds, generator)
        knots = -(-self.samples // HELD)
        own = wander(np.exp(-HELD * self.dt / self.private_time), knots, self.neurons, generator)
        return {"confounds": shared, "private": self.private_drift * own}

    def _drive(self, hidden: dict[str, np.ndarray], some: slice) -> np.ndarray:
        """Log rates (time, neuron) at rest [log Hz]."""
        held = hidden["private"][np.arange(some.start, some.stop) // HELD]
        return np.asarray(self.population.baseline() + hidden["confounds"][some] @ self.population.loadings() + held)

    def _mean_drive(self) -> np.ndarray:
        """Log of the mean rates (neuron,) at rest over confounds and drift, both of which are log-normal."""
        spread = (self.population.loadings() ** 2).sum(axis=0) + self.private_drift**2
        return np.asarray(self.population.baseline() + spread / 2)
