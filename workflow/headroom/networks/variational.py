"""A variational autoencoder (Kingma & Welling 2014): a Gaussian code of what is seen, from which all states are decoded."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import mse_loss

from headroom.networks.perceptron import flat, stack


class Variational(nn.Module):
    """An encoder that gives mean and log variance of the code, and a decoder; answers are those of the mean."""

    def __init__(self, place: tuple[int, int], inputs: int, hidden: Sequence[int], code: int, targets: int, beta: float) -> None:
        """`place` is (offset, reach); `hidden` are the layers of the encoder, of the decoder in reverse."""
        super().__init__()
        self.place, self.beta = place, beta
        self.encoder = stack((inputs, *hidden, 2 * code), nn.SiLU)
        self.decoder = stack((code, *reversed(hidden), targets), nn.SiLU)

    def forward(self, windows: Tensor) -> Tensor:
        """Answers (example, 1, target) to windows (example, length, channel)."""
        return self._decoded(self._encoded(windows)[0])

    def code(self, windows: Tensor) -> Tensor:
        """The mean of the code (example, unit)."""
        return self._encoded(windows)[0]

    def loss(self, windows: Tensor, asked: Tensor) -> Tensor:
        """Mean squared error of a drawn code's answer, and beta times the code's divergence from a standard normal [nats]."""
        mean, log_variance = self._encoded(windows)
        drawn = mean + (log_variance / 2).exp() * torch.randn_like(mean) if self.training else mean
        divergence = (log_variance.exp() + mean**2 - 1 - log_variance).sum(dim=-1).mean() / 2
        return mse_loss(self._decoded(drawn), asked) + self.beta * divergence

    def _encoded(self, windows: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_variance = self.encoder(flat(windows, self.place)).chunk(2, dim=-1)
        return mean, log_variance

    def _decoded(self, code: Tensor) -> Tensor:
        answers: Tensor = self.decoder(code).unsqueeze(1)
        return answers
