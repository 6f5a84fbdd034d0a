"""Standardised windows on the device, gathered by index: a signal is held once, its overlapping windows never."""

import hashlib
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import embedding

from headroom.core.examples import Examples
from headroom.core.scaling import scale_of, standardised_single

VALUES_AT_ONCE = 2_000_000
"""Window values that a validation gathers at once: 8 MB."""


class Windows:
    """What examples see and what they are asked for, as float32 tensors in standardised units."""

    def __init__(self, examples: Examples, inputs: Tensor, track: Tensor) -> None:
        device = inputs.device
        self.inputs, self.track = inputs, track  # (trial x time, channel)
        self.trial = torch.from_numpy(examples.origin()[0].astype(np.int64)).to(device)
        self.at_once = max(1, VALUES_AT_ONCE // (examples.length * len(examples.inputs.channels)))
        self.seen_from = torch.from_numpy(_rows(examples, examples.inputs.samples)).to(device)  # (example,)
        self.asked_from = torch.from_numpy(_rows(examples, examples.track.samples)).to(device)
        self.steps = torch.arange(examples.length, device=device)
        self.offsets = torch.tensor(examples.offsets, device=device)

    def __len__(self) -> int:
        return len(self.seen_from)

    def seen(self, index: Tensor) -> Tensor:
        """The windows at `index` (example, length, channel)."""
        return embedding(self.seen_from[index, None] + self.steps, self.inputs)

    def asked(self, index: Tensor) -> Tensor:
        """The targets at `index` (example, offset, target)."""
        return embedding(self.asked_from[index, None] + (self.steps[-1] + self.offsets), self.track)

    def dense(self, index: Tensor) -> Tensor:
        """The targets of every step of the windows at `index` (example, length, offset, target)."""
        steps = self.steps[:, None] + self.offsets
        return embedding(self.asked_from[index, None, None] + steps, self.track)

    def within(self, index: Tensor) -> Tensor:
        """The track at every step of the windows at `index` themselves, whatever the offsets (example, length, target)."""
        return embedding(self.asked_from[index, None] + self.steps, self.track)

    def tensors(self) -> tuple[Tensor, ...]:
        """Values and places, which are all that an answer rests on."""
        return self.inputs, self.track, self.seen_from, self.steps, self.offsets


def digest(parts: Sequence[Windows]) -> str:
    """Identifies the values and the windows, so that a checkpoint of other data is not resumed; what parts share is read once."""
    found = hashlib.sha256()
    sums: dict[int, bytes] = {}
    for tensor in (tensor for part in parts for tensor in part.tensors()):
        if id(tensor) not in sums:
            sums[id(tensor)] = hashlib.sha256(tensor.cpu().contiguous().numpy().data).digest()
        found.update(sums[id(tensor)])
    return found.hexdigest()


def standardised(parts: Sequence[Examples], device: torch.device) -> list[Windows]:
    """Windows of each part; values that parts share, or that are inputs and targets at once, are held once."""
    held: dict[tuple[int, bytes], Tensor] = {}

    def table(values: np.ndarray, mean: np.ndarray, sd: np.ndarray) -> Tensor:
        key = (id(values), np.concatenate([mean, sd]).tobytes())
        if key not in held:
            scaled = np.empty_like(values, dtype=np.float32)
            for trial in range(len(values)):  # one at a time: no second copy of a long recording in double precision
                scaled[trial] = standardised_single(values[trial], mean, sd)
            held[key] = torch.from_numpy(scaled.reshape(-1, scaled.shape[2])).to(device)
        return held[key]

    windows = []
    for part in parts:
        scale = scale_of(part)
        inputs = table(part.inputs.values, scale.mean, scale.sd)
        windows.append(Windows(part, inputs, table(part.track.values, scale.track_mean, scale.track_sd)))
    return windows


def _rows(examples: Examples, samples: int) -> np.ndarray:
    return examples.trial.astype(np.int64) * samples + examples.start
