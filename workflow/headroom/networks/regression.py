"""Fit a network to examples by least squares: data on the device, modules seeded, the engine's loop around both."""

from collections.abc import Callable
from typing import Any, Literal, cast

from torch import Tensor, nn
from torch.nn.functional import mse_loss

from headroom.core.examples import Examples
from headroom.core.protocols import Workspace
from headroom.networks.device import prepare
from headroom.networks.engine import Rows, optimise
from headroom.networks.run import Objective
from headroom.networks.training import Training
from headroom.networks.windows import Windows, standardised


def regress(
    build: Callable[[], nn.Module],
    train: Examples,
    valid: Examples,
    training: Training,
    workspace: Workspace,
    settings: str,
    loss: Literal["last", "dense"] = "last",
) -> tuple[nn.Module, Rows]:
    """The trained module, on the CPU, and the history.

    `build` makes the module, drawing its weights from the workspace's seed. Losses are mean squared errors in standardised
    units; dense training asks a causal module's `dense` for a prediction at every step, validation for the last one only.
    `settings` is text that changes with the model's settings.
    """
    device = prepare(workspace.device, workspace.seed, training.threads)
    module = build().to(device)
    seen, held = standardised((train, valid), device)
    objectives = (_dense(seen) if loss == "dense" else _last(seen), _last(held))
    identity = " ".join((settings, seen.digest(), held.digest()))
    history = optimise(module, *objectives, training, workspace, identity)
    return module.cpu().eval(), history


def _last(windows: Windows) -> Objective:
    def loss(module: nn.Module, index: Tensor) -> Tensor:
        return mse_loss(module(windows.seen(index)), windows.asked(index))

    return Objective(len(windows), loss)


def _dense(windows: Windows) -> Objective:
    def loss(module: nn.Module, index: Tensor) -> Tensor:
        return mse_loss(cast(Any, module).dense(windows.seen(index)), windows.dense(index))

    return Objective(len(windows), loss)
