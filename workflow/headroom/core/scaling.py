"""What a fitted model keeps of its training examples: their scale and their offsets."""

from collections.abc import Iterator, Mapping
from dataclasses import fields

import numpy as np

from headroom.core.errors import HeadroomError
from headroom.core.examples import Examples, Scale

VALUES_AT_ONCE = 2_000_000  # 16 MB of window values


def scale_of(examples: Examples) -> Scale:
    """The scale that the split fitted; raises HeadroomError where none did."""
    if examples.scale is None:
        raise HeadroomError("models: the examples have no scale; they come straight from a task, pass them through a split first")
    return examples.scale


def standardised_single(values: np.ndarray, mean: np.ndarray, sd: np.ndarray) -> np.ndarray:
    """(values - mean) / sd, worked out in double precision and kept in single, without a copy of the quotient in double."""
    single = np.empty(values.shape, np.float32)
    return np.divide(values - mean, sd, out=single, casting="same_kind")


def pack(scale: Scale) -> dict[str, np.ndarray]:
    """The scale as named arrays, for a fitted model's state."""
    return {f"scale.{part.name}": np.asarray(getattr(scale, part.name), dtype=float) for part in fields(Scale)}


def unpack(state: Mapping[str, np.ndarray]) -> Scale:
    """The scale that `pack` put into a state."""
    return Scale(**{part.name: state[f"scale.{part.name}"] for part in fields(Scale)})


def batches(examples: Examples, size: int | None = None) -> Iterator[slice]:
    """Slices that cover the examples, each of `size` windows, or of as many as make up some megabytes."""
    step = size or max(1, VALUES_AT_ONCE // (examples.length * len(examples.inputs.channels)))
    for first in range(0, len(examples), step):
        yield slice(first, first + step)


def require_offsets(name: str, examples: Examples, offsets: np.ndarray) -> None:
    """Raises HeadroomError where a model fitted for some offsets is asked for others."""
    if tuple(examples.offsets) != tuple(int(offset) for offset in offsets):
        raise HeadroomError(f"{name}: fitted for offsets {tuple(map(int, offsets))}, asked for {tuple(examples.offsets)}; fit it for these")


def require_same_channels(name: str, examples: Examples) -> None:
    """Raises HeadroomError where the targets are not the input channels themselves."""
    inputs, track = examples.inputs.channels, examples.track.channels
    if inputs != track:
        raise HeadroomError(f"{name}: predicts each channel from its own past, but inputs are {inputs} and targets {track}; use ridge_var")
