"""Fit a network to examples: data on the device, modules seeded, the engine's loop around both.

Numbers are fitted by least squares, categories by cross-entropy (Bishop 2006, section 4.3.4).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal, cast

from torch import Tensor, nn
from torch.nn.functional import cross_entropy, mse_loss

from headroom.core.examples import Examples, Target
from headroom.core.protocols import Workspace
from headroom.networks.device import prepare
from headroom.networks.engine import Rows, optimise
from headroom.networks.fresh_noise import FreshNoise
from headroom.networks.run import Objective
from headroom.networks.training import Training
from headroom.networks.windows import Windows, digest, standardised

Measure = Callable[[Tensor, Tensor], Tensor]
"""The mean loss of answers given what was asked."""


def fit_network(
    build: Callable[[], nn.Module],
    train: Examples,
    valid: Examples,
    target: Target,
    training: Training,
    workspace: Workspace,
    settings: str,
    loss: Literal["last", "dense", "whole", "within"] = "last",
    *,
    fresh_noise: bool = False,
) -> tuple[nn.Module, Rows]:
    """The trained module, on the CPU, and the history.

    `build` makes the module, drawing its weights from the workspace's seed. Losses are mean squared errors in standardised
    units, or log losses of a category whose log-odds the module gives; dense training asks a causal module's `dense` for a
    prediction at every step, validation for the last one only; with "whole" validation asks at every step too. A module that has a
    `loss` of its own, given windows and what was asked, is trained on that; with "within" its `windowed_loss` is given the track at
    all of the window's steps, and validation scores the prediction that was asked for.
    `settings` is text that changes with the model's settings; `fresh_noise` draws the training examples' noise anew in every epoch.
    """
    device = prepare(workspace.device, workspace.seed, training.threads)
    module = build().to(device)
    seen, held = standardised((train, valid), device)
    measure = _log_loss if target.kind == "category" else mse_loss
    trained = _within(seen) if loss == "within" else _last(seen, measure) if loss == "last" else _dense(seen, measure)
    validated = _dense(held, measure) if loss == "whole" else _last(held, measure)
    identity = f"{settings} {digest((seen, held))}"
    if fresh_noise:
        trained = replace(trained, renew=FreshNoise(train, seen, workspace.seed))
    history = optimise(module, trained, validated, training, workspace, identity)
    return module.cpu().eval(), history


def _log_loss(answers: Tensor, asked: Tensor) -> Tensor:
    """Cross-entropy over the last axis, the classes."""
    return cross_entropy(answers.flatten(0, -2), asked.flatten(0, -2))


def _last(windows: Windows, measure: Measure) -> Objective:
    def loss(module: nn.Module, index: Tensor) -> Tensor:
        seen, asked, own = _seen(module, windows, index), windows.asked(index), getattr(module, "loss", None)
        return measure(module(*seen), asked) if own is None else cast(Tensor, own(*seen, asked))

    return Objective(len(windows), loss, windows.at_once)


def _dense(windows: Windows, measure: Measure) -> Objective:
    """A module that needs some samples before its first answer gives fewer steps than the window has."""

    def loss(module: nn.Module, index: Tensor) -> Tensor:
        answers = cast(Any, module).dense(*_seen(module, windows, index))
        return measure(answers, windows.dense(index)[:, -answers.shape[1] :])

    return Objective(len(windows), loss, windows.at_once)


def _within(windows: Windows) -> Objective:
    def loss(module: nn.Module, index: Tensor) -> Tensor:
        return cast(Tensor, cast(Any, module).windowed_loss(windows.seen(index), windows.within(index)))

    return Objective(len(windows), loss, windows.at_once)


def _seen(module: nn.Module, windows: Windows, index: Tensor) -> tuple[Tensor, ...]:
    """The windows, and their trials where what the module was given differs between trials."""
    seen = windows.seen(index)
    return (seen, windows.trial[index]) if getattr(module, "by_trial", False) else (seen,)
