"""A learnt mix of normalisations (switchable normalisation: Luo et al. 2019)."""

import torch
from torch import Tensor, nn

GROUPS = 8
"""Groups of channels that a group normalisation tells apart; the number of channels is a multiple of it."""


class NormalisationMix(nn.Module):
    """Batch-, group- and layer-normalised features (example, channel, time), weighted by a softmax of three learnt numbers."""

    def __init__(self, channels: int, causal: bool) -> None:
        super().__init__()
        self.batch = nn.BatchNorm1d(channels)
        self.group = group_norm(channels, causal)
        self.layer = nn.LayerNorm(channels)
        self.preference = nn.Parameter(torch.zeros(3))

    def forward(self, features: Tensor) -> Tensor:
        """The same shape."""
        shares = torch.softmax(self.preference, dim=0)
        layered = self.layer(features.transpose(1, 2)).transpose(1, 2)
        return shares[0] * self.batch(features) + shares[1] * self.group(features) + shares[2] * layered


class FramewiseGroupNorm(nn.Module):
    """Group normalisation of every frame by itself: the usual one takes its moments over all frames, later ones included."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(GROUPS, channels)

    def forward(self, features: Tensor) -> Tensor:
        """(example, channel, time), the same shape."""
        frames = features.transpose(1, 2)
        alone: Tensor = self.norm(frames.flatten(0, 1))
        return alone.unflatten(0, frames.shape[:2]).transpose(1, 2)


def group_norm(channels: int, causal: bool) -> nn.Module:
    """Group normalisation (Wu & He 2018) that sees no later frame where it has to be causal."""
    return FramewiseGroupNorm(channels) if causal else nn.GroupNorm(GROUPS, channels)


def normalisation(channels: int, causal: bool, mixed: bool) -> nn.Module:
    """The mix, or batch normalisation alone (Ioffe & Szegedy 2015)."""
    return NormalisationMix(channels, causal) if mixed else nn.BatchNorm1d(channels)
