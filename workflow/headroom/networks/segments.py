"""Networks that read whole trials, segment by segment: trained at every sample, asked at some.

Segments overlap by half. Each moment is answered by the segment whose middle is nearest, so that it has at least a quarter of a
segment on either side, or all there is of the trial.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import torch
from torch import nn

from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Scale, Target
from headroom.core.prediction import Prediction
from headroom.core.protocols import Workspace
from headroom.core.scaling import pack, require_offsets, scale_of, unpack
from headroom.networks.engine import Rows
from headroom.networks.fitted import WEIGHTS, Trainable, weights_of
from headroom.networks.fitting import fit_network


@dataclass(frozen=True)
class SegmentFit:
    """A module from standardised segments (segment, length, channel) to targets (segment, length, 1, target), and its scale."""

    name: str
    module: nn.Module
    scale: Scale
    offsets: np.ndarray  # (1,)
    length: int
    """Samples in a segment."""
    threads: int

    def predict(self, examples: Examples) -> Prediction:
        """(example, 1, target) in physical units, from the whole trial of each example; raises HeadroomError for a shorter trial."""
        require_offsets(self.name, examples, self.offsets)
        torch.set_num_threads(self.threads)
        moments = examples.last + self.offsets[0]
        point = np.empty((len(examples), 1, len(self.scale.track_mean)))
        for trial in np.unique(examples.trial):
            mine = np.flatnonzero(examples.trial == trial)
            point[mine, 0] = self._whole(examples.inputs.values[trial])[moments[mine]]
        return Prediction(point * self.scale.track_sd + self.scale.track_mean)

    def state(self) -> dict[str, np.ndarray]:
        """Weights, scale, offsets and the length of a segment."""
        weights = {WEIGHTS + name: tensor.numpy() for name, tensor in self.module.state_dict().items()}
        return {**weights, "offsets": self.offsets, "length": np.array(self.length), **pack(self.scale)}

    def _whole(self, values: np.ndarray) -> np.ndarray:
        """Standardised answers (time, target) to a trial (time, channel)."""
        if len(values) < self.length:
            raise HeadroomError(f"{self.name}: a trial has {len(values)} samples, and segments have {self.length}; give longer trials")
        starts = _starts(0, len(values), self.length)
        segments = ((values - self.scale.mean) / self.scale.sd)[starts[:, None] + np.arange(self.length)]
        with torch.inference_mode():
            answers = cast(Any, self.module).dense(torch.from_numpy(segments.astype(np.float32)))[:, :, 0].double().numpy()
        time = np.arange(len(values))
        nearest = np.searchsorted((starts[1:] + starts[:-1] + self.length) / 2, time, side="right")
        return np.asarray(answers[nearest, time - starts[nearest]])


def fit_segments(
    name: str,
    build: Callable[[], nn.Module],
    parts: tuple[Examples, Examples],
    target: Target,
    model: Trainable,
    workspace: Workspace,
    longest: int,
    frame: int,
) -> tuple[SegmentFit, Rows]:
    """The network trained on segments of the training examples' stretches, `longest` samples or what these allow, and its history.

    Raises HeadroomError where a trial's examples leave gaps: what lies in these belongs to another part.
    """
    lengths = [min(longest, _shortest(name, part)) // frame * frame for part in parts if len(part)]
    if not all(lengths):
        raise HeadroomError(f"{name}: a stretch of the examples is shorter than a frame of {frame} samples; give longer trials")
    cut = [_segments(part, length) for part, length in zip(parts, [*lengths, frame], strict=False)]
    module, history = fit_network(build, cut[0], cut[1], target, model.training, workspace, repr(model), "whole")
    return SegmentFit(name, module, scale_of(parts[0]), np.array(parts[0].offsets), lengths[0], model.training.threads), history


def restored_segments(name: str, module: nn.Module, state: Mapping[str, np.ndarray], threads: int) -> SegmentFit:
    """The fit that `SegmentFit.state` was taken of, in a module of the same settings."""
    module.load_state_dict(weights_of(state))
    return SegmentFit(name, module.eval(), unpack(state), state["offsets"], int(state["length"].item()), threads)


def _stretches(examples: Examples) -> list[tuple[int, int, int]]:
    """Trial, first sample and end of what the examples of each trial span."""
    found = []
    for trial in np.unique(examples.trial):
        start = examples.start[examples.trial == trial]
        found.append((int(trial), int(start.min()), int(start.max()) + examples.length))
    return found


def _shortest(name: str, examples: Examples) -> int:
    order = np.lexsort((examples.start, examples.trial))
    steps = np.diff(examples.start[order])[np.diff(examples.trial[order]) == 0]
    if len(steps) and steps.max() > steps.min():
        raise HeadroomError(f"{name}: the examples of a trial leave gaps, which other parts may hold; use by_trial, by_block or whole")
    return min(end - first for _, first, end in _stretches(examples))


def _segments(examples: Examples, length: int) -> Examples:
    """Segments with a target at every sample, overlapping by half."""
    pairs = [(trial, start) for trial, first, end in _stretches(examples) for start in _starts(first, end, length)]
    trial, start = np.array(pairs, dtype=int).reshape(-1, 2).T
    return replace(examples, trial=trial, start=start, length=length, offsets=(0,), context={})


def _starts(first: int, end: int, length: int) -> np.ndarray:
    """Where segments start that overlap by half and cover the stretch; the last one ends with it."""
    return np.unique(np.append(np.arange(first, end - length + 1, max(1, length // 2)), end - length))
