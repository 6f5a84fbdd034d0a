"""Self-attention over the frames of a window (Vaswani et al. 2017), added to what it reads."""

from math import sqrt
from typing import cast

import torch
from torch import Tensor, nn


class Attention(nn.Module):
    """Several heads; position-sensitive and dynamically scaled on request.

    Position-sensitive: each head adds a learnt number for every distance between two frames (Shaw et al. 2018; Raffel et al. 2020).
    Dynamically scaled: the frame that asks multiplies its scores by a factor of each head, from 0 to 2, that it works out itself.
    """

    def __init__(self, width: int, heads: int, length: int, adaptive: bool, causal: bool) -> None:
        """`length` is the most frames that an adaptive one can tell the distances of; a causal one reads no later frame."""
        super().__init__()
        self.heads, self.causal = heads, causal
        self.project = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.position = nn.Parameter(torch.zeros(heads, 2 * length - 1)) if adaptive else None
        self.scaling = nn.Linear(width, heads) if adaptive else None

    def forward(self, features: Tensor) -> Tensor:
        """(example, length, width), the same shape."""
        weights, values = self._read(features)
        return features + cast(Tensor, self.out((weights @ values).transpose(1, 2).flatten(2)))

    def weights(self, features: Tensor) -> Tensor:
        """How much each frame reads of which (example, head, frame that asks, frame that is read); each row sums to 1."""
        return self._read(features)[0]

    def _read(self, features: Tensor) -> tuple[Tensor, Tensor]:
        queries, keys, values = (part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in self.project(features).chunk(3, dim=-1))
        scores = queries @ keys.transpose(-1, -2) / sqrt(queries.shape[-1])
        if self.scaling is not None:
            scores = scores * (2 * torch.sigmoid(self.scaling(features))).transpose(1, 2).unsqueeze(-1)
        frames = torch.arange(scores.shape[-1], device=scores.device)
        distance = frames[:, None] - frames[None, :]
        if self.position is not None:
            scores = scores + self.position[:, distance + self.position.shape[1] // 2]
        if self.causal:
            scores = scores.masked_fill(distance < 0, float("-inf"))
        return torch.softmax(scores, dim=-1), values
