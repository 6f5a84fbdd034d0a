"""Networks that answer parameters from a whole evoked potential: from its principal components, or from its samples by convolutions."""

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn

from headroom.networks.perceptron import stack

STEPS = ((15, 5), (5, 2), (5, 2), (5, 2), (5, 2))
"""Kernel and stride of each convolution [samples]: 80 to 1 in all."""


class FromComponents(nn.Module):
    """Hidden layers on components in units of their noise, of which large ones are compressed: asinh is linear below the noise."""

    def __init__(self, moments: Tensor, sizes: Sequence[int], dropout: float) -> None:
        """`moments` (2, component) are mean and SD of the compressed components, `sizes` run from the first hidden layer to the targets."""
        super().__init__()
        self.enter = Compressed(moments)
        self.layers = dropped(stack((moments.shape[1], *sizes), nn.SiLU), dropout)

    def forward(self, windows: Tensor) -> Tensor:
        """Answers (example, 1, target) to components (example, 1, component)."""
        return cast(Tensor, self.layers(self.enter(windows[:, 0])).unsqueeze(1))


class Compressed(nn.Module):
    """asinh of every component, standardised."""

    def __init__(self, moments: Tensor) -> None:
        super().__init__()
        self.register_buffer("moments", moments)

    def forward(self, values: Tensor) -> Tensor:
        """The same shape (..., component)."""
        mean, sd = cast(Tensor, self.moments)
        return (torch.asinh(values) - mean) / sd


class Convolved(nn.Module):
    """Strided convolutions over time, then a hidden layer on what they leave of all moments."""

    def __init__(self, gain: Tensor, length: int, hidden: int, dense: int, targets: int, dropout: float) -> None:
        """`gain` (channel,) turns standardised samples into units of their noise, in which large ones are compressed."""
        super().__init__()
        self.register_buffer("gain", gain)
        layers: list[nn.Module] = []
        before, left = len(gain), length
        for (kernel, stride), width in zip(STEPS, (hidden, hidden, 2 * hidden, 2 * hidden, 2 * hidden), strict=True):
            layers += [nn.Conv1d(before, width, kernel, stride, padding=kernel // 2), nn.BatchNorm1d(width), nn.SiLU()]
            before, left = width, (left - 1) // stride + 1
        self.layers = nn.Sequential(*layers)
        self.head = dropped(stack((before * left, dense, targets), nn.SiLU), dropout)

    def forward(self, windows: Tensor) -> Tensor:
        """Answers (example, 1, target) to windows (example, length, channel)."""
        features = self.layers(torch.asinh(cast(Tensor, self.gain) * windows).transpose(1, 2))
        return cast(Tensor, self.head(features.flatten(1)).unsqueeze(1))


def dropped(layers: nn.Sequential, share: float) -> nn.Sequential:
    """The layers with dropout before every one that is linear but the first."""
    found: list[nn.Module] = []
    for layer in layers:
        found += [nn.Dropout(share)] if share and isinstance(layer, nn.Linear) and found else []
        found.append(layer)
    return nn.Sequential(*found)
