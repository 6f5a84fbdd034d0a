"""What a fitted model answers: one step, fed back to itself, or drawn."""

from dataclasses import dataclass

import numpy as np

from headroom.core.examples import Examples
from headroom.core.prediction import Prediction
from headroom.core.protocols import Fitted, Sampled
from headroom.core.rollout import rollout

QUANTILES = {"q05": 0.05, "q50": 0.5, "q95": 0.95}


@dataclass(frozen=True)
class Ask:
    """What is asked of a model."""

    rollout: int = 0
    """Steps that one-step forecasts are fed back for; 0: not at all."""
    draws: int = 0
    """Draws from the model's uncertainty beside its prediction."""

    def offsets(self, examples: Examples) -> tuple[int, ...]:
        """Samples from a window's last one to each answer."""
        return tuple(range(1, self.rollout + 1)) if self.rollout else examples.offsets


@dataclass(frozen=True)
class Answer:
    """Predictions, and draws where they were asked for, physical units."""

    point: np.ndarray  # (example, offset, target)
    draws: np.ndarray | None = None  # (draw, example, offset, target)

    def quantiles(self) -> dict[str, np.ndarray]:
        """(example, offset, target) by name; none without draws.

        Weibull's plotting positions: the truth, one more draw as it were, lies between q05 and q95 nine times in ten already for
        19 draws; numpy's own positions need hundreds.
        """
        if self.draws is None:
            return {}
        found = np.quantile(self.draws, list(QUANTILES.values()), axis=0, method="weibull")
        return dict(zip(QUANTILES, found, strict=True))


@dataclass(frozen=True)
class OneDraw:
    """A fitted model whose predictions are drawn: fed back, they make one path that may come true."""

    fitted: Sampled
    rng: np.random.Generator

    def predict(self, examples: Examples) -> Prediction:
        """One draw (example, offset, target)."""
        return Prediction(self.fitted.sample(examples, 1, self.rng)[0])

    def state(self) -> dict[str, np.ndarray]:
        """Empty: it is made for a single roll-out."""
        return {}


def answer(fitted: Fitted, examples: Examples, ask: Ask, rng: np.random.Generator) -> Answer:
    """The model's predictions for the examples, and draws; raises HeadroomError where it cannot be rolled out."""
    point = rollout(fitted, examples, ask.rollout) if ask.rollout else fitted.predict(examples).point
    if not ask.draws or not isinstance(fitted, Sampled):
        return Answer(point)
    if not ask.rollout:
        return Answer(point, fitted.sample(examples, ask.draws, rng))
    return Answer(point, np.stack([rollout(OneDraw(fitted, rng), examples, ask.rollout) for _ in range(ask.draws)]))
