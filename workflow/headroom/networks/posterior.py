"""Neural posterior estimation (Papamakarios and Murray 2016): a conditional density of parameters, by the networks of the package sbi.

Either a neural spline flow (Durkan et al. 2019) or flow matching (Lipman et al. 2023). Parameters are moved from their box to the whole
line by a logit, so no draw leaves the box. The density is trained by our engine, not by sbi's: it resumes, and takes fresh noise.
"""

from math import pi, sqrt
from typing import Any, Literal, cast

import torch
from torch import Tensor, nn

from headroom.networks.evoked import Described
from headroom.networks.perceptron import stack

Flow = Literal["spline", "matching"]
EDGE = 1e-5
"""Share of a range next to its ends that counts as the ends."""
UNIT = pi / sqrt(3)
"""SD of the logit of what is uniform."""
STEPS = 12
"""Of the integration of a matched flow, by the midpoint rule."""


class Posterior(nn.Module):
    """Components in units of their noise, a perceptron that embeds them, and a density of the parameters given these."""

    bounds: Tensor
    scale: Tensor

    def __init__(self, bounds: Tensor, scale: Tensor, components: int, hidden: int, embedded: int, transforms: int, flow: Flow) -> None:
        """`bounds` (target, 2) are the prior's box and `scale` (2, target) the targets' mean and SD, in which they are asked."""
        super().__init__()
        self.register_buffer("bounds", bounds)
        self.register_buffer("scale", scale)
        self.described = Described(components)
        self.embed = stack((self.described.size, 2 * hidden, 2 * hidden, embedded), nn.SiLU)
        self.flow = flow
        self.density = _density(flow, embedded, len(bounds), hidden, transforms)

    def loss(self, windows: Tensor, asked: Tensor) -> Tensor:
        """Mean negative log density of what was asked (example, 1, target), or the squared error of the velocities that a flow matches."""
        seen, wanted = self.enter(windows), self.unbounded(asked[:, 0])
        if self.training:
            return cast(Tensor, self.density.loss(wanted, seen).mean())
        with torch.random.fork_rng(devices=[]):  # matching draws moments: the same ones at every validation
            torch.manual_seed(0)
            return cast(Tensor, self.density.loss(wanted, seen).mean())

    def enter(self, windows: Tensor) -> Tensor:
        """What the density is given (example, embedded) of components (example, 1, component)."""
        return cast(Tensor, self.embed(self.described(windows[:, 0])))

    def unbounded(self, asked: Tensor) -> Tensor:
        """Logits of standardised targets (example, target), in units of the logit's SD under a uniform prior."""
        low, high = self.bounds.T
        share = (asked * self.scale[1] + self.scale[0] - low) / (high - low)
        return torch.logit(share.clamp(EDGE, 1 - EDGE)) / UNIT

    def bounded(self, logits: Tensor) -> Tensor:
        """Targets (..., target) in their units."""
        low, high = self.bounds.T
        return low + (high - low) * torch.sigmoid(logits * UNIT)

    def draw(self, windows: Tensor, draws: int, generator: torch.Generator) -> Tensor:
        """Draws (draw, example, target) in physical units."""
        if self.flow == "spline":
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(int(torch.randint(2**62, (), generator=generator)))
                return self.bounded(self.density.sample((draws,), self.enter(windows)))
        values = torch.randn((draws, len(windows), len(self.bounds)), generator=generator)
        return self.bounded(self._flown(values, self.enter(windows)))

    def _flown(self, values: Tensor, embedded: Tensor) -> Tensor:
        """Where the flow takes normal values (draw, example, target) from time 1 back to 0."""
        each = embedded.expand(len(values), *embedded.shape).flatten(0, 1)
        at = values.flatten(0, 1)
        for step in range(STEPS):
            time = 1 - step / STEPS
            middle = at - self._velocity(at, each, time) / (2 * STEPS)
            at = at - self._velocity(middle, each, time - 0.5 / STEPS) / STEPS
        return at.unflatten(0, values.shape[:2])

    def _velocity(self, at: Tensor, embedded: Tensor, time: float) -> Tensor:
        """As FlowMatchingEstimator.forward of sbi, without embedding anew at every step."""
        density = self.density
        times = torch.full((len(at),), time)
        mean, sd = density._get_time_dependent_stats(times)
        shift, size = density._get_velocity_normalization()
        return cast(Tensor, density.net((at - mean) / sd, embedded, times) * size + shift)


def _density(flow: Flow, inputs: int, targets: int, hidden: int, transforms: int) -> Any:
    """sbi's estimator; it is shown examples for their sizes, and standardises nothing, which the logit and the embedding have done."""
    from sbi.neural_nets import posterior_flow_nn, posterior_nn

    plain: dict[str, Literal["none"]] = {"z_score_theta": "none", "z_score_x": "none"}
    some = torch.randn(32, targets), torch.randn(32, inputs)
    if flow == "spline":
        build = posterior_nn("nsf", hidden_features=hidden, num_transforms=transforms, tail_bound=4.0, **plain)
    else:
        build = posterior_flow_nn("mlp", hidden_features=2 * hidden, num_layers=transforms, **plain)
    return build(*some)
