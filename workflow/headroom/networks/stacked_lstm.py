"""A published decoder of forelimb steps: two LSTM layers, batch normalisation and a layer between them and the heads."""

from torch import Tensor, nn


class StackedLstm(nn.Module):
    """Features (example, length, width) of windows (example, length, channel); none sees what comes later."""

    def __init__(self, channels: int, hidden: int, layers: int, width: int, dropout: float) -> None:
        super().__init__()
        self.width = width
        self.layers = nn.LSTM(channels, hidden, layers, batch_first=True, dropout=dropout if layers > 1 else 0.0)
        self.norm = nn.BatchNorm1d(hidden)
        self.enter = nn.Linear(hidden, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, windows: Tensor) -> Tensor:
        """Features of every frame."""
        states = self.norm(self.layers(windows)[0].transpose(1, 2)).transpose(1, 2)
        features: Tensor = nn.functional.relu(self.enter(self.dropout(states)))
        return self.dropout(features)
