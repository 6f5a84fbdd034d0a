"""Convolutions over time, recurrence and attention in a row: a published decoder of forelimb steps from calcium imaging.

The published code has convolutions of growing width with a learnt mix of normalisations, a 1x1 convolution around them, two layers of
BiLSTM, attention of eight heads and a mean over the window. Its text adds skips from every convolution to the end ("hierarchical").
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

from torch import Tensor, nn
from torch.nn.functional import pad

from headroom.networks.attention import Attention
from headroom.networks.normalisation import group_norm, normalisation

KERNEL = 3
HEADS = 8


@dataclass(frozen=True)
class Build:
    """Sizes and switches of a hybrid."""

    channels: int
    length: int
    """Frames of a window."""
    widths: Sequence[int]
    """Feature maps of each convolution."""
    hidden: int
    """Units of an LSTM layer and direction."""
    layers: int
    dropout: float
    described: bool
    """Whether it has what the text says beyond the code: adaptive attention and hierarchical skips."""
    causal: bool
    without: Container[str]


class Hybrid(nn.Module):
    """Features (example, length, width) of windows (example, length, channel); `width` says how many."""

    def __init__(self, build: Build) -> None:
        super().__init__()
        without, causal, directions = build.without, build.causal, 1 if build.causal or "bidirectionality" in build.without else 2
        self.convolutions = Convolutions(build) if "convolution" not in without else None
        seen = build.widths[-1] if self.convolutions else build.channels
        recurrent, between = "recurrence" not in without, build.dropout if build.layers > 1 else 0.0
        self.recurrence = (
            nn.LSTM(seen, build.hidden, build.layers, batch_first=True, dropout=between, bidirectional=directions == 2)
            if recurrent
            else None
        )
        self.width = directions * build.hidden if recurrent else seen
        self.dropout = nn.Dropout(build.dropout)
        attentive = "attention" not in without
        self.attention = Attention(self.width, HEADS, build.length, build.described, causal) if attentive else None
        skipped = build.widths if build.described and self.convolutions else ()
        self.skips = nn.ModuleList(nn.Conv1d(width, self.width, 1) for width in skipped)

    def forward(self, windows: Tensor) -> Tensor:
        """Features of every frame."""
        features, stages = self._before_attention(windows)
        if self.attention is not None:
            features = self.attention(features)
        for skip, stage in zip(self.skips, stages, strict=False):
            features = features + skip(stage).transpose(1, 2)
        return self.dropout(features)

    def attention_weights(self, windows: Tensor) -> Tensor | None:
        """(example, head, frame that asks, frame that is read); None without attention."""
        return None if self.attention is None else self.attention.weights(self._before_attention(windows)[0])

    def _before_attention(self, windows: Tensor) -> tuple[Tensor, list[Tensor]]:
        features, stages = windows, cast(list[Tensor], [])
        if self.convolutions is not None:
            features, stages = self.convolutions(windows)
            features = self.dropout(features)
        if self.recurrence is not None:
            features = self.recurrence(features)[0]
        return features, stages


class Convolutions(nn.Module):
    """One after another, each normalised and rectified; a 1x1 convolution of the input is added, and the sum normalised by groups."""

    def __init__(self, build: Build) -> None:
        super().__init__()
        mixed, sizes = "normalisation_mix" not in build.without, (build.channels, *build.widths)
        self.past, self.after = (KERNEL - 1, 0) if build.causal else (KERNEL // 2, KERNEL // 2)
        self.steps = nn.ModuleList(nn.Conv1d(before, after, KERNEL) for before, after in pairwise(sizes))
        self.norms = nn.ModuleList(normalisation(width, build.causal, mixed) for width in build.widths)
        self.around = nn.Conv1d(build.channels, build.widths[-1], 1)
        self.norm = group_norm(build.widths[-1], build.causal)

    def forward(self, windows: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Features (example, length, width), and those after each convolution (example, width, length)."""
        entering = windows.transpose(1, 2)
        features, stages = entering, []
        for step, norm in zip(self.steps, self.norms, strict=True):
            features = nn.functional.relu(norm(step(pad(features, (self.past, self.after)))))
            stages.append(features)
        return self.norm(features + self.around(entering)).transpose(1, 2), stages
