"""One small network for every neuron: it reads that neuron's last samples and, where neurons are connected, messages of the others.

The messages follow Kipf & Welling 2017 with a weight of its own for every pair: each neuron says the same few numbers to all others,
and a matrix says how loudly each of them is heard.
"""

from typing import cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import relu

from headroom.core.examples import Examples
from headroom.core.scaling import scale_of

LOOKED_AT = 256
"""Windows, spread over the training examples, that the range of the signal is taken of."""
WITHIN = (0.001, 0.999)
"""Quantiles of their values between which the knots lie: an artefact is no reason to look less closely elsewhere."""


class Neurons(nn.Module):
    """Predictions of every channel from its own lags, and from the weighted messages of the other channels."""

    def __init__(self, lags: int, hidden: int, offsets: int, knots: "Knots", messages: "Messages | None" = None) -> None:
        super().__init__()
        self.lags = lags
        self.by_trial = messages is not None and len(messages.weights) > 1
        self.knots = knots
        self.own = nn.Linear(lags + len(knots.places), hidden)
        self.messages = messages
        self.mix = nn.Linear(messages.size, hidden, bias=False) if messages else None
        self.middle = nn.Linear(hidden, hidden)
        self.head = nn.Linear(hidden, offsets)
        nn.init.zeros_(self.head.weight)  # it starts from persistence
        nn.init.zeros_(self.head.bias)

    def forward(self, windows: Tensor, trial: Tensor | None = None) -> Tensor:
        """Predictions (example, offset, channel) after the last step of windows (example, length, channel)."""
        return self.dense(windows[:, -self.lags :], trial)[:, -1]

    def dense(self, windows: Tensor, trial: Tensor | None = None) -> Tensor:
        """Predictions (example, step, offset, channel) after every step whose lags lie in the window."""
        recent = windows.transpose(1, 2).unfold(-1, self.lags, 1)  # (example, channel, step, lag)
        hidden = self.own(torch.cat([recent, self.knots(recent[..., -1])], dim=-1))
        if self.messages is not None and self.mix is not None:
            hidden = hidden + self.mix(self.messages(recent, trial))
        answers = self.head(relu(self.middle(relu(hidden)))) + recent[..., -1:]
        return cast(Tensor, answers.permute(0, 2, 3, 1))


class Knots(nn.Module):
    """How near a value is to each of some levels: linear B-splines (de Boor 1978, chapter IX), the outer ones going on for ever.

    Near a threshold a tenth of a standard deviation decides what comes next, and weights of a plain perceptron grow to that only slowly.
    """

    def __init__(self, places: np.ndarray) -> None:
        super().__init__()
        self.places: Tensor
        self.register_buffer("places", torch.from_numpy(np.asarray(places, np.float32)))  # (knot,), evenly spaced

    def forward(self, values: Tensor) -> Tensor:
        """(..., knot) from values (...): 1 at a knot, 0 from its neighbours on, and linear between."""
        inside = values.clamp(self.places[0], self.places[-1])
        return relu(1 - (inside.unsqueeze(-1) - self.places).abs() / (self.places[1] - self.places[0]))


def knots_of(train: Examples, count: int) -> Knots:
    """So many knots, evenly over the range of the standardised training windows."""
    scale = scale_of(train)
    few = train.take(np.linspace(0, len(train) - 1, min(LOOKED_AT, len(train))).astype(int))
    low, high = np.quantile((few.windows() - scale.mean) / scale.sd, WITHIN)
    return Knots(np.linspace(low, max(high, low + 1e-3), count))


class Messages(nn.Module):
    """What every neuron says from its newest samples, summed over the connections of each neuron that hears it."""

    def __init__(self, neurons: int, lags: int, hidden: int, size: int, graph: np.ndarray | None = None) -> None:
        super().__init__()
        self.lags, self.size = lags, size
        self.say = nn.Sequential(nn.Linear(lags, hidden), nn.ReLU(), nn.Linear(hidden, size))
        if graph is None:
            self.weights: Tensor = nn.Parameter(0.01 * torch.randn(1, neurons, neurons))
        else:
            self.register_buffer("weights", torch.from_numpy(graph))  # (1 or trial, target, source)

    def forward(self, recent: Tensor, trial: Tensor | None = None) -> Tensor:
        """(example, channel, step, size) from recent samples (example, channel, step, lag)."""
        said = self.say(recent[..., -self.lags :]).flatten(2)  # (example, source, step x size)
        weights = self.weights if trial is None or len(self.weights) == 1 else self.weights[trial]
        return (weights @ said).unflatten(2, (-1, self.size))
