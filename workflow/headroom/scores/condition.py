"""A condition: what was evaluated, where and with which oracle beside it; and the canonical columns of the tables."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame

KEY = (
    "study", "system", "sensor", "noise", "trained_noise", "task", "horizon", "split",
    "model", "role", "seed", "metric", "unit", "target", "trial",
)  # fmt: skip
SCORES = (*KEY, "value", "note")
SUMMARY = (
    *(name for name in KEY if name not in ("seed", "trial")),
    "mean", "low", "high", "seeds", "floor", "linear", "ceiling", "ceiling_name", "skill", "note",
)  # fmt: skip
COMPARISONS = (
    *(name for name in KEY if name not in ("seed", "trial")),
    "against", "against_role", "direction", "difference", "low", "high", "p_one_sided", "runs", "seeds", "seed_sd", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Condition:
    """One evaluated condition: everything that its tallies do not say themselves."""

    study: str
    system: str
    sensor: str
    split: str
    dt: float
    """Sampling interval [s]."""
    noise: str | None = None
    """Noise level that the models were trained on; None for a user's recording."""
    unit: str = ""
    """Physical unit of the targets."""
    ceiling: str | None = None
    """Name of the primary ceiling; None where nobody knows one."""
    ahead: bool = True
    """Whether targets lie ahead: only then has a score a horizon."""
    blocks: bool = False
    """Whether the units of the tallies are blocks of one recording, in temporal order, and not trials."""

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What conditions must share to be compared: study, system, sensor and split."""
        return self.study, self.system, self.sensor, self.split


def require_unique(scores: "DataFrame") -> None:
    """Raises ValueError, naming the first offender, where two rows have the same key: all columns but value and note."""
    columns = [name for name in scores.columns if name not in ("value", "note")]
    twice = scores.duplicated(columns)
    if twice.any():
        raise ValueError(f"{int(twice.sum())} scores are there twice; the first: {scores.loc[twice.idxmax(), columns].to_dict()}")
