"""A recurrent network with a linear read-out at its last step, or at every step (Hochreiter & Schmidhuber 1997)."""

from typing import cast

from torch import Tensor, nn


class Recurrent(nn.Module):
    """LSTM layers and a Linear head with one output for each offset and target."""

    def __init__(
        self, channels: int, hidden: int, layers: int, offsets: int, targets: int, residual: bool, norm: bool = False, dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.shape = (offsets, targets)
        self.residual = residual
        self.layers = nn.LSTM(channels, hidden, layers, batch_first=True, dropout=dropout if layers > 1 else 0.0)
        self.norm = nn.LayerNorm(hidden) if norm else nn.Identity()
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(hidden, offsets * targets)

    def forward(self, windows: Tensor) -> Tensor:
        """Predictions (example, offset, target) after the last step of windows (example, length, channel)."""
        states, _ = self.layers(windows)
        return self._read(states[:, -1], windows[:, -1])

    def dense(self, windows: Tensor) -> Tensor:
        """Predictions (example, length, offset, target) after every step; none sees what comes later."""
        states, _ = self.layers(windows)
        return self._read(states, windows)

    def _read(self, states: Tensor, last: Tensor) -> Tensor:
        answer = self.head(self.dropout(self.norm(states))).unflatten(-1, self.shape)
        return cast(Tensor, answer + last.unsqueeze(-2) if self.residual else answer)
