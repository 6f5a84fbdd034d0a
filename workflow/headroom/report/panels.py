"""The numbers behind a small multiple of the first screen: models between floor, best linear predictor and ceiling, by noise level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headroom.report.rows import PLACE, leading, levels, middle, scored
from headroom.report.wording import known, listing, metric_words

if TYPE_CHECKING:
    from pandas import DataFrame

COLOURS = 5
"""Of marks, in templates/style.css: as many as everyone tells apart."""
MOST = COLOURS
"""Models that a panel shows."""
LEARNED = ("model", "baseline", "linear")
BEYOND_LINEAR = ("floor", "linear")


@dataclass(frozen=True)
class Dot:
    """A model at a noise level; its interval is None where unknown."""

    level: int
    value: float
    low: float | None
    high: float | None
    ahead: bool | None
    """Whether the paired interval of its difference to the best linear predictor lies above zero; None where unknown."""


@dataclass(frozen=True)
class Series:
    """A model along the noise ladder."""

    name: str
    look: int
    """Its colour and shape: the same in every panel of a study."""
    dots: tuple[Dot, ...]

    @property
    def colour(self) -> int:
        """Which of the style sheet's colours; with as many shapes more, no two models look alike."""
        return self.look % COLOURS


@dataclass(frozen=True)
class Panel:
    """One small multiple: skill where a ceiling is known, else the metric itself."""

    name: str
    levels: tuple[str, ...]
    middle: int
    metric: str
    better: int
    """1 where a higher value is better, -1 where a lower one is."""
    series: tuple[Series, ...]
    linear: tuple[float | None, ...]
    floor: tuple[float | None, ...]
    ceilings: tuple[str, ...]
    """Names of the primary ceilings; none where the values are those of the metric."""
    bound: bool
    left_out: int
    learned: bool
    """Whether the series are learned models, not baselines."""
    missing: str = ""
    """Why there is no skill, where there is none."""

    @property
    def by_skill(self) -> bool:
        """Whether 0 is the floor and 1 the ceiling."""
        return bool(self.ceilings)

    @property
    def kind(self) -> str:
        """What the ceiling is."""
        return "bound" if self.bound else "reference"

    @property
    def quantity(self) -> str:
        """What the values are, in words."""
        return "Skill" if self.by_skill else metric_words(self.metric)

    @property
    def scale(self) -> str:
        """What the ends of the scale are, in words."""
        if self.by_skill:
            return f"0 is the floor, 1 the ceiling ({listing(self.ceilings, 'or')}, a {self.kind})"
        return f"{'higher' if self.better > 0 else 'lower'} is better; {self.missing}"

    def best(self, level: int) -> tuple[str, Dot] | None:
        """The best model at a level and its dot."""
        found = [(series.name, dot) for series in self.series for dot in series.dots if dot.level == level]
        return max(found, key=lambda item: self.better * item[1].value, default=None)


def panels(summary: DataFrame, comparisons: DataFrame, verdicts: DataFrame, metric: str, better: int) -> tuple[Panel, ...]:
    """A panel for each system (sensor, split, task) that answers the study's question, those with the most models first."""
    rows = leading(scored(summary, metric), verdicts)
    role = next((role for role in LEARNED if (rows["role"] == role).any()), "trivial")
    models = sorted(rows.loc[rows["role"] == role, "model"].unique())
    rivals = scored(comparisons, metric)
    parts = [part for _, part in rows.groupby("panel", sort=False)]
    return tuple(_panel(part, rivals, role, models, better) for part in parts)


def headline(found: Iterable[Panel]) -> Panel | None:
    """The panel that stands for a study: the one with the most dots; among equals, with the most headroom."""
    return max(found, key=lambda panel: (sum(len(series.dots) for series in panel.series), _headroom(panel)), default=None)


def _headroom(panel: Panel) -> float:
    best = panel.best(panel.middle)
    return 1 - best[1].value if panel.by_skill and best else 0.0


def _panel(part: DataFrame, rivals: DataFrame, role: str, models: list[str], better: int) -> Panel:
    rungs = levels(part["noise"])
    shown = part[part["role"] == role]
    by_skill = bool(shown["skill"].notna().any())
    kept = shown[shown["skill"].notna()] if by_skill else shown
    value = "skill" if by_skill else "mean"
    ranked = (better if not by_skill else 1) * kept.groupby("model")[value].mean()
    best = list(ranked.sort_values(ascending=False, kind="stable").index[:MOST])
    beside = _beside(rivals, part)
    series = tuple(
        Series(name, models.index(name), tuple(_dot(row, rungs, by_skill, beside) for row in kept[kept["model"] == name].itertuples()))
        for name in sorted(best)
    )
    anchors = [kept[kept["noise"] == rung].head(1) for rung in rungs]
    names = tuple(sorted(set(kept["ceiling_name"].dropna()))) if by_skill else ()
    roles = [beside[key].against_role for key in beside if key[2] in names]
    return Panel(
        name=str(part["panel"].iloc[0]),
        levels=tuple(rungs),
        middle=rungs.index(middle(kept)) if len(kept) else 0,
        metric=str(part["metric"].iloc[0]),
        better=1 if by_skill else better,
        series=series,
        linear=tuple(_anchor(rows, "linear", by_skill) for rows in anchors),
        floor=tuple(_anchor(rows, "floor", by_skill) for rows in anchors),
        ceilings=names,
        bound=bool(roles) and all(role == "bound" for role in roles),
        left_out=len(ranked) - len(best),
        learned=role == "model",
        missing="" if by_skill else _missing(shown),
    )


def _missing(shown: DataFrame) -> str:
    if shown["ceiling_name"].isna().all():
        return "no ceiling is known"
    short = shown["note"].astype(str).str.contains("too short").all()
    return "too few test runs for a skill" if short else "floor and ceiling lie too close together for a skill"


def _beside(rivals: DataFrame, part: DataFrame) -> dict[tuple[str, str, str], Any]:
    """The paired differences of a panel by (noise, model, what it is held against: a ceiling's name, `floor` or `linear`)."""
    here = rivals[(rivals[PLACE] == part[PLACE].iloc[0]).all(axis=1)]
    return {
        (row.noise, row.model, row.against_role if row.against_role in BEYOND_LINEAR else row.against): row for row in here.itertuples()
    }


def _dot(row: Any, rungs: list[str], by_skill: bool, beside: dict[tuple[str, str, str], Any]) -> Dot:
    linear = beside.get((row.noise, row.model, "linear"))
    ahead = bool(linear.low > 0) if linear is not None and known(linear.low) else None
    low, high = row.low, row.high
    if by_skill:
        paired, span = beside.get((row.noise, row.model, row.ceiling_name)), abs(row.ceiling - row.floor)
        low = row.skill + (paired.low - paired.difference) / span if paired is not None else None
        high = row.skill + (paired.high - paired.difference) / span if paired is not None else None
    least, most = (float(low), float(high)) if known(low) and known(high) else (None, None)
    return Dot(rungs.index(row.noise), float(row.skill if by_skill else row.mean), least, most, ahead)


def _anchor(rows: DataFrame, name: str, by_skill: bool) -> float | None:
    """The value of floor or linear predictor on the panel's axis."""
    if rows.empty or not known(rows[name].iloc[0]):
        return None
    row = rows.iloc[0]
    return float((row[name] - row["floor"]) / (row["ceiling"] - row["floor"]) if by_skill else row[name])
