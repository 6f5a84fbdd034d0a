"""Networks that read a whole window before they answer: recurrent both ways (Schuster and Paliwal 1997), or by attention over time."""

from math import log
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import mse_loss, relu


class BothWays(nn.Module):
    """One LSTM layer from either end, or from the first alone, and a linear read-out of what it holds at the end of its way.

    Weights start as Keras starts them, with open forget gates: what evokes an answer lies far from both ends of a window.
    """

    def __init__(self, channels: int, hidden: int, targets: int, dropout: float, in_decibels: bool, directions: int = 2) -> None:
        super().__init__()
        self.layer = nn.LSTM(channels, hidden, batch_first=True, bidirectional=directions == 2)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(directions * hidden, targets)
        _start(self.layer, hidden)
        nn.init.xavier_uniform_(self.head.weight)
        nn.init.zeros_(self.head.bias)
        if in_decibels:
            self.loss = self.decibels

    def forward(self, windows: Tensor) -> Tensor:
        """Answers (example, 1, target) to windows (example, length, channel)."""
        kept = self.dropout(torch.ones_like(windows[:, :1]))  # the same channels at every moment
        _, (states, _) = self.layer(windows * kept)  # (direction, example, hidden)
        return cast(Tensor, self.head(states.transpose(0, 1).flatten(1)).unsqueeze(1))

    def decibels(self, windows: Tensor, asked: Tensor) -> Tensor:
        """Mean squared error of a batch over the power of its targets [dB]: the negative of a signal-to-noise ratio."""
        return 10 / log(10) * (mse_loss(self(windows), asked) / asked.square().mean()).log()


class AttentionOverTime(nn.Module):
    """Samples or patches of them as tokens; one attention layer over all moments, one hidden layer, the mean over time."""

    def __init__(self, channels: int, length: int, patch: int, width: int, heads: int, hidden: int, targets: int, dropout: float) -> None:
        super().__init__()
        self.patch = patch
        self.enter = nn.Linear(patch * channels, width)
        self.register_buffer("place", _places(length // patch, width))
        self.attention = nn.MultiheadAttention(width, heads, dropout=dropout, batch_first=True)
        self.hidden, self.back = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self.before, self.after = nn.LayerNorm(width), nn.LayerNorm(width)
        self.head = nn.Linear(width, targets)

    def forward(self, windows: Tensor) -> Tensor:
        """Answers (example, 1, target) to windows (example, length, channel); what a last patch lacks is left out."""
        used = windows.shape[1] // self.patch * self.patch
        tokens = self.enter(windows[:, :used].unflatten(1, (-1, self.patch)).flatten(2)) + self.place
        attended = self.before(self.attention(tokens, tokens, tokens, need_weights=False)[0])
        answered = self.after(attended + self.back(relu(self.hidden(attended))))
        return cast(Tensor, self.head(answered.mean(dim=1)).unsqueeze(1))


def _start(layer: nn.LSTM, hidden: int) -> None:
    """Uniform input weights (Glorot and Bengio 2010), orthogonal recurrent ones, forget gates at 1 (Jozefowicz et al. 2015), all else 0."""
    for name, weights in layer.named_parameters():
        if name.startswith("weight_ih"):
            nn.init.xavier_uniform_(weights)
        elif name.startswith("weight_hh"):
            nn.init.orthogonal_(weights)
        else:
            nn.init.zeros_(weights)
            if name.startswith("bias_ih"):
                nn.init.ones_(weights[hidden : 2 * hidden])


def _places(count: int, width: int) -> Tensor:
    """Sines and cosines (place, feature) of ever longer wavelengths, as in the first transformer."""
    wavelength = 10_000.0 ** (torch.arange(0, width, 2) / width)
    turns = torch.arange(count)[:, None] / wavelength
    return torch.stack([turns.sin(), turns.cos()], dim=2).flatten(1)[:, :width]
