"""Probabilities of a hidden Markov chain's states from what is seen of it: forwards, and at most so far back (Rabiner 1989)."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Chain:
    """How the state moves, and how well each state explains each sample."""

    start: np.ndarray  # (state,): probabilities before the first sample is seen
    moves: np.ndarray  # (regime, from, to): probabilities
    regime: np.ndarray  # (time,): by which moves a sample is entered
    likelihood: np.ndarray  # (time, state): of what is seen at a sample, up to a factor of its own

    def filtered(self) -> np.ndarray:
        """P(state at t | all seen up to t): (time, state)."""
        beliefs = np.empty_like(self.likelihood)
        prior = self.start
        for time, seen in enumerate(self.likelihood):
            if time:
                prior = beliefs[time - 1] @ self.moves[self.regime[time]]
            joint = prior * seen
            beliefs[time] = joint / joint.sum()
        return beliefs

    def smoothed(self, beliefs: np.ndarray) -> np.ndarray:
        """P(state at t | all that is ever seen): (time, state), from the filtered beliefs."""
        found, later = beliefs.copy(), np.ones(len(self.start))
        for time in range(len(beliefs) - 2, -1, -1):
            later = self.moves[self.regime[time + 1]] @ (later * self.likelihood[time + 1])
            later = later / later.sum()
            found[time] *= later
        return np.asarray(found / found.sum(axis=1, keepdims=True))

    def known(self, beliefs: np.ndarray, moment: np.ndarray, until: np.ndarray) -> np.ndarray:
        """P(state at moment | all seen up to `until`): (example, state) for samples (example,), from the filtered beliefs."""
        found = beliefs[np.minimum(moment, until)]
        for ahead in range(1, int(max(0, (moment - until).max(initial=0))) + 1):
            found = self._moved(found, until + ahead, until + ahead <= moment)
        found = found * self._seen_later(moment, until)
        return np.asarray(found / found.sum(axis=1, keepdims=True))

    def _seen_later(self, moment: np.ndarray, until: np.ndarray) -> np.ndarray:
        """P(what is seen after the moment | its state), up to a factor of each example."""
        later = np.ones((len(moment), len(self.start)))
        for back in range(int(max(0, (until - moment).max(initial=0))), 0, -1):
            rows = np.flatnonzero(moment + back <= until)
            at = moment[rows] + back
            joint = later[rows] * self.likelihood[at]
            for regime, moves in enumerate(self.moves):
                some = self.regime[at] == regime
                joint[some] = joint[some] @ moves.T
            later[rows] = joint / joint.sum(axis=1, keepdims=True)
        return later

    def _moved(self, beliefs: np.ndarray, entered: np.ndarray, going: np.ndarray) -> np.ndarray:
        """Beliefs (example, state) after the move into sample `entered`, where it is `going` there."""
        moved = beliefs.copy()
        for regime, moves in enumerate(self.moves):
            some = np.flatnonzero(going)
            some = some[self.regime[entered[some]] == regime]
            moved[some] = beliefs[some] @ moves
        return moved
