"""Verdicts: published claims beside the same protocol run again here and beside a sound one, each with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from headroom.core.protocols import Metric

if TYPE_CHECKING:
    from pandas import DataFrame

Claim = Mapping[str, Any]
"""A published number, as config.yaml gives it."""
REPRODUCED = "reproduced"
PUBLISHED_SPLIT_ONLY = "reproduced only under the published split"
NOT_REPRODUCED = "not reproduced here"
UNSUPPORTED = "the metric cannot support the claim"
NOT_TESTABLE = "not testable (data not public)"
ROUNDED = 5e-5
"""Half a unit of the fourth decimal, to which numbers are published: so far from the range of the seeds it may lie inside."""
COLUMNS = (
    "study", "system", "sensor", "noise", "model", "metric", "target", "split", "sound_split", "published", "corrected", "median", "low",
    "high", "seeds", "sound", "floor", "linear", "ceiling", "ceiling_name", "verdict", "reason", "source",
)  # fmt: skip


@dataclass(frozen=True)
class Rerun:
    """The pooled values of every seed under one split."""

    values: np.ndarray  # (seed,)

    @property
    def median(self) -> float:
        """Median over seeds; NaN where nothing was run."""
        return float(np.median(self.values)) if len(self.values) else float("nan")

    def range(self) -> tuple[float, float]:
        """Least and greatest value over seeds."""
        return (float(self.values.min()), float(self.values.max())) if len(self.values) else (float("nan"), float("nan"))


def verdict_table(claims: Sequence[Claim], scores: "DataFrame", summary: "DataFrame", metrics: Mapping[str, Metric]) -> "DataFrame":
    """One row per claim: what was published, median, least and greatest over seeds here, the sound protocol, and the verdict.

    A claim names metric, target, value, system, model, split, sound_split, tolerance and source. `corrected` with `reason` takes
    the value's place where the publication contradicts itself; `unsupported` or `untestable` hold the reason of a verdict that
    no run can decide. Scores are those of the level that a model was trained on, at its shortest horizon; of the level `noise`, or the
    first.
    """
    import pandas

    own = scores[scores["trial"].isna() & (scores["task"].astype(str) != "rollout") & _same(scores)]
    above = summary[(summary["task"].astype(str) != "rollout") & _same(summary)]
    return pandas.DataFrame([_row(claim, own, above, metrics[claim["metric"]]) for claim in claims], columns=list(COLUMNS))


def _row(claim: Claim, scores: "DataFrame", summary: "DataFrame", metric: Metric) -> dict[str, Any]:
    published = Rerun(_nearest(scores, claim, claim["split"])["value"].dropna().to_numpy())
    sound = Rerun(_nearest(scores, claim, claim["sound_split"])["value"].dropna().to_numpy())
    low, high = published.range()
    verdict, reason = judge(claim, published, sound, metric)
    beside = _nearest(summary, claim, claim["split"])
    named = {name: beside[name].iloc[0] if len(beside) else None for name in ("study", "floor", "linear", "ceiling", "ceiling_name")}
    given = {name: claim.get(name) for name in ("system", "model", "metric", "target", "split", "sound_split", "corrected", "source")}
    given["noise"] = str(beside["noise"].iloc[0]) if len(beside) and beside["noise"].notna().any() else None
    given["sensor"] = claim.get("sensor") or (str(beside["sensor"].iloc[0]) if len(beside) else None)
    measured = {"median": published.median, "low": low, "high": high, "seeds": len(published.values), "sound": sound.median}
    return {**given, **named, **measured, "published": claim["value"], "verdict": verdict, "reason": reason}


def judge(claim: Claim, published: Rerun, sound: Rerun, metric: Metric) -> tuple[str, str]:
    """The verdict and its reason.

    Reproduced: the median over seeds lies within the tolerance of the value, and the value inside the range of the seeds, as far as
    its rounding can tell; and under the sound split the median is not worse than the value by more than the tolerance.
    """
    for field, fixed in (("unsupported", UNSUPPORTED), ("untestable", NOT_TESTABLE)):
        if claim.get(field):
            return fixed, str(claim[field])
    if not len(published.values):
        return NOT_REPRODUCED, f"{claim['model']} was not run on {claim['system']} under {claim['split']}"
    value = claim["value"] if claim.get("corrected") is None else claim["corrected"]
    said = "" if claim.get("corrected") is None else f"compared with {value:g} instead of {claim['value']:g}: {claim['reason']}; "
    away, (low, high) = abs(published.median - value), published.range()
    said += f"median of {_seeds(published)} {published.median:.4f}, {away:.4f} from {value:g}, range {low:.4f} to {high:.4f}"
    tolerance = claim["tolerance"] * (1 + 1e-9)  # published numbers are rounded: the edge itself is inside
    if away > tolerance or not low - ROUNDED <= value <= high + ROUNDED:
        return NOT_REPRODUCED, f"{said}; tolerance {claim['tolerance']:g}"
    if not len(sound.values):
        return REPRODUCED, f"{said}; nothing was run under a sound split"
    worse = (value - sound.median) * (1 if metric.higher_is_better else -1)
    said += f"; {sound.median:.4f} under {claim['sound_split']}"
    return (PUBLISHED_SPLIT_ONLY if worse > tolerance else REPRODUCED), said


def _seeds(rerun: Rerun) -> str:
    return f"{len(rerun.values)} seeds" if len(rerun.values) > 1 else "1 seed"


def _same(table: "DataFrame") -> Any:
    """Whether models were tested at the level that they were trained on."""
    tested, trained = table["noise"].astype(object), table["trained_noise"].astype(object)
    return (tested == trained) | (tested.isna() & trained.isna())


def _nearest(table: "DataFrame", claim: Claim, split: str) -> "DataFrame":
    """The claim's rows under a split, of the shortest horizon and the claim's noise level, or the first."""
    wanted = {name: claim[name] for name in ("system", "model", "metric", "target")} | {"split": split}
    wanted |= {"sensor": claim["sensor"]} if claim.get("sensor") else {}
    wanted |= {"noise": f"{claim['noise']:g}"} if claim.get("noise") is not None else {}
    for name, value in wanted.items():
        table = table[table[name].astype(object) == value]
    table = table[(table["horizon"] == table["horizon"].min()) | table["horizon"].isna()]
    return table[table["noise"].astype(object) == table["noise"].iloc[0]] if len(table) and table["noise"].notna().any() else table
