"""The state of an unfinished fit as one safetensors file, with JSON in its header: whole or not there, and never pickled."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from headroom.core.errors import HeadroomError
from headroom.core.files import atomic

FILE = "checkpoint.safetensors"
Groups = Mapping[str, Mapping[str, Tensor]]


def save(folder: Path, groups: Groups, counters: Mapping[str, Any]) -> None:
    """Named groups of named tensors, and counters that JSON can hold, in one atomic write."""
    flat = {f"{group}/{name}": tensor for group, named in groups.items() for name, tensor in named.items()}
    tensors = {name: tensor.detach().cpu().clone().contiguous() for name, tensor in flat.items()}
    with atomic(folder / FILE) as temporary:
        save_file(tensors, temporary, metadata={"counters": json.dumps(counters)})


def load(folder: Path) -> tuple[dict[str, dict[str, Tensor]], dict[str, Any]] | None:
    """What `save` wrote, or None where nothing was; raises HeadroomError where the file cannot be read."""
    path = folder / FILE
    if not path.exists():
        return None
    groups: dict[str, dict[str, Tensor]] = {}
    try:
        with safe_open(path, framework="pt") as archive:
            counters = json.loads(archive.metadata()["counters"])
            keys = archive.keys()
            for key in keys:
                group, name = key.split("/", 1)
                groups.setdefault(group, {})[name] = archive.get_tensor(key)
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise HeadroomError(f"{path}: not a checkpoint that can be read ({error}); delete it to train from the start") from error
    return groups, counters


def discard(folder: Path) -> None:
    """Forget the state of a fit that is finished."""
    (folder / FILE).unlink(missing_ok=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder alone, also against a process that outlived its scheduler; raises HeadroomError that names the holder."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "a+", encoding="ascii") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            holder = handle.read().strip() or "unknown"
            raise HeadroomError(f"{folder}: process {holder} is training here; wait for it or end it, then run again") from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield
