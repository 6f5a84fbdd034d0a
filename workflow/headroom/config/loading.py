"""config.yaml from text to a checked configuration: every problem is found before any job is planned."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from headroom.config.general import SECTIONS, STEPS, STUDIES, General, Specs
from headroom.config.grids import read_studies
from headroom.config.measures import with_metrics
from headroom.config.names import bad_names, not_finite
from headroom.config.problems import ConfigError
from headroom.config.references import reference_problems
from headroom.config.salvage import respelt, salvaged
from headroom.config.sections import resolved_section
from headroom.config.study import Selection, Study

BELOW = (*SECTIONS, *STEPS, STUDIES)
TOP = {field.name for field in fields(General)}
KEYS = TOP | set(BELOW)


@dataclass(frozen=True)
class Config:
    """All that config.yaml says, every default written out."""

    general: General
    specs: Mapping[str, Specs]  # section -> name -> resolved component, or list of steps
    studies: Mapping[str, Study]
    selections: Mapping[str, tuple[Selection, ...]]  # study -> its grids


def load(raw: Mapping[str, Any]) -> Config:
    """The checked configuration; raises ConfigError with every problem at once."""
    known, unknown = respelt(raw, KEYS, ())
    general, problems = salvaged(General, {key: known[key] for key in known if key in TOP}, (), TOP)
    problems = [*unknown, *problems, *not_finite(raw), *bad_names(raw)]
    specs: dict[str, Specs] = {}
    for section in (*SECTIONS, *STEPS):
        specs[section], found = resolved_section(section, raw)
        problems += found
    studies, selections, found = read_studies(raw.get(STUDIES), general.only if general else ())
    studies, unfit = with_metrics(specs, studies, selections)
    problems += [*found, *reference_problems(specs, studies, selections, (general or General()).memory_limit), *unfit]
    if problems:
        raise ConfigError(problems)
    return Config(general, specs, studies, selections)
