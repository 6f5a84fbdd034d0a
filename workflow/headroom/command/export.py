"""`headroom export`: a trained model as an ONNX file, for programs that have never heard of Headroom."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from headroom.command._arguments import add_configuration
from headroom.command._choosing import add_model
from headroom.core.errors import HeadroomError

if TYPE_CHECKING:
    from headroom.command._trained import Trained
    from headroom.core.dataset import Dataset

SUMMARY = "write a trained model as an ONNX file"
DESCRIPTION = """Write a trained network or linear forecaster as ONNX. Its input `window` (batch, length, channel) and its output
`prediction` (batch, offset, target) are in physical units, float64; a decoder's output is `probabilities` (batch, offset, class).
Channels, sampling interval, unit, offsets and targets stand in the file's metadata. The file is run by onnxruntime and compared
with the model before it gets its name. Needs the extra packages of `make extras`."""
EXAMPLES = """  headroom export ridge_var -o ridge_var.onnx --system kuramoto --noise 0.2
  headroom export lstm -o lstm.onnx --noise 0.2 --seed 1 --preset smoke
  headroom export results/4_models/.../seeds_0-2/weights.safetensors -o lstm.onnx"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command line takes."""
    add_model(parser)
    parser.add_argument("-o", "--output", metavar="OUT.onnx", required=True, help="the file to write")
    add_configuration(parser)


def run(options: argparse.Namespace) -> int:
    """Write the file; raises HeadroomError where the model or the packages do not allow for it."""
    from headroom.command._arguments import configuration
    from headroom.command._choosing import chosen
    from headroom.command._trained import able, restored
    from headroom.networks.onnx import exportable, write

    if not options.output.endswith(".onnx"):
        raise HeadroomError(f"--output {options.output}: expected a name that ends in .onnx")
    config = configuration(options)
    trained = chosen(options, config)
    fitted, dataset = restored(config, trained)
    if not exportable(fitted):
        there = able(config, trained, exportable)
        raise HeadroomError(f"{trained.model}: is neither a network nor linear; models of this condition that can be exported: {there}")
    examples, category = dataset.test, dataset.target.kind == "category"
    path = Path(options.output)
    difference = write(path, fitted, examples, _notes(trained, dataset), category)
    shape = f"window (batch, {examples.length}, {len(examples.inputs.channels)})"
    print(f"{trained.words}: {shape} -> (batch, {len(examples.offsets)}, {len(dataset.target.names)})")
    compared = "not compared, onnxruntime is missing (make extras)" if difference is None else f"differs by {difference:.1e} SD at most"
    print(f"{path} ({path.stat().st_size / 1e6:.2f} MB); {compared}")
    return 0


def _notes(trained: Trained, dataset: Dataset) -> dict[str, str]:
    """What the file's metadata say; lists are JSON."""
    from headroom.command._trained import version

    examples = dataset.test
    return {
        "headroom": version(),
        "model": trained.model,
        "condition": trained.condition.path,
        "seed": "" if trained.seed is None else str(trained.seed),
        "dt_seconds": repr(examples.inputs.dt),
        "window_samples": str(examples.length),
        "channels": json.dumps(examples.inputs.channels),
        "channel_unit": examples.inputs.unit,
        "offsets_samples": json.dumps(examples.offsets),
        "targets": json.dumps(dataset.target.names),
        "target_kind": dataset.target.kind,
        "target_unit": dataset.target.unit,
    }
