"""Fitted weights as safetensors files."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from headroom.core.files import atomic, verify


def save_tensors(path: Path | str, tensors: Mapping[str, np.ndarray]) -> None:
    """Named arrays as safetensors."""
    from safetensors.numpy import save_file

    with atomic(path) as temporary:
        save_file({name: np.asarray(tensors[name], order="C") for name in sorted(tensors)}, temporary)


def load_tensors(path: Path | str) -> dict[str, np.ndarray]:
    """Named arrays from safetensors, the file's sum checked first; raises CorruptFile."""
    from safetensors.numpy import load as parse

    return parse(verify(path).read_bytes())
