"""The report: one self-contained page that says what was asked, what was found and what the numbers are worth."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from headroom.report import results
from headroom.report.layout import Table

if TYPE_CHECKING:
    from pandas import DataFrame

FOLDER = Path(__file__).parent / "templates"
TEMPLATES = tuple(sorted(FOLDER.iterdir()))
"""Files that the page is made of, beside this package's code."""
HEADLINE = "skill_by_noise"
"""The figure on the first screen."""


@dataclass(frozen=True)
class Picture:
    """A figure of the page."""

    name: str
    caption: str
    png: bytes

    @property
    def title(self) -> str:
        """The name as words."""
        return self.name.replace("_", " ").capitalize()

    @property
    def source(self) -> str:
        """The image itself, for `src`."""
        return f"data:image/png;base64,{base64.b64encode(self.png).decode()}"


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

    @property
    def tables(self) -> dict[str, Table | list[Table]]:
        """Headline, published (a table for each model) and all scores."""
        return {
            "headline": results.headline(self.summary, self.comparisons, self.primary),
            "published": results.published_full(self.verdicts),
            "scores": results.every_score(self.summary),
        }


def build(studies: Sequence[StudyPage], evidence: Sequence[Table], *, title: str = "Headroom", notice: str = "") -> str:
    """The page as HTML: nothing is fetched, every name is escaped.

    `evidence` are the tables at the end (versions, run times, checksums); `notice` is a warning on top, such as that of a preset.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("page.html").render(
        title=title,
        notice=notice,
        studies=studies,
        first=_first_picture(studies),
        published=[table for study in studies for table in results.published_short(study.verdicts)],
        evidence=evidence,
    )


def _first_picture(studies: Sequence[StudyPage]) -> Picture | None:
    pictures = [picture for study in studies for picture in study.pictures]
    return next((picture for picture in pictures if picture.name == HEADLINE), pictures[0] if pictures else None)
