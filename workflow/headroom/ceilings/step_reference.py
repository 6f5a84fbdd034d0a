"""What a decoder could know of the gait from the observation: a network trained on many simulated frames, and the true chain behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Annotated, ClassVar, Literal, Protocol, cast, runtime_checkable

import numpy as np
from annotated_types import Ge, Gt, MinLen

from headroom.ceilings._evidence import Evidence, Frames, evidence
from headroom.ceilings._gait_answers import HiddenGait, answers, require_gait
from headroom.ceilings._hidden_chain import Chain
from headroom.core.dataset import Dataset
from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Kind, Scale
from headroom.core.prediction import Expectation
from headroom.core.protocols import ObservationStep, Simulator
from headroom.core.recording import Recording
from headroom.core.scaling import scale_of
from headroom.core.settings import settings
from headroom.core.shape import DataShape

NAME = "step_reference"


@runtime_checkable
class Repeatable(HiddenGait, Protocol):
    """A simulator that can record its neurons once more; the states lie in the extra `gait`."""

    samples: int

    def again(self, session: int, rng: np.random.Generator) -> Recording:
        """Another recording of a session."""


@settings
class StepReference:
    """P(class | observation of the trial up to the window's end), learnt from more frames than any recording has.

    Fresh recordings of the same neurons in the test's sessions are simulated and observed as the study does; a network learns the
    true states from them; its posteriors, divided by the states' frequencies, are filtered with the true transitions, or smoothed as
    far as the window shows. A reference: it is attained, and a better decoder may pass it.
    """

    sees: ClassVar[Literal["observation", "exact_state"]] = "observation"
    gives: ClassVar[Literal["bound", "reference"]] = "reference"
    answers: ClassVar[tuple[Kind, ...]] = ("category",)

    frames: Annotated[int, Ge(1)] = 200_000
    """Frames that the network is trained on; a quarter and half of them show what more would bring."""
    most_frames: Annotated[int, Ge(1)] = 400_000
    """Where doubling the frames ends in any case."""
    tolerance: Annotated[float, Gt(0)] = 0.005
    """Gain in accuracy by a doubling below which no further one follows."""
    held: Annotated[int, Ge(1)] = 20_000
    """Further frames, on which the gain is measured and the sharpness is chosen."""
    piece: Annotated[int, Ge(200)] = 5000
    """Frames of one simulated recording."""
    lags: Annotated[int, Ge(1)] = 8
    """Newest frames that the network reads."""
    components: Annotated[int, Ge(1)] = 64
    """Weighted sums of the channels that it makes first."""
    hidden: Annotated[int, Ge(1)] = 128
    """Units of each of its two hidden layers."""
    passes: Annotated[int, Ge(1)] = 3
    """Passes over the frames."""
    sharpness: Annotated[tuple[Annotated[float, Gt(0)], ...], MinLen(1)] = (0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 1.0)
    """Powers of the network's evidence to try: below 1, since the frames that it reads overlap from one moment to the next."""

    def work(self, simulator: Simulator, data: DataShape) -> float:
        """Multiply-adds of the training, without doublings, which depend on what is found."""
        network = data.channels * self.components + self.lags * self.components * self.hidden + self.hidden**2
        return 1.75 * self.frames * 3 * self.passes * network

    def through(self, steps: Sequence[ObservationStep]) -> "Reference":
        """The reference for recordings that are seen through a sensor and a noise."""
        return Reference(self, tuple(steps))

    def expect(self, simulator: Simulator, recording: Recording, dataset: Dataset, rng: np.random.Generator) -> Expectation:
        """Raises HeadroomError: without sensor and noise nothing can be simulated."""
        raise HeadroomError(f"{NAME}: it has not been told through what the recording is seen; ask `through(steps)` first")


@dataclass(frozen=True)
class Reference:
    """The reference, with sensor and noise."""

    settings: StepReference
    steps: tuple[ObservationStep, ...]
    answers: ClassVar[tuple[Kind, ...]] = ("category",)
    sees: ClassVar[Literal["observation", "exact_state"]] = "observation"
    gives: ClassVar[Literal["bound", "reference"]] = "reference"

    def expect(self, simulator: Simulator, recording: Recording, dataset: Dataset, rng: np.random.Generator) -> Expectation:
        """Probabilities of the classes, and how accuracy on fresh frames grew; raises HeadroomError for other systems and targets."""
        require_gait(NAME, simulator, recording, dataset)
        if not isinstance(simulator, Repeatable):
            raise HeadroomError(f"{NAME}: {type(simulator).__name__} cannot be recorded again; use it for grid_walk")
        test, asked = dataset.test, self.settings
        sessions = test.trial if recording.session is None else recording.session[test.trial]
        fresh = self._fresh(simulator, np.unique(sessions), scale_of(test), rng)
        held = _taken(fresh, asked.held // self._piece(simulator) or 1)
        trained, power, curve = self._grown(simulator, fresh, held, test, rng)
        point = np.empty((len(test), len(test.offsets), len(dataset.target.names)))
        for trial in np.unique(test.trial):
            mine = np.flatnonzero(test.trial == trial)
            log_posterior = trained.log_posterior((test.inputs.values[trial] - scale_of(test).mean) / scale_of(test).sd)
            point[mine] = _decoded(simulator, log_posterior, power, test.take(mine))
        grown = ", ".join(f"{accuracy:.4f} from {frames:,}" for frames, accuracy in curve)
        return Expectation(point=point, note=f"accuracy on fresh frames: {grown} training frames; evidence to the power {power:g}")

    def _grown(
        self, simulator: Repeatable, fresh: Iterator[Frames], held: Frames, test: Examples, rng: np.random.Generator
    ) -> tuple[Evidence, float, list[tuple[int, float]]]:
        """The network of the last doubling, the power of its evidence, and the accuracy after each."""
        asked, each = self.settings, self._piece(simulator)
        frames, curve = _taken(fresh, -(-asked.frames // (4 * each))), cast(list[tuple[int, float]], [])
        while True:
            count = len(frames.values)
            sizes = asked.lags, asked.components, asked.hidden
            trained = evidence(frames, len(simulator.stationary()), sizes, asked.passes, rng)
            accuracy, power = self._judged(simulator, trained, held, test)
            curve.append((count * each, accuracy))
            gained = accuracy - curve[-2][1] if len(curve) > 1 else np.inf
            if count * each >= asked.frames and (gained < asked.tolerance or 2 * count * each > asked.most_frames):
                return trained, power, curve
            frames = _joined([frames, _taken(fresh, count)])

    def _judged(self, simulator: Repeatable, trained: Evidence, held: Frames, test: Examples) -> tuple[float, float]:
        """Accuracy on held frames, and the power of the least log loss."""
        walk = replace(simulator, samples=held.values.shape[1])  # type: ignore[type-var]
        posteriors = [trained.log_posterior(values) for values in held.values]
        found = []
        for power in self.settings.sharpness:
            loss, right = 0.0, 0.0
            for log_posterior, labels in zip(posteriors, held.labels, strict=True):
                asked = _asked(test, len(labels))
                point = _decoded(walk, log_posterior, power, asked)[:, 0]
                truth = labels[asked.last + asked.offsets[0]]
                loss -= float(np.log(np.maximum(point[np.arange(len(point)), truth], 1e-12)).mean())
                right += float((point.argmax(axis=1) == truth).mean()) / len(posteriors)
            found.append((loss, power, right))
        _, power, accuracy = min(found)
        return accuracy, power

    def _fresh(self, simulator: Repeatable, sessions: np.ndarray, scale: Scale, rng: np.random.Generator) -> Iterator[Frames]:
        """One recording after another, the sessions in turn, on the scale of the models' inputs."""
        walk = replace(simulator, samples=self._piece(simulator))  # type: ignore[type-var]
        while True:
            for session in sessions:
                made = walk.again(int(session), rng)
                signal = made.states
                for step in self.steps:
                    signal = step.apply(signal, lambda trial: rng)
                values = ((signal.values - scale.mean) / scale.sd).astype(np.float16)
                yield Frames(values, made.extras["gait"], _labels(made))

    def _piece(self, simulator: Repeatable) -> int:
        return min(self.settings.piece, self.settings.frames)


def _labels(made: Recording) -> np.ndarray:
    if made.labels is None:
        raise HeadroomError(f"{NAME}: the system has no labels; use it for grid_walk")
    return made.labels.values[:, :, 0].astype(np.int64)


def _taken(fresh: Iterator[Frames], pieces: int) -> Frames:
    return _joined([next(fresh) for _ in range(pieces)])


def _joined(some: Sequence[Frames]) -> Frames:
    return Frames(*(np.concatenate([getattr(one, part.name) for one in some]) for part in fields(Frames)))


def _asked(test: Examples, samples: int) -> Examples:
    """Every window of a trial of so many samples, of the length and offsets that the test asks for."""
    start = np.arange(-min(test.offsets), samples - test.length + 1)
    return replace(test, trial=np.zeros(len(start), int), start=start, context={})


def _decoded(simulator: HiddenGait, log_posterior: np.ndarray, power: float, examples: Examples) -> np.ndarray:
    """Probabilities (example, offset, class) from posteriors divided by the prior."""
    prior = simulator.stationary()
    log_likelihood = power * (log_posterior - np.log(prior))
    likelihood = np.exp(log_likelihood - log_likelihood.max(axis=1, keepdims=True))
    return answers(simulator, Chain(prior, *simulator.transitions(), likelihood), examples, 0)
