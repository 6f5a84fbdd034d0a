"""Measurement noise drawn anew for every epoch: a network then never sees the same recording twice, and cannot learn its noise."""

import numpy as np
import torch

from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples
from headroom.core.randomness import stream
from headroom.core.scaling import scale_of, standardised_single
from headroom.networks.windows import Windows


class FreshNoise:
    """Gives windows of training examples noise by (seed, epoch) in the place of their own, whatever ran before."""

    def __init__(self, examples: Examples, windows: Windows, seed: int) -> None:
        """Raises HeadroomError where the noise-free signal is unknown, or channels may share their noise."""
        signal, scale = examples.inputs, scale_of(examples)
        if signal.clean is None or signal.noise_sd is None:
            raise HeadroomError(
                "fresh_noise: found no noise-free signal beside the inputs; expected simulated data, or set fresh_noise: false"
            )
        if signal.noise_memory is not None and len(signal.channels) > 1:
            found = f"noise with a memory on {len(signal.channels)} channels"
            raise HeadroomError(f"fresh_noise: found {found}; expected one channel, such as the filtered source, or white noise")
        self.windows, self.seed, self.table = windows, seed, windows.inputs
        self.trials = np.unique(examples.trial)
        self.clean = standardised_single(signal.clean[self.trials], scale.mean, scale.sd)  # (trial, time, channel)
        self.sd = (signal.noise_sd / scale.sd).astype(np.float32)
        correlation = signal.noise_correlation()
        self.root = None if correlation is None else np.linalg.cholesky(correlation).astype(np.float32)

    def __call__(self, epoch: int) -> None:
        """The noise of this epoch."""
        white = stream(self.seed, "fresh noise", epoch).standard_normal(self.clean.shape, dtype=np.float32)
        noise = white if self.root is None else (white[..., 0] @ self.root.T)[..., None]
        table = self.table.clone()
        trials = table.view(-1, *self.clean.shape[1:])
        trials[torch.from_numpy(self.trials).to(table.device)] = torch.from_numpy(self.clean + self.sd * noise).to(table.device)
        self.windows.inputs = table
