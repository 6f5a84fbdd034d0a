"""What a model is told of the system beside its observations: extras of the recording, such as the synaptic graph."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from headroom.core.dataset import Dataset
from headroom.core.errors import HeadroomError
from headroom.core.storage import load


def needs(model: Any) -> tuple[str, ...]:
    """Names of the extras that a model asks for; none for most."""
    return tuple(getattr(model, "needs", ()))


def extras_for(names: Sequence[str], recordings: Sequence[Path | str]) -> Mapping[str, np.ndarray]:
    """These extras of the one recording, which is not read where none is asked for; raises HeadroomError where it lacks one."""
    if not names:
        return {}
    extras = load(recordings[0]).extras
    for name in names:
        if name not in extras:
            held = ", ".join(sorted(extras)) or "none"
            raise HeadroomError(f"models: one needs {name!r} of the recording, which holds {held}; leave that model out for this system")
    return {name: extras[name] for name in names}


def told(dataset: Dataset, extras: Mapping[str, np.ndarray]) -> Dataset:
    """The dataset with the extras beside the examples of all its parts."""
    parts = {part: replace(getattr(dataset, part), given=extras) for part in ("train", "valid", "test")}
    return replace(dataset, **parts) if extras else dataset
