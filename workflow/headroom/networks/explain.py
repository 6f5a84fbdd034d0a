"""What a trained network rests on, each answer computed from its weights and its states; nothing in here is a constant."""

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn

from headroom.core.errors import HeadroomError

Found = Mapping[str, np.ndarray]
"""Named matrices (row, column)."""
COMPONENTS = 3
STEPS = 24
"""Points of the path that integrated gradients are averaged over."""


def integrated_gradients(module: nn.Module, windows: Tensor, targets: list[int]) -> dict[int, np.ndarray]:
    """Mean |attribution| (length, channel) of the first offset's prediction of each target, standardised units.

    Sundararajan et al. 2017, by captum; the path starts at the mean of every channel (zero). A gradient on it is evaluated by
    Gauss-Legendre quadrature, so that attributions sum to the prediction's change along the path.
    """
    from captum.attr import IntegratedGradients

    method = IntegratedGradients(lambda seen: module(seen)[:, 0])
    found = {}
    for target in targets:
        parts = method.attribute(windows, target=target, n_steps=STEPS, internal_batch_size=128)
        found[target] = parts.abs().mean(dim=0).double().numpy()
    return found


def gates(module: nn.Module, windows: Tensor) -> dict[str, Tensor]:
    """Activations (example, length, unit) of the gates of the first LSTM layer, and its `state`, worked out from its weights.

    The order of the weights' blocks is torch's: input, forget, cell, output. Raises HeadroomError where the network has no LSTM.
    """
    layers, seen = _recurrence(module), _entering(module, windows)
    inputs = seen @ layers.weight_ih_l0.T + layers.bias_ih_l0 + layers.bias_hh_l0  # (example, length, 4 x unit)
    hidden = cell = windows.new_zeros(len(windows), layers.hidden_size)
    kept: dict[str, list[Tensor]] = {name: [] for name in ("input", "forget", "cell", "output", "state")}
    for step in range(windows.shape[1]):
        raw = (inputs[:, step] + hidden @ layers.weight_hh_l0.T).chunk(4, dim=1)
        opened, kept_share, new, shown = raw[0].sigmoid(), raw[1].sigmoid(), raw[2].tanh(), raw[3].sigmoid()
        cell = kept_share * cell + opened * new
        hidden = shown * cell.tanh()
        for name, values in zip(kept, (opened, kept_share, new, shown, hidden), strict=True):
            kept[name].append(values)
    return {name: torch.stack(values, dim=1) for name, values in kept.items()}


def mean_gates(module: nn.Module, windows: Tensor) -> Found:
    """Each gate's mean activation over examples (length, unit)."""
    return {name: values.mean(dim=0).double().numpy() for name, values in gates(module, windows).items() if name != "state"}


def hidden(module: nn.Module, windows: Tensor) -> Found:
    """Principal components of the LSTM's last layer over the windows (length, example); `rest` is the distance from their plane."""
    states = _recurrence(module)(_entering(module, windows))[0].double().numpy()  # (example, length, unit)
    flat = states.reshape(-1, states.shape[2])
    centred = flat - flat.mean(axis=0)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:COMPONENTS]
    axes *= np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])[:, None]  # the sign of a component is arbitrary
    along = centred @ axes.T
    rest = np.linalg.norm(centred - along @ axes, axis=1)
    shape = states.shape[:2]
    found = {f"component {number + 1}": values.reshape(shape).T for number, values in enumerate(along.T)}
    return found | {"rest": rest.reshape(shape).T}


def code(module: nn.Module, windows: Tensor) -> Found:
    """What an autoencoder's narrow layer holds of each window (example, unit); raises HeadroomError where the network has none."""
    try:
        held = cast(Any, module).code(windows)
    except AttributeError as error:
        raise HeadroomError("explain: found no code in this network; only autoencoders have one: leave `code` out") from error
    return {"code": held.double().numpy()}


def attention(module: nn.Module, windows: Tensor) -> Found:
    """Each head's weights, meaned over the windows (frame that asks, frame that is read); raises HeadroomError without attention."""
    try:
        maps = cast(Any, module).attention_maps(windows)
    except AttributeError as error:
        raise HeadroomError(f"explain: {type(module).__name__} has no attention; leave `attention` out for this model") from error
    return {f"head {number + 1}": values.double().numpy() for number, values in enumerate(maps.mean(dim=0))}


def filters(module: nn.Module) -> Found:
    """Root mean square over units of the weights: of every convolution (input, tap), of an LSTM's inputs (gate, channel), of own lags.

    Raises HeadroomError where the network has none of these.
    """
    found = {}
    for name, part in module.named_modules():
        if isinstance(part, nn.Conv1d):
            found[name] = _rms(part.weight)
        elif isinstance(part, nn.LSTM):
            found[f"{name} (input, forget, cell, output)"] = _rms(cast(Tensor, part.weight_ih_l0).unflatten(0, (4, -1)).transpose(0, 1))
    own = getattr(module, "own", None)
    if isinstance(own, nn.Linear):
        found["own lags"] = _rms(own.weight[:, None])
    if not found:
        raise HeadroomError(f"explain: {type(module).__name__} has no filters; leave `filters` out for this model")
    return found


def graph(module: nn.Module) -> Found:
    """The learnt connections (target, source); raises HeadroomError where the network learns none."""
    weights = getattr(getattr(module, "messages", None), "weights", None)
    if not isinstance(weights, nn.Parameter):
        raise HeadroomError(f"explain: {type(module).__name__} learns no graph; leave `graph` out for this model")
    return {"weights": weights[0].detach().double().numpy()}


def _rms(weights: Tensor) -> np.ndarray:
    return np.asarray(weights.detach().double().square().mean(dim=0).sqrt().numpy())


def _recurrence(module: nn.Module) -> Any:
    for part in module.children():
        if isinstance(part, nn.LSTM):
            return part
    raise HeadroomError(f"explain: {type(module).__name__} has no LSTM; leave `gates` and `hidden` out for this model")


def _entering(module: nn.Module, windows: Tensor) -> Tensor:
    """What the LSTM reads: the windows, or what the convolutions before it make of them."""
    convolutions: Any = getattr(module, "convolutions", None)
    return windows if convolutions is None else cast(Tensor, convolutions(windows))
