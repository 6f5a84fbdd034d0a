"""One small network for every neuron: it reads that neuron's last samples and, where neurons are connected, messages of the others.

The messages follow Kipf & Welling 2017 with a weight of its own for every pair: each neuron says the same few numbers to all others,
and a matrix says how loudly each of them is heard.
"""

from typing import cast

import numpy as np
import torch
from torch import Tensor, nn


class Neurons(nn.Module):
    """Predictions of every channel from its own lags, and from the weighted messages of the other channels."""

    def __init__(self, lags: int, hidden: int, offsets: int, messages: "Messages | None" = None) -> None:
        super().__init__()
        self.lags = lags
        self.by_trial = messages is not None and len(messages.weights) > 1
        self.own = nn.Linear(lags, hidden)
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
        hidden = self.own(recent)
        if self.messages is not None and self.mix is not None:
            hidden = hidden + self.mix(self.messages(recent, trial))
        answers = self.head(nn.functional.silu(self.middle(nn.functional.silu(hidden)))) + recent[..., -1:]
        return cast(Tensor, answers.permute(0, 2, 3, 1))


class Messages(nn.Module):
    """What every neuron says from its newest samples, summed over the connections of each neuron that hears it."""

    def __init__(self, neurons: int, lags: int, hidden: int, size: int, graph: np.ndarray | None = None) -> None:
        super().__init__()
        self.lags, self.size = lags, size
        self.say = nn.Sequential(nn.Linear(lags, hidden), nn.SiLU(), nn.Linear(hidden, size))
        if graph is None:
            self.weights: Tensor = nn.Parameter(0.01 * torch.randn(1, neurons, neurons))
        else:
            self.register_buffer("weights", torch.from_numpy(graph))  # (1 or trial, target, source)

    def forward(self, recent: Tensor, trial: Tensor | None = None) -> Tensor:
        """(example, channel, step, size) from recent samples (example, channel, step, lag)."""
        said = self.say(recent[..., -self.lags :]).flatten(2)  # (example, source, step x size)
        weights = self.weights if trial is None or len(self.weights) == 1 else self.weights[trial]
        return (weights @ said).unflatten(2, (-1, self.size))
