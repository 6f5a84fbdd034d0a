"""A trained network that predicts in physical units, on the CPU and with a fixed number of threads: the same bits anywhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Scale, Target
from headroom.core.prediction import Prediction
from headroom.core.protocols import Workspace
from headroom.core.scaling import VALUES_AT_ONCE, batches, pack, require_offsets, scale_of, standardised_single, unpack
from headroom.networks import explain as inside
from headroom.networks.engine import Rows
from headroom.networks.fitting import fit_network
from headroom.networks.training import Training

PREDICTION_BATCH = 2048
"""Most windows predicted at once: a recurrent layer holds many times what a window does."""
WEIGHTS = "weights."
LOOKED_AT = {"integrated_gradients": 16, "gates": 64, "hidden": 24, "attention": 256}
"""Test examples that an explanation rests on, spread over all of them."""
CODED = 400
"""Examples of the first test trial, one after the other, whose code is shown."""
ATTRIBUTED = 4
"""Targets whose inputs are weighed by integrated gradients, spread over all of them."""


class Trainable(Protocol):
    """Settings of a model that the engine trains."""

    @property
    def training(self) -> Training:
        """Optimiser and budget."""


@dataclass(frozen=True)
class NetworkFit:
    """A module from standardised windows (example, length, channel) to targets (example, offset, target), and its scale.

    Where the targets are the classes of a label, predictions are their probabilities.
    """

    name: str
    module: nn.Module
    scale: Scale
    offsets: np.ndarray  # (offset,)
    threads: int
    category: bool = False
    """Whether the module gives the log-odds of classes."""

    def predict(self, examples: Examples) -> Prediction:
        """(example, offset, target) in physical units."""
        require_offsets(self.name, examples, self.offsets)
        torch.set_num_threads(self.threads)
        shape = (0, len(self.offsets), len(self.scale.track_mean))
        with torch.inference_mode():
            parts = [
                self._answer(self._windows(examples, batch), examples, batch).numpy() for batch in batches(examples, _at_once(examples))
            ]
        return Prediction(np.concatenate([np.empty(shape), *parts]) * self.scale.track_sd + self.scale.track_mean)

    def sensitivity(self, examples: Examples) -> np.ndarray:
        """(target, length, channel): mean |d prediction of the first offset / d input| over the examples, physical units."""
        torch.set_num_threads(self.threads)
        total = np.zeros((len(self.scale.track_mean), examples.length, len(self.scale.mean)))
        for batch in batches(examples, _at_once(examples)):
            windows = self._windows(examples, batch).requires_grad_()
            answers = self._answer(windows, examples, batch)[:, 0].sum(dim=0)  # (target,)
            for target, answer in enumerate(answers):
                (gradient,) = torch.autograd.grad(answer, windows, retain_graph=target + 1 < len(answers))
                total[target] += gradient.abs().sum(dim=0).double().numpy()
        return total / len(examples) * self.scale.track_sd[:, None, None] / self.scale.sd

    def explain(self, examples: Examples, what: str) -> inside.Found:
        """What `networks/explain.py` finds under this name; attributions are in physical units, states and weights have none."""
        torch.set_num_threads(self.threads)
        if what == "filters":
            return inside.filters(self.module)
        if what == "graph":
            return inside.graph(self.module)
        if what == "code":
            return self._code(examples)
        if what not in LOOKED_AT:
            raise HeadroomError(f"explain: found {what!r}; expected one of {', '.join([*LOOKED_AT, 'filters', 'graph', 'code'])}")
        index = np.linspace(0, len(examples) - 1, min(LOOKED_AT[what], len(examples))).astype(int)
        windows = self._windows(examples.take(index), slice(None))
        if what == "integrated_gradients":
            return self._attributions(windows, examples)
        with torch.no_grad():
            return {"gates": inside.mean_gates, "hidden": inside.hidden, "attention": inside.attention}[what](self.module, windows)

    def _code(self, examples: Examples) -> inside.Found:
        first = examples.take(np.flatnonzero(examples.trial == examples.trial.min())[:CODED])
        with torch.no_grad():
            return inside.code(self.module, self._windows(first, slice(None)))

    def _attributions(self, windows: Tensor, examples: Examples) -> inside.Found:
        names = examples.track.channels
        chosen = np.unique(np.linspace(0, len(names) - 1, ATTRIBUTED).astype(int)).tolist()
        found = inside.integrated_gradients(self.module, windows, chosen)
        return {names[target]: value * self.scale.track_sd[target] for target, value in found.items()}

    def state(self) -> dict[str, np.ndarray]:
        """Weights, scale and offsets."""
        weights = {WEIGHTS + name: tensor.numpy() for name, tensor in self.module.state_dict().items()}
        return {**weights, "offsets": self.offsets, "category": np.array(self.category), **pack(self.scale)}

    def _answer(self, windows: Tensor, examples: Examples, batch: slice) -> Tensor:
        trial = (torch.from_numpy(examples.origin()[0][batch].astype(np.int64)),) if getattr(self.module, "by_trial", False) else ()
        answers = self.module(windows, *trial).double()
        return torch.softmax(answers, dim=-1) if self.category else answers

    def _windows(self, examples: Examples, batch: slice) -> Tensor:
        return torch.from_numpy(standardised_single(examples.windows(batch), self.scale.mean, self.scale.sd))


def fit_to(
    name: str,
    build: Callable[[], nn.Module],
    train: Examples,
    valid: Examples,
    target: Target,
    model: Trainable,
    workspace: Workspace,
    loss: Literal["last", "dense", "within"],
    *,
    fresh_noise: bool = False,
) -> tuple[NetworkFit, Rows]:
    """The trained network and its history; `model` is the settings, whose every field is part of the fit's identity."""
    module, history = fit_network(build, train, valid, target, model.training, workspace, repr(model), loss, fresh_noise=fresh_noise)
    category = target.kind == "category"
    return NetworkFit(name, module, scale_of(train), np.array(train.offsets), model.training.threads, category), history


def _at_once(examples: Examples) -> int:
    return min(PREDICTION_BATCH, max(1, VALUES_AT_ONCE // (examples.length * len(examples.inputs.channels))))


def weights_of(state: Mapping[str, np.ndarray]) -> dict[str, Tensor]:
    """The module's state dict in a fit's state."""
    return {name.removeprefix(WEIGHTS): torch.from_numpy(np.array(value)) for name, value in state.items() if name.startswith(WEIGHTS)}


def restored(name: str, module: nn.Module, state: Mapping[str, np.ndarray], threads: int) -> NetworkFit:
    """The fit that `NetworkFit.state` was taken of, in a module of the same settings."""
    module.load_state_dict(weights_of(state))
    return NetworkFit(name, module.eval(), unpack(state), state["offsets"], threads, bool(state["category"]))
