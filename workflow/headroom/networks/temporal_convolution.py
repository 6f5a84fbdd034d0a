"""Causal dilated convolutions with residual connections (Bai et al. 2018)."""

from typing import cast

from torch import Tensor, nn
from torch.nn.functional import pad


class TemporalConvolution(nn.Module):
    """Blocks whose dilation doubles, and a linear read-out that is added to the window's last sample."""

    def __init__(self, channels: int, hidden: int, blocks: int, kernel: int, offsets: int, targets: int, residual: bool) -> None:
        super().__init__()
        self.shape = (offsets, targets)
        self.residual = residual
        self.enter = nn.Conv1d(channels, hidden, 1)
        self.blocks = nn.ModuleList(Block(hidden, kernel, 2**number) for number in range(blocks))
        self.head = nn.Linear(hidden, offsets * targets)

    def forward(self, windows: Tensor) -> Tensor:
        """Predictions (example, offset, target) after the last step of windows (example, length, channel)."""
        return self.dense(windows)[:, -1]

    def dense(self, windows: Tensor) -> Tensor:
        """Predictions (example, length, offset, target) after every step; none sees what comes later."""
        features = self.enter(windows.transpose(1, 2))
        for block in self.blocks:
            features = block(features)
        answer = self.head(features.transpose(1, 2)).unflatten(-1, self.shape)
        return cast(Tensor, answer + windows.unsqueeze(-2) if self.residual else answer)


class Block(nn.Module):
    """Two causal convolutions of one dilation, added to what came in."""

    def __init__(self, hidden: int, kernel: int, dilation: int) -> None:
        super().__init__()
        self.past = (kernel - 1) * dilation
        self.first = nn.Conv1d(hidden, hidden, kernel, dilation=dilation)
        self.second = nn.Conv1d(hidden, hidden, kernel, dilation=dilation)

    def forward(self, features: Tensor) -> Tensor:
        """(example, hidden, length), the same length."""
        inner = nn.functional.relu(self.first(pad(features, (self.past, 0))))
        return features + nn.functional.relu(self.second(pad(inner, (self.past, 0))))
