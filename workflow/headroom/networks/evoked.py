"""Networks that answer parameters from a whole evoked potential: from its principal components, or from its samples by convolutions."""

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn

from headroom.networks.perceptron import stack

CONSTANT = 1e-4
"""SD below which what describes training recordings is the same for all: it is not magnified, in case that of others differs."""
STEPS = ((15, 5), (5, 2), (5, 2), (5, 2), (5, 2))
"""Kernel and stride of each convolution [samples]: 80 to 1 in all."""


class FromComponents(nn.Module):
    """Hidden layers on what `Described` says of components in units of their noise."""

    def __init__(self, components: int, sizes: Sequence[int], dropout: float) -> None:
        """`sizes` run from the first hidden layer to the targets."""
        super().__init__()
        self.enter = Described(components)
        self.layers = dropped(stack((self.enter.size, *sizes), nn.SiLU), dropout)

    def forward(self, windows: Tensor) -> Tensor:
        """Answers (example, 1, target) to components (example, 1, component)."""
        return cast(Tensor, self.layers(self.enter(windows[:, 0])).unsqueeze(1))


class Described(nn.Module):
    """Every component compressed, their direction, and their length, standardised.

    asinh is linear below the noise. Amplitudes differ by tens between recordings while shapes tell most parameters apart: a network
    that is shown both need not learn to divide.
    """

    mean: Tensor
    sd: Tensor

    def __init__(self, components: int) -> None:
        super().__init__()
        self.size = 2 * components + 1
        self.register_buffer("mean", torch.zeros(self.size))
        self.register_buffer("sd", torch.ones(self.size))

    def standardise(self, seen: Tensor) -> None:
        """Takes mean and SD from training recordings (example, component)."""
        described = _described(seen)
        sd = described.std(dim=0)
        self.mean, self.sd = described.mean(dim=0), torch.where(sd > CONSTANT, sd, 1.0)

    def forward(self, values: Tensor) -> Tensor:
        """Numbers (..., 2 component + 1) of components (..., component)."""
        return (_described(values) - self.mean) / self.sd


def _described(values: Tensor) -> Tensor:
    """As `Described`, in plain units. No length is below that of noise alone, so that silence has no direction."""
    least = values.shape[-1] ** 0.5
    length = torch.linalg.vector_norm(values, dim=-1, keepdim=True).clamp_min(least)
    return torch.cat([torch.asinh(values), values / length, length.log()], dim=-1)


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
