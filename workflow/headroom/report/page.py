"""The report: one self-contained page that says what was asked, what was found and what the numbers are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from headroom.report import claims, panels, reading, results
from headroom.report.answers import answer
from headroom.report.chart import SHAPES, chart
from headroom.report.intervals import drawn
from headroom.report.layout import Table
from headroom.report.pictures import Picture
from headroom.report.wording import listing, metric_words

if TYPE_CHECKING:
    from pandas import DataFrame

FOLDER = Path(__file__).parent / "templates"
TEMPLATES = tuple(sorted(FOLDER.iterdir()))
"""Files that the page is made of, beside this package's code."""
ALONE = 4
"""Panels that a study shows on the first screen where it is the only one; each of several shows one."""
AT_ONCE = 200
"""Rows that a long table shows before a reader asks for the rest."""


@dataclass(frozen=True)
class Measure:
    """What a metric is."""

    about: str
    higher_is_better: bool = True


@dataclass(frozen=True)
class StudyPage:
    """What the page shows of a study."""

    name: str
    question: str
    summary: DataFrame
    comparisons: DataFrame
    verdicts: DataFrame
    """Published claims with their verdicts; no rows where nothing was published."""
    pictures: tuple[Picture, ...]
    limits: tuple[str, ...] = ()
    primary: str = "r2"
    measures: Mapping[str, Measure] = field(default_factory=dict)
    evidence: tuple[Table, ...] = ()
    """Run times and checksums of the study's own jobs and files."""

    @cached_property
    def panels(self) -> tuple[panels.Panel, ...]:
        """The panels that answer the question, the one that stands for the study first."""
        found = panels.panels(self.summary, self.comparisons, self.verdicts, self.primary, self._better)
        first = panels.headline(found)
        return () if first is None else (first, *(panel for panel in found if panel is not first))

    @cached_property
    def gives(self) -> dict[str, str]:
        """Whether each ceiling is a bound or a reference."""
        return reading.kinds(self.comparisons)

    @property
    def reading(self) -> tuple[str, ...]:
        """How to read it."""
        return reading.how_to_read(self.summary, self.comparisons, self.primary, self._better)

    @property
    def headline(self) -> Table:
        """The models of every condition between their anchors."""
        return results.headline(self.summary, self.gives, self.primary)

    @property
    def published(self) -> Table | None:
        """The claims with the reasons of their verdicts."""
        return claims.published_full(self.verdicts, self.gives)

    @property
    def scores(self) -> Table:
        """Every pooled score."""
        return results.every_score(self.summary, self.gives, self.primary)

    @property
    def _better(self) -> int:
        return 1 if self.primary not in self.measures or self.measures[self.primary].higher_is_better else -1


def build(studies: Sequence[StudyPage], evidence: Sequence[Table], *, title: str = "Headroom", notice: str = "") -> str:
    """The page as HTML: nothing is fetched, every name is escaped.

    `evidence` are the tables at the end (versions, run times, checksums); `notice` is a warning on top, such as that of a preset.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    first = ALONE if len(studies) == 1 else 1
    shown = [panel for study in studies for panel in study.panels[:first]]
    environment.filters |= {"metric": metric_words}
    return environment.get_template("page.html").render(
        title=title,
        notice=notice,
        studies=studies,
        tall=len(studies) == 1,
        first=first,
        shown=shown,
        drawn=drawn(shown),
        published=claims.published_short([(study.name, study.verdicts, study.gives) for study in studies]),
        tally=claims.tally([study.verdicts for study in studies]),
        unpublished=listing(study.name for study in studies if study.verdicts.empty),
        evidence=evidence,
        answer=answer,
        chart=chart,
        shapes=SHAPES,
        at_once=AT_ONCE,
    )
