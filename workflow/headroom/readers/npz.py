"""NPZ: `values` (time,), (time, channel) or (trial, time, channel), and beside it what is known of them.

Optional: `dt` [s], `unit`, `channels` (channel,), `time` [s] and `labels` for each sample, `trial` for each sample of values without
a trial axis. Nothing is unpickled: an archive with Python objects in it is refused.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from headroom.core.errors import BadRecording
from headroom.readers._npz_members import DAMAGE, Member, members
from headroom.readers._table import ROLES, Table, Wanted, choices, listed

AXES = {1: "(time,)", 2: "(time, channel)", 3: "(trial, time, channel)"}
REAL = "iuf"


def look(path: Path, wanted: Wanted) -> bool:
    """Whether the file states its sampling interval; raises BadRecording where keys, types or shapes cannot be used."""
    found = members(path)
    if "values" not in found:
        raise BadRecording(f"{path}: no key 'values'; {choices('values', list(found))}: numpy.savez(path, values=..., dt=...)")
    roles = _roles(path, found, wanted)
    for key in ("values", *roles.values()):
        if found[key].kind not in REAL:
            raise BadRecording(f"{path}: key {key!r}: found dtype {found[key].dtype}; expected real numbers (float or int)")
    shape = found["values"].shape
    if len(shape) not in AXES or 0 in shape:
        raise BadRecording(f"{path}: key 'values': found shape {shape}; expected one of {', '.join(AXES.values())}, none of them empty")
    _describing(path, found)
    for role, key in roles.items():
        if found[key].shape not in _shapes(role, shape):
            expected = " or ".join(map(str, _shapes(role, shape)))
            raise BadRecording(f"{path}: key {key!r}: found shape {found[key].shape}; expected {expected} to go with values {shape}")
    wanted.chosen(_names(path, found, wanted), path)
    return "time" in roles or "dt" in found


def read(path: Path, wanted: Wanted) -> Table:
    """All samples; raises BadRecording where the archive cannot be read."""
    look(path, wanted)
    found = members(path)
    roles = _roles(path, found, wanted)
    arrays = _load(path, {"values", "dt", "unit", "channels", *roles.values()} & set(found))
    shape = arrays["values"].shape
    names = _names(path, found, wanted)
    channels = wanted.chosen(names, path)
    values = arrays["values"].reshape(-1, len(names)).astype(np.float64)[:, [names.index(name) for name in channels]]
    time, trial, label = (_per_row(role, arrays[roles[role]], shape) if role in roles else None for role in ROLES)
    if trial is None and len(shape) == 3:
        trial = _per_row("trial", np.arange(shape[0]), shape)
    dt = float(arrays["dt"].item()) if "dt" in arrays else None
    unit = str(arrays["unit"].item()) if "unit" in arrays else ""
    return Table(str(path), values, channels, _place(shape), time, trial, label, roles.get("label", "label"), dt, unit)


def _describing(path: Path, found: Mapping[str, Member]) -> None:
    """Refuses a `dt`, `unit` or `channels` of another type or shape than they have."""
    expected = {"dt": (REAL, ((), (1,))), "unit": ("U", ((), (1,))), "channels": ("U", (_channel_shape(found["values"].shape),))}
    for key, (kinds, shapes) in expected.items():
        member = found.get(key)
        if member is not None and (member.kind not in kinds or member.shape not in shapes):
            words = f"{'text' if kinds == 'U' else 'a real number'} of shape {shapes[0]}"
            raise BadRecording(f"{path}: key {key!r}: found dtype {member.dtype} of shape {member.shape}; expected {words}")


def _roles(path: Path, found: Mapping[str, Member], wanted: Wanted) -> dict[str, str]:
    keys = {role: wanted.column(role, [key for key in found if key != "values"], path) for role in ROLES}
    return {role: key for role, key in keys.items() if key is not None}


def _names(path: Path, found: Mapping[str, Member], wanted: Wanted) -> list[str]:
    """The names in the file; without them those that the user gives for all channels, or numbers."""
    (count,) = _channel_shape(found["values"].shape)
    if "channels" not in found:
        return list(wanted.channels) if len(wanted.channels) == count else [f"channel {index + 1}" for index in range(count)]
    names = [str(name) for name in _load(path, {"channels"})["channels"]]
    if len(set(names)) < len(names):
        raise BadRecording(f"{path}: key 'channels': a name stands twice in {listed(names)}; expected different names")
    return names


def _channel_shape(shape: tuple[int, ...]) -> tuple[int]:
    return (shape[-1] if len(shape) > 1 else 1,)


def _shapes(role: str, shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The shapes that a per-sample array of this role may have beside values of `shape`."""
    if len(shape) < 3:
        return [shape[:1]]
    return {"time": [shape[1:2], shape[:2]], "trial": [shape[:1]], "label": [shape[:2]]}[role]


def _per_row(role: str, array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """One number per row (row,), whichever of its shapes the array has."""
    if len(shape) == 3 and array.ndim == 1:
        array = array[:, None] if role == "trial" else array
        array = np.broadcast_to(array, shape[:2])
    return array.reshape(-1).astype(np.float64)


def _place(shape: tuple[int, ...]) -> Callable[[int], str]:
    def place(row: int) -> str:
        return f"trial {row // shape[1]}, sample {row % shape[1]}" if len(shape) == 3 else f"sample {row}"

    return place


def _load(path: Path, keys: set[str]) -> dict[str, np.ndarray]:
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {key: archive[key] for key in keys}
    except DAMAGE as error:
        raise BadRecording(f"{path}: cannot be read: {error}; expected an intact archive: write it again with numpy.savez") from None
