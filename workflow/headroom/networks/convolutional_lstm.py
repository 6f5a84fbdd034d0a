"""A published CNN-LSTM for membrane voltages: convolutions over the neuron index with time as channels, then recurrence.

Neuron numbers have no order, so a kernel that slides over them sees arbitrary neighbours; the window's steps are the convolution's
channels, so it is not causal inside the window. Both are kept as published, and both can be controlled for.
"""

from collections.abc import Sequence
from typing import Literal, cast

import torch
from torch import Tensor, nn

Variant = Literal["published", "described"]


class ConvolutionalLstm(nn.Module):
    """Convolutions (optional), LSTM layers (optional), LayerNorm, the last input's projection added (optional), Linear."""

    def __init__(
        self,
        shape: tuple[int, int, int],
        hidden: int,
        variant: Variant,
        kernels: Sequence[int],
        dropouts: tuple[float, float],
        without: Sequence[str],
        order: Tensor | None,
    ) -> None:
        """`shape` is (length, channel, offset); `order` permutes the channels before the convolutions."""
        super().__init__()
        length, channels, offsets = shape
        self.offsets = offsets
        self.convolutions = Convolutions(length, kernels, dropouts[0], variant, order) if "convolution" not in without else None
        wide = channels * (1 + len(kernels)) if variant == "described" and self.convolutions else channels
        both = variant == "described"
        self.size = hidden * (2 if both else 1)
        recurrent = "recurrence" not in without
        self.recurrence = nn.LSTM(wide, hidden, 2, batch_first=True, dropout=dropouts[1], bidirectional=both) if recurrent else None
        self.dense_instead = None if recurrent else nn.Linear(wide, self.size)
        self.norm = nn.LayerNorm(self.size)
        self.bypass = nn.Linear(channels, self.size) if "residual" not in without else None
        self.head = nn.Linear(self.size, offsets * channels)

    def forward(self, windows: Tensor) -> Tensor:
        """Predictions (example, offset, channel) after the last step of windows (example, length, channel)."""
        features = self.convolutions(windows) if self.convolutions is not None else windows
        if self.recurrence is not None:
            state = self.recurrence(features)[0][:, -1]
        else:
            state = torch.relu(cast(nn.Linear, self.dense_instead)(features[:, -1]))
        state = self.norm(state)
        if self.bypass is not None:
            state = state + self.bypass(windows[:, -1])
        return cast(Tensor, self.head(state).unflatten(-1, (self.offsets, -1)))


class Convolutions(nn.Module):
    """Kernels that slide over the channels: one after another and added to the input, or in parallel and beside it."""

    def __init__(self, length: int, kernels: Sequence[int], dropout: float, variant: Variant, order: Tensor | None) -> None:
        super().__init__()
        self.order: Tensor | None
        self.back: Tensor | None
        self.parallel = variant == "described"
        self.register_buffer("order", order)
        self.register_buffer("back", None if order is None else order.argsort())
        self.layers = nn.ModuleList(
            nn.Sequential(nn.Conv1d(length, length, size, padding="same"), nn.ReLU(), nn.BatchNorm1d(length), nn.Dropout1d(dropout))
            for size in kernels
        )

    def forward(self, windows: Tensor) -> Tensor:
        """(example, length, channel), or with a further set of channels for each kernel."""
        features = windows if self.order is None else windows[..., self.order]
        if self.parallel:
            found = [self._restored(layer(features)) for layer in self.layers]
            return torch.cat([windows, *found], dim=-1)
        for layer in self.layers:
            features = layer(features)
        return windows + self._restored(features)

    def _restored(self, features: Tensor) -> Tensor:
        return features if self.back is None else features[..., self.back]
