"""A bidirectional recurrent network (Schuster & Paliwal 1997) that answers at every sample of a segment."""

from typing import cast

import torch
from torch import Tensor, nn

AROUND = 4
"""Frames either side that a frame's features see."""


class Bidirectional(nn.Module):
    """Features of the samples about every frame, LSTM layers both ways over the frames, a linear head for all samples of a frame."""

    def __init__(self, channels: int, hidden: int, layers: int, frame: int, targets: int) -> None:
        super().__init__()
        self.frame, self.targets = frame, targets
        self.enter = nn.Conv1d(frame * channels, hidden, 2 * AROUND + 1, padding=AROUND)
        self.layers = nn.LSTM(hidden, hidden, layers, batch_first=True, bidirectional=True)
        self.head = nn.Linear(3 * hidden, frame * targets)

    def dense(self, segments: Tensor) -> Tensor:
        """Answers (segment, length, 1, target) to segments (segment, length, channel); the length is a multiple of the frame."""
        frames = segments.unflatten(1, (-1, self.frame)).flatten(2)
        features = nn.functional.silu(self.enter(frames.transpose(1, 2))).transpose(1, 2)
        answers = self.head(torch.cat([self.layers(features)[0], features], dim=-1))
        return cast(Tensor, answers.unflatten(-1, (self.frame, self.targets)).flatten(1, 2).unsqueeze(2))
