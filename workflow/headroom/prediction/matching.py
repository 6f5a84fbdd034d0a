"""Is a recording one that a model can be asked about? What it was trained on says which channels, which clock, which unit."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from headroom.core.errors import BadRecording
from headroom.core.examples import Examples
from headroom.core.scaling import scale_of
from headroom.core.signal import Signal

TOLERANCE = 0.01
"""Relative difference of two sampling intervals that are taken for one."""
FAR, WIDE = 5.0, 10.0
"""SDs between two means, and the ratio of two SDs, from which on a recording hardly comes from where a model was trained."""
LISTED = 6


def matched(name: str, signal: Signal, trained: Examples) -> tuple[Signal, list[str]]:
    """The signal with the channels that the model knows, in its order, and warnings; raises BadRecording where it cannot be used."""
    _same_clock(name, signal, trained)
    signal, notes = _channels(name, signal, trained.inputs.channels)
    if signal.samples < trained.length:
        raise BadRecording(f"{name}: found {signal.samples} samples in a trial; expected at least {trained.length}, the model's window")
    return signal, [*notes, *_unit(name, signal, trained.inputs.unit), *_scale(name, signal, trained)]


def _same_clock(name: str, signal: Signal, trained: Examples) -> None:
    dt = trained.inputs.dt
    if abs(signal.dt - dt) > TOLERANCE * dt:
        raise BadRecording(f"{name}: found a sampling interval of {signal.dt:g} s; expected {dt:g} s, as trained: resample the recording")


def _channels(name: str, signal: Signal, wanted: tuple[str, ...]) -> tuple[Signal, list[str]]:
    """Found by name where all names are there, else taken in their order."""
    found = signal.channels
    if found == wanted:
        return signal, []
    if set(wanted) <= set(found):
        left = [channel for channel in found if channel not in wanted]
        words = f"left out {_listed(left)}" if left else "put into the order that the model knows"
        return _picked(signal, [found.index(channel) for channel in wanted]), [f"{name}: channels {words}"]
    if len(found) != len(wanted):
        expected = f"expected {len(wanted)}, as trained: {_listed(wanted)}"
        raise BadRecording(f"{name}: found {len(found)} channels ({_listed(found)}); {expected}")
    pairs = [f"{one!r} for {other!r}" for one, other in zip(found, wanted, strict=True) if one != other]
    return replace(signal, channels=wanted), [f"{name}: channels are taken in their order: {', '.join(pairs[:LISTED])}"]


def _picked(signal: Signal, index: list[int]) -> Signal:
    clean = None if signal.clean is None else signal.clean[..., index]
    noise_sd = None if signal.noise_sd is None else signal.noise_sd[index]
    channels = tuple(signal.channels[place] for place in index)
    return replace(signal, values=signal.values[..., index], channels=channels, clean=clean, noise_sd=noise_sd)


def _unit(name: str, signal: Signal, unit: str) -> list[str]:
    if signal.unit and unit and signal.unit != unit:
        return [f"{name}: its unit is {signal.unit!r}, the model was trained on {unit!r}; values are taken as they are"]
    return []


def _scale(name: str, signal: Signal, trained: Examples) -> list[str]:
    """The channel that lies furthest from the scale that the model was trained on, where that is far."""
    scale = scale_of(trained)
    mean, sd = signal.values.mean(axis=(0, 1)), signal.values.std(axis=(0, 1))
    ratio = np.maximum(sd, 1e-300) / scale.sd
    strange = np.maximum(np.abs(mean - scale.mean) / scale.sd / FAR, np.exp(np.abs(np.log(ratio))) / WIDE)
    worst = int(np.argmax(strange))
    if strange[worst] <= 1:
        return []
    here, there = f"{mean[worst]:.3g} (SD {sd[worst]:.3g})", f"{scale.mean[worst]:.3g} (SD {scale.sd[worst]:.3g})"
    channel = signal.channels[worst]
    return [f"{name}: channel {channel!r} has mean {here}, where the model was trained {there}; is it the same unit, the same quantity?"]


def _listed(names: Sequence[str]) -> str:
    rest = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(map(repr, names[:LISTED])) + rest
