"""Units of signals whose channels have different ones: a list in one text, such as "mV, mV/s"."""

from collections.abc import Sequence

BETWEEN = ", "


def joined(units: Sequence[str]) -> str:
    """One text for the units of all channels: the unit itself where they share it."""
    return units[0] if len(set(units)) == 1 else BETWEEN.join(units)


def each(unit: str, channels: int) -> tuple[str, ...]:
    """The unit of every channel: its own where the text lists as many as there are channels, else the same for all."""
    parts = tuple(unit.split(BETWEEN))
    return parts if len(parts) == channels else (unit,) * channels
