"""Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019) by torch's own kernels, with their moments as named tensors.

torch's optimiser classes load its compiler when they are first made, a second of CPU time for every job; the functions behind
them do not, and give the same bits.
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.optim.adam import adam

from headroom.networks.training import Training

FUSED = ("cpu", "cuda")
BETAS = (0.9, 0.999)
EPSILON = 1e-8


class Adam:
    """Steps of one optimiser over all parameters of a module."""

    def __init__(self, module: nn.Module, training: Training) -> None:
        self.parameters = [parameter for parameter in module.parameters() if parameter.requires_grad]
        self.training = training
        self.fused = self.parameters[0].device.type in FUSED
        self.first = [torch.zeros_like(parameter) for parameter in self.parameters]
        self.second = [torch.zeros_like(parameter) for parameter in self.parameters]
        self.steps = [torch.zeros((), device=parameter.device if self.fused else "cpu") for parameter in self.parameters]

    def clear(self) -> None:
        """Forget the gradients."""
        for parameter in self.parameters:
            parameter.grad = None

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """Move every parameter that has a gradient by it, at this learning rate."""
        gradients = {number: parameter.grad for number, parameter in enumerate(self.parameters) if parameter.grad is not None}
        lists = (self.parameters, self.first, self.second, self.steps)
        parameters, first, second, steps = ([tensors[number] for number in gradients] for tensors in lists)
        adam(
            parameters, list(gradients.values()), first, second, [], steps,
            fused=self.fused, amsgrad=False, maximize=False, beta1=BETAS[0], beta2=BETAS[1], eps=EPSILON, lr=rate,
            weight_decay=self.training.weight_decay, decoupled_weight_decay=self.training.optimiser == "adamw",
        )  # fmt: skip


def moments(optimiser: Adam) -> dict[str, Tensor]:
    """The optimiser's tensors, named by parameter number and role."""
    roles = {"first": optimiser.first, "second": optimiser.second, "step": optimiser.steps}
    return {f"{number}.{role}": tensor for role, tensors in roles.items() for number, tensor in enumerate(tensors)}


def restore_moments(optimiser: Adam, tensors: Mapping[str, Tensor]) -> None:
    """The inverse of `moments`; nothing changes where there are none."""
    for name, own in moments(optimiser).items():
        if name in tensors:
            own.copy_(tensors[name])
