"""Signals, recordings and datasets as uncompressed NPZ files. Nothing is pickled."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

from headroom.core.dataset import Dataset
from headroom.core.examples import Examples, Scale, Target
from headroom.core.files import atomic, verify
from headroom.core.lead_field import LeadField
from headroom.core.recording import Recording
from headroom.core.signal import Signal

TRAVELLERS = {cls.__name__: cls for cls in (Signal, Recording, Target, Scale, Examples, Dataset, LeadField)}
HEADER = "header"


def save(path: Path | str, thing: Any) -> None:
    """A Signal, Recording, Examples, Dataset or LeadField as uncompressed NPZ; an array that appears twice is written once."""
    arrays: dict[str, np.ndarray] = {}
    seen: dict[int, str] = {}
    header = _pack(thing, "", arrays, seen)
    text = np.frombuffer(json.dumps(header, sort_keys=True).encode(), dtype=np.uint8)
    with atomic(path) as temporary, open(temporary, "wb") as handle:
        np.savez(handle, allow_pickle=False, **{HEADER: text}, **arrays)


def load(path: Path | str) -> Any:
    """What `save` wrote, its SHA-256 sum checked first; raises CorruptFile."""
    with np.load(verify(path), allow_pickle=False) as archive:
        header = json.loads(archive[HEADER].tobytes())
        arrays = {name: archive[name] for name in archive.files if name != HEADER}
    return _unpack(header, arrays)


def _pack(value: Any, name: str, arrays: dict[str, np.ndarray], seen: dict[int, str]) -> Any:
    if isinstance(value, np.ndarray):
        key = seen.setdefault(id(value), name)
        arrays[key] = value
        return {"array": key}
    if is_dataclass(value):
        held = {f.name: getattr(value, f.name) for f in fields(value)}
        rare = {
            f.name for f in fields(value) if f.metadata.get("rare") and held[f.name] is None
        }  # left out: files without it keep their bytes
        parts = {key: _pack(item, f"{name}.{key}".lstrip("."), arrays, seen) for key, item in held.items() if key not in rare}
        return {"class": type(value).__name__, "fields": parts}
    if isinstance(value, Mapping):
        return {"mapping": {key: _pack(item, f"{name}.{key}", arrays, seen) for key, item in value.items()}}
    return value


def _unpack(node: Any, arrays: Mapping[str, np.ndarray]) -> Any:
    if isinstance(node, list):
        return tuple(_unpack(item, arrays) for item in node)
    if not isinstance(node, dict):
        return node
    if "array" in node:
        return arrays[node["array"]]
    if "mapping" in node:
        return {key: _unpack(item, arrays) for key, item in node["mapping"].items()}
    return TRAVELLERS[node["class"]](**{key: _unpack(item, arrays) for key, item in node["fields"].items()})
