"""The published CNN-LSTM for membrane voltages, its described variant, its controls and its ablations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Lt, MinLen

from headroom.core.examples import Examples, Kind, Target
from headroom.core.protocols import Role, Workspace
from headroom.core.randomness import stream
from headroom.core.scaling import require_same_channels
from headroom.core.settings import settings
from headroom.networks.training import Training

if TYPE_CHECKING:
    from headroom.core.shape import DataShape
    from headroom.networks.convolutional_lstm import ConvolutionalLstm
    from headroom.networks.fitted import NetworkFit

Part = Literal["convolution", "recurrence", "residual"]


@settings
class CnnLstm:
    """At its defaults the published network: 2,188,168 parameters for 100 channels, a window of 150 samples and one horizon."""

    role: ClassVar[Role] = "model"
    seeded: ClassVar[bool] = True
    answers: ClassVar[tuple[Kind, ...]] = ("ahead",)
    variant: Literal["published", "described"] = "published"
    """As its code had it (kernels in a row, added to the input), or as its text did (in parallel, beside the input, both directions)."""
    hidden: Annotated[int, Ge(1)] = 384
    """Units of each of the two LSTM layers."""
    kernels: Annotated[tuple[Annotated[int, Ge(1)], ...], MinLen(1)] = (3, 5)
    """Widths over the channel index [channels]; (1, 1) is the control that sees no neighbours."""
    shuffle_neurons: bool = False
    """Whether the kernels see the channels in a random order: the control for neighbourhoods that mean nothing."""
    without: tuple[Part, ...] = ()
    """Parts that are left out, for ablations."""
    convolution_dropout: Annotated[float, Ge(0), Lt(1)] = 0.1
    """Share of the convolutions' feature maps that training leaves out."""
    dropout: Annotated[float, Ge(0), Lt(1)] = 0.25
    """Share of the states between the LSTM layers that training leaves out."""
    training: Training = Training(
        learning_rate=3e-3,
        weight_decay=1e-4,
        clip=1.0,
        epochs=200,
        schedule="plateau",
        warmup_epochs=5,
        plateau_factor=0.7,
        plateau_patience=3,
        patience=20,
    )
    """Optimiser and budget; the defaults are the published ones."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        return [f"training: {problem}" for problem in self.training.problems()]

    def work(self, data: DataShape) -> float:
        """Multiply-adds of the answer to one example."""
        both = 2 if self.variant == "described" else 1
        wide = data.channels * (1 + len(self.kernels)) if both == 2 else data.channels
        convolutions = 0 if "convolution" in self.without else data.length * data.channels * sum(self.kernels)
        recurrence = 0 if "recurrence" in self.without else 4 * self.hidden * both * (wide + (2 + both) * self.hidden)
        return data.length * (convolutions + recurrence) + both * self.hidden * data.answers

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple[NetworkFit, list[dict[str, float]]]:
        """Trained on the last step of every window, one row per validation; raises HeadroomError where targets are not the inputs."""
        from headroom.networks.fitted import fit_to

        require_same_channels("cnn_lstm", train)
        shape = train.length, len(train.inputs.channels), len(train.offsets)
        return fit_to("cnn_lstm", lambda: self._module(shape), train, valid, target, self, workspace, "last")

    def restore(self, state: Mapping[str, np.ndarray]) -> NetworkFit:
        """The fit that was saved."""
        from headroom.networks.fitted import restored

        kernels = state.get("weights.convolutions.layers.0.0.weight")
        length = kernels.shape[0] if kernels is not None else 1
        module = self._module((length, len(state["scale.mean"]), len(state["offsets"])))
        return restored("cnn_lstm", module, state, self.training.threads)

    def _module(self, shape: tuple[int, int, int]) -> ConvolutionalLstm:
        import torch

        from headroom.networks.convolutional_lstm import ConvolutionalLstm

        order = torch.from_numpy(stream(0, "cnn_lstm", "neurons").permutation(shape[1])) if self.shuffle_neurons else None
        dropouts = self.convolution_dropout, self.dropout
        return ConvolutionalLstm(shape, self.hidden, self.variant, self.kernels, dropouts, self.without, order)
