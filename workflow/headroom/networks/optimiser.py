"""Adam and AdamW, fused where torch can, and their moments as named tensors."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from headroom.networks.training import Training

FUSED = ("cpu", "cuda")


def make_optimiser(module: nn.Module, training: Training) -> Optimizer:
    """The optimiser that the settings name, for all parameters of the module."""
    kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[training.optimiser]
    fused = next(module.parameters()).device.type in FUSED
    return kind(module.parameters(), lr=training.learning_rate, weight_decay=training.weight_decay, fused=fused)


def moments(optimiser: Optimizer) -> dict[str, Tensor]:
    """The optimiser's tensors, named by parameter number and role."""
    state = optimiser.state_dict()["state"]
    return {f"{number}.{role}": tensor for number, roles in state.items() for role, tensor in roles.items()}


def restore_moments(optimiser: Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """The inverse of `moments`; settings such as the learning rate stay as they are."""
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        number, role = name.split(".")
        state.setdefault(int(number), {})[role] = tensor
    optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})
