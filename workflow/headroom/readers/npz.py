"""NPZ: `values` (time,), (time, channel) or (trial, time, channel), and beside it what is known of them.

Optional: `dt` [s], `unit`, `channels` (channel,), `time` [s] for each sample, `labels` (numbers or text) for each sample or trial,
`trial` for each sample of values without a trial axis. `series` names another key than `values`. Nothing is unpickled: an archive
with Python objects in it is refused.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from headroom.core.errors import BadRecording
from headroom.readers._labels import label_column
from headroom.readers._listing import choices, listed
from headroom.readers._npz_members import DAMAGE, Member, members
from headroom.readers._table import Table
from headroom.readers._units import seconds
from headroom.readers._wanted import ROLES, Wanted

AXES = {1: "(time,)", 2: "(time, channel)", 3: "(trial, time, channel)"}
REAL = "iuf"
VALUES = "values"


def look(path: Path, wanted: Wanted) -> bool:
    """Whether the file states its sampling interval; raises BadRecording where keys, types or shapes cannot be used."""
    found = members(path)
    main = wanted.series or VALUES
    if main not in found:
        raise BadRecording(f"{path}: no key {main!r}; {choices(main, list(found))}: numpy.savez(path, values=..., dt=...)")
    roles = _roles(path, found, wanted)
    for key, kinds in {main: REAL, **{key: REAL + "U" * (role == "label") for role, key in roles.items()}}.items():
        if found[key].kind not in kinds:
            raise BadRecording(f"{path}: key {key!r}: found dtype {found[key].dtype}; expected real numbers (float or int)")
    shape = found[main].shape
    if len(shape) not in AXES or 0 in shape:
        raise BadRecording(f"{path}: key {main!r}: found shape {shape}; expected one of {', '.join(AXES.values())}, none of them empty")
    _describing(path, found, shape)
    for role, key in roles.items():
        if found[key].shape not in _shapes(role, shape):
            expected = " or ".join(map(str, _shapes(role, shape)))
            raise BadRecording(f"{path}: key {key!r}: found shape {found[key].shape}; expected {expected} to go with {main} {shape}")
    wanted.chosen(_names(path, found, wanted), path, list(found))
    return "time" in roles or "dt" in found


def read(path: Path, wanted: Wanted) -> Table:
    """All samples; raises BadRecording where the archive cannot be read."""
    look(path, wanted)
    found, main = members(path), wanted.series or VALUES
    roles = _roles(path, found, wanted)
    arrays = _load(path, {main, "dt", "unit", "channels", *roles.values()} & set(found))
    shape = arrays[main].shape
    names = _names(path, found, wanted)
    channels = wanted.chosen(names, path, list(found))
    values = arrays[main].reshape(-1, len(names)).astype(np.float64)[:, [names.index(name) for name in channels]]
    time, trial, label = (_per_row(role, arrays[roles[role]], shape) if role in roles else None for role in ROLES)
    if trial is None and len(shape) == 3:
        trial = _per_row("trial", np.arange(shape[0]), shape)
    time = None if time is None else time * seconds(roles["time"])
    dt = float(arrays["dt"].item()) if "dt" in arrays else None
    unit = str(arrays["unit"].item()) if "unit" in arrays else ""
    return Table(str(path), values, channels, _place(shape), time, trial, label, roles.get("label", "label"), dt, unit)


def _describing(path: Path, found: Mapping[str, Member], shape: tuple[int, ...]) -> None:
    """Refuses a `dt`, `unit` or `channels` of another type or shape than they have."""
    expected = {"dt": (REAL, ((), (1,))), "unit": ("U", ((), (1,))), "channels": ("U", (_channel_shape(shape),))}
    for key, (kinds, shapes) in expected.items():
        member = found.get(key)
        if member is not None and (member.kind not in kinds or member.shape not in shapes):
            words = f"{'text' if kinds == 'U' else 'a real number'} of shape {shapes[0]}"
            raise BadRecording(f"{path}: key {key!r}: found dtype {member.dtype} of shape {member.shape}; expected {words}")


def _roles(path: Path, found: Mapping[str, Member], wanted: Wanted) -> dict[str, str]:
    return wanted.roles([key for key in found if key != (wanted.series or VALUES)], path)


def _names(path: Path, found: Mapping[str, Member], wanted: Wanted) -> list[str]:
    """The names in the file; without them those that the user gives for all channels, or numbers."""
    (count,) = _channel_shape(found[wanted.series or VALUES].shape)
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
    return {"time": [shape[1:2], shape[:2]], "trial": [shape[:1]], "label": [shape[:2], shape[:1]]}[role]


def _per_row(role: str, array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """One number or label per row (row,), whichever of its shapes the array has."""
    if len(shape) == 3 and array.ndim == 1:
        array = array if role == "time" else array[:, None]
        array = np.broadcast_to(array, shape[:2])
    return label_column(array.reshape(-1)) if array.dtype.kind == "U" else array.reshape(-1).astype(np.float64)


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
