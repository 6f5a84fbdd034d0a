"""Fitted models as ONNX graphs, from windows to predictions in physical units. The scale lies inside the graph.

Windows and predictions are float64, as in the pipeline; a network inside works in float32, as it was trained.
"""

import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Scale
from headroom.core.files import atomic
from headroom.core.protocols import Affine, Fitted
from headroom.networks.fitted import NetworkFit

INPUT, PREDICTION, PROBABILITIES = "window", "prediction", "probabilities"
NEEDED = ("onnx", "onnxscript")
TOLERANCE = 1e-4
"""Largest difference between graph and model, in SDs of the targets (probabilities: as they are)."""
COMPARED = 64
"""Windows that graph and model are compared on."""


class Physical(nn.Module):
    """A network between the scale of its inputs and that of its targets."""

    mean: Tensor
    sd: Tensor
    track_mean: Tensor
    track_sd: Tensor

    def __init__(self, network: nn.Module, scale: Scale, category: bool) -> None:
        super().__init__()
        self.network, self.category = network, category
        for name in ("mean", "sd", "track_mean", "track_sd"):
            self.register_buffer(name, torch.from_numpy(np.array(getattr(scale, name), dtype=float)))

    def forward(self, windows: Tensor) -> Tensor:
        """Predictions (example, offset, target) of windows (example, length, channel), physical units."""
        answers = self.network(((windows - self.mean) / self.sd).float()).double()
        return torch.softmax(answers, dim=-1) if self.category else answers * self.track_sd + self.track_mean


class Weighted(nn.Module):
    """A weighted sum of the window."""

    weights: Tensor
    constant: Tensor

    def __init__(self, weights: np.ndarray, constant: np.ndarray) -> None:
        super().__init__()
        self.shape = constant.shape
        self.register_buffer("weights", torch.from_numpy(np.array(weights.reshape(constant.size, -1).T, order="C")))
        self.register_buffer("constant", torch.from_numpy(np.array(constant.ravel())))

    def forward(self, windows: Tensor) -> Tensor:
        """Predictions (example, offset, target) of windows (example, length, channel), physical units."""
        return (windows.flatten(1) @ self.weights + self.constant).unflatten(1, self.shape)


def exportable(fitted: Fitted) -> bool:
    """Whether a model is a network that sees nothing but the window, or linear."""
    return _is_network(fitted) or isinstance(fitted, Affine)


def _is_network(fitted: Fitted) -> bool:
    return isinstance(fitted, NetworkFit) and not getattr(fitted.module, "by_trial", False)


def in_physical_units(fitted: Fitted, length: int) -> nn.Module:
    """An exportable model as a module on windows of `length` samples."""
    if isinstance(fitted, Affine):
        return Weighted(*fitted.affine(length)).eval()
    assert isinstance(fitted, NetworkFit)
    return Physical(fitted.module, fitted.scale, fitted.category).eval()


def write(path: Path, fitted: Fitted, examples: Examples, notes: Mapping[str, str], category: bool) -> float | None:
    """One ONNX file, any number of windows at once; the largest difference from the model, None where onnxruntime is not there.

    Raises HeadroomError, and writes nothing, where onnx is missing or the graph answers differently.
    """
    missing = [package for package in NEEDED if find_spec(package) is None]
    if missing:
        raise HeadroomError(f"{path}: writing ONNX needs the package {missing[0]}; `make extras` installs it")
    module = in_physical_units(fitted, examples.length)
    proto = _graph(module, examples, PROBABILITIES if category else PREDICTION)
    for key, value in notes.items():
        proto.metadata_props.add(key=key, value=value)
    content = proto.SerializeToString()
    difference = _difference(content, fitted, examples) if find_spec("onnxruntime") else None
    if difference is not None and not difference <= TOLERANCE:
        raise HeadroomError(f"{path}: the ONNX graph differs from the model by {difference:.2g} SD, above {TOLERANCE:g}; nothing written")
    with atomic(path) as temporary:
        temporary.write_bytes(content)
    return difference


def _graph(module: nn.Module, examples: Examples, output: str) -> Any:
    import onnx

    batch = torch.export.Dim("batch")
    windows = torch.from_numpy(examples.windows(slice(0, 2)).astype(float))
    named: dict[str, Any] = {"input_names": [INPUT], "output_names": [output], "dynamic_shapes": ({0: batch},)}
    with _quiet():
        program = torch.onnx.export(module, (windows,), dynamo=True, verbose=False, **named)
    assert program is not None
    proto = program.model_proto
    onnx.checker.check_model(proto)
    return proto


def _difference(content: bytes, fitted: Fitted, examples: Examples) -> float:
    """Over windows from all of the examples, together and one alone."""
    from onnxruntime import InferenceSession

    chosen = examples.take(np.linspace(0, len(examples) - 1, min(COMPARED, len(examples))).astype(int))
    session = InferenceSession(content, providers=["CPUExecutionProvider"])
    expected = fitted.predict(chosen).point
    windows = chosen.windows().astype(float)
    parts = [session.run(None, {INPUT: windows})[0] - expected, session.run(None, {INPUT: windows[:1]})[0] - expected[:1]]
    scale = chosen.scale.track_sd if chosen.scale is not None else 1.0
    return float(max(np.abs(part / scale).max() for part in parts))


@contextmanager
def _quiet() -> Iterator[None]:
    """torch's exporter warns of its own internals."""
    log = logging.getLogger("torch.onnx")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(level)
