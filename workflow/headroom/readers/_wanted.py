"""What a user asks of a file: which of its columns are channels, and which say time, trial and label."""

from collections.abc import Sequence
from dataclasses import dataclass

from headroom.core.errors import BadRecording
from headroom.readers._listing import choices
from headroom.readers._units import without_unit

ROLES = ("time", "trial", "label")
USUAL = {"time": ("time", "timestamp", "timestamps"), "trial": ("trial",), "label": ("label", "labels")}


@dataclass(frozen=True)
class Wanted:
    """Names from the settings; None is the usual name of such a column, where the file has one."""

    channels: tuple[str, ...] = ()
    time: str | None = None
    trial: str | None = None
    label: str | None = None
    ignore: tuple[str, ...] = ()
    series: str | None = None

    def column(self, role: str, names: Sequence[str], file: object) -> str | None:
        """The column among `names` that plays "time", "trial" or "label"; raises BadRecording where the one asked for is not there."""
        asked = getattr(self, role)
        if asked is None:
            free = [name for name in names if name not in (*self.channels, *self.ignore)]
            return next((name for usual in USUAL[role] for name in free if without_unit(name).casefold() == usual), None)
        if asked not in names:
            raise BadRecording(f"{file}: no column {asked!r} ({role}); {choices(asked, names)}")
        return asked

    def roles(self, names: Sequence[str], file: object) -> dict[str, str]:
        """Column by role, for the roles that a column of the file plays."""
        found = {role: self.column(role, names, file) for role in ROLES}
        return {role: name for role, name in found.items() if name is not None}

    def chosen(self, names: Sequence[str], file: object, others: Sequence[str] = ()) -> tuple[str, ...]:
        """The channels among `names`: those asked for, or all but the ignored; raises BadRecording where one is not there.

        `others` are further names of the file, which may be ignored too.
        """
        for key, asked_for, known in (("channels", self.channels, names), ("ignore", self.ignore, tuple(dict.fromkeys((*names, *others))))):
            for asked in asked_for:
                if asked not in known:
                    raise BadRecording(f"{file}: no channel {asked!r} ({key}); {choices(asked, known)}")
        return self.channels or tuple(name for name in names if name not in self.ignore)

    def without(self, roles: Sequence[str], file: object, why: str) -> None:
        """Raises BadRecording where one of these roles is asked for in a format that has no such columns."""
        for role in roles:
            asked = getattr(self, role)
            if asked is not None:
                raise BadRecording(f"{file}: found {role}: {asked} in config.yaml; expected none: {why}")
