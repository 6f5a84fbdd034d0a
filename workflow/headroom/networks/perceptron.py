"""Linear layers with an activation between them (Rumelhart et al. 1986), on what lies about the moment asked for."""

from collections.abc import Sequence
from itertools import pairwise
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import mse_loss

from headroom.core.centred import about


class Perceptron(nn.Module):
    """All states from a flattened stretch; an autoencoder where one of its layers is a narrow linear code."""

    judged: Tensor | None

    def __init__(
        self,
        place: tuple[int, int],
        sizes: Sequence[int],
        activation: type[nn.Module],
        code: int | None = None,
        judged: Sequence[int] | None = None,
    ) -> None:
        """`place` is (offset, reach); `sizes` runs from the inputs to the targets; `judged` are the targets that training sees."""
        super().__init__()
        self.place = place
        self.layers = stack(sizes, activation, code)
        self.coded = None if code is None else 2 * code - 1  # layers up to the code: one linear and one activation for each before it
        self.register_buffer("judged", None if judged is None else torch.tensor(list(judged)), persistent=False)

    def forward(self, windows: Tensor) -> Tensor:
        """Answers (example, 1, target) to windows (example, length, channel)."""
        return cast(Tensor, self.layers(flat(windows, self.place)).unsqueeze(1))

    def code(self, windows: Tensor) -> Tensor:
        """The narrow layer's values (example, unit); raises AttributeError in a network without one."""
        if self.coded is None:
            raise AttributeError("this perceptron has no code")
        return cast(Tensor, self.layers[: self.coded](flat(windows, self.place)))

    def loss(self, windows: Tensor, asked: Tensor) -> Tensor:
        """Mean squared error of the targets that are judged: the others are never trained."""
        answers = self(windows)
        if self.judged is None:
            return mse_loss(answers, asked)
        return mse_loss(answers[..., self.judged], asked[..., self.judged])


def stack(sizes: Sequence[int], activation: type[nn.Module], code: int | None = None) -> nn.Sequential:
    """Linear layers between these sizes; no activation after the last one, nor after the layer of size number `code`."""
    layers: list[nn.Module] = []
    for number, (before, after) in enumerate(pairwise(sizes), start=1):
        layers.append(nn.Linear(before, after))
        layers += [] if number in (code, len(sizes) - 1) else [activation()]
    return nn.Sequential(*layers)


def flat(windows: Tensor, place: tuple[int, int]) -> Tensor:
    """(example, step x channel) about the moment asked for."""
    return windows[:, about(windows.shape[1], *place)].flatten(1)
