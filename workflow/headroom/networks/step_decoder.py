"""Features of frames and the tasks on them as one network: which frame answers, which frames are trained, mixup."""

from dataclasses import dataclass
from typing import Literal, Protocol, cast

import torch
from torch import Tensor, nn

from headroom.core.errors import HeadroomError
from headroom.networks.tasks import Tasks

Reading = Literal["last", "mean", "moment"]


class Body(Protocol):
    """A module from windows (example, length, channel) to features of every frame (example, length, width)."""

    width: int

    def __call__(self, windows: Tensor) -> Tensor:
        """The features."""


@dataclass(frozen=True)
class Answering:
    """How the label of one moment is read off the features of all frames."""

    offset: int
    """From the window's last frame to the moment, 0 or negative."""
    reading: Reading
    """Off the last frame, the mean of all frames, or the frame of the moment itself."""
    many: bool
    """Whether every frame of the window is trained (many-to-many), or only what is asked for."""
    mixup: float
    """Both parameters of the beta distribution that windows are mixed by (Zhang et al. 2018); 0: they are not mixed."""
    hidden_neurons: float
    """Share of the channels that training hides, each for a whole window."""


class StepDecoder(nn.Module):
    """Log-odds of the label's classes.

    The activity that a head is trained on is the first principal component of the input: of the next frame where a network that sees
    no later frame is trained on all of them, else of the moment asked for, which is a linear function of the input and no prediction.
    """

    direction: Tensor

    def __init__(self, body: nn.Module, tasks: Tasks, direction: Tensor, answering: Answering) -> None:
        """`direction` (channel,) makes the activity, of SD 1, of a standardised frame."""
        super().__init__()
        self.body, self.tasks, self.answering = body, tasks, answering
        self.register_buffer("direction", direction)

    def forward(self, windows: Tensor) -> Tensor:
        """(example, 1, class) of windows (example, length, channel)."""
        return cast(Tensor, self.tasks.classes(self._read(self.body(windows))).unsqueeze(1))

    def windowed_loss(self, windows: Tensor, labels: Tensor) -> Tensor:
        """A scalar for windows and the labels of all their frames (example, length, class)."""
        how = self.answering
        if not how.mixup:
            return self._loss(windows, [(labels, 1.0)])
        share = float(torch.distributions.Beta(how.mixup, how.mixup).sample())
        partner = torch.randperm(len(windows), device=windows.device)
        mixed = share * windows + (1 - share) * windows[partner]
        return self._loss(mixed, [(labels, share), (labels[partner], 1 - share)])

    def attention_maps(self, windows: Tensor) -> Tensor:
        """(example, head, frame that asks, frame that is read); raises HeadroomError where the network has no attention."""
        found = getattr(self.body, "attention_weights", lambda windows: None)(windows)
        if found is None:
            raise HeadroomError("explain: this network has no attention; leave `attention` out for this model")
        return cast(Tensor, found)

    def _read(self, features: Tensor) -> Tensor:
        """(example, width) off (example, length, width)."""
        if self.answering.reading == "mean":
            return features.mean(dim=1)
        return features[:, -1 if self.answering.reading == "last" else self._moment(features)]

    def _some(self, windows: Tensor) -> Tensor:
        """The windows without the channels that are hidden while training; the others make up for them."""
        share = self.answering.hidden_neurons
        if not share or not self.training:
            return windows
        kept = torch.rand(len(windows), 1, windows.shape[2], device=windows.device) >= share
        return windows * kept / (1 - share)

    def _moment(self, frames: Tensor) -> int:
        return frames.shape[1] - 1 + self.answering.offset

    def _loss(self, windows: Tensor, wanted: list[tuple[Tensor, float]]) -> Tensor:
        """Of the labels (example, length, class), each with its share."""
        features, activity, how = self.body(self._some(windows)), windows @ self.direction, self.answering
        first, moment = 0, self._moment(windows)
        last = moment + 1
        if not how.many:
            features, first = self._read(features).unsqueeze(1), moment
            activity = activity[:, moment:last]
        elif how.reading == "last":  # a frame answers for the one `offset` before it
            features, activity = features[:, -how.offset :], activity[:, 1 - how.offset :]
        else:
            last = windows.shape[1]
        parts = [share * self.tasks.loss(features, labels[:, first:last], activity) for labels, share in wanted]
        return torch.stack(parts).sum()
