"""The gait of a walking animal as a Markov chain: rest, and the phases of a step cycle."""

from dataclasses import dataclass

import numpy as np

CLASSES = ("none", "contralateral", "ipsilateral")


@dataclass(frozen=True)
class Gait:
    """State 0 is rest, state 1 + k phase bin k of a step cycle. Walking starts and stops in any phase: all are equally likely."""

    phases: int
    swing: int
    """Phase bins in which a paw is off the ground: the first of each half cycle."""
    start: float
    """Probability of starting to walk in a frame at rest."""
    stop: float
    """Probability of stopping in a frame of walking."""
    irregularity: float
    """Probability that the phase stays, or moves by two bins, in a frame."""

    def transitions(self, speed: float) -> np.ndarray:
        """Probabilities (from, to) of a frame's move; speed is the mean advance [bins], 1 - irregularity to 1 + irregularity."""
        stay, skip = ((self.irregularity + sign * (speed - 1)) / 2 for sign in (-1, 1))
        here = np.eye(self.phases)
        moves = stay * here + (1 - stay - skip) * np.roll(here, 1, axis=1) + skip * np.roll(here, 2, axis=1)
        matrix = np.zeros((self.phases + 1, self.phases + 1))
        matrix[0, 0], matrix[0, 1:] = 1 - self.start, self.start / self.phases
        matrix[1:, 0], matrix[1:, 1:] = self.stop, (1 - self.stop) * moves
        return matrix

    def stationary(self) -> np.ndarray:
        """Shares (state,) of time, whatever the speed: those of rest and walking balance, and phases are alike."""
        walking = self.start / (self.start + self.stop)
        return np.array([1 - walking, *np.full(self.phases, walking / self.phases)])

    def classes(self) -> np.ndarray:
        """Number in `CLASSES` of each state (state,): the contralateral paw swings in the first half of the cycle."""
        phase, half = np.arange(self.phases), self.phases // 2
        contralateral, ipsilateral = phase < self.swing, (phase >= half) & (phase < half + self.swing)
        return np.array([0, *(contralateral + 2 * ipsilateral)])

    def path(self, matrices: np.ndarray, regime: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """States (time,): frame t is entered by matrices[regime[t]], the first drawn from the stationary shares."""
        draws, reach = rng.random(len(regime)), matrices.cumsum(axis=2)
        state = np.empty(len(regime), np.uint8)
        state[0] = np.searchsorted(self.stationary().cumsum()[:-1], draws[0], side="right")
        for time in range(1, len(regime)):
            state[time] = np.searchsorted(reach[regime[time], state[time - 1], :-1], draws[time], side="right")
        return state


def annotated(label: np.ndarray, jitter: int, each: int, rng: np.random.Generator) -> np.ndarray:
    """Labels (time,) as an annotator gives them: for every `each` frames another delay of up to `jitter` frames, early or late."""
    draws = rng.integers(-jitter, jitter + 1, -(-len(label) // each))
    time = np.arange(len(label))
    return label[np.clip(time - draws[time // each], 0, len(label) - 1)]
