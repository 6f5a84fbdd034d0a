"""config.yaml from text to a checked configuration: every problem is found before any job is planned."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from headroom.config.components import checked
from headroom.config.general import SECTIONS, STEPS, STUDIES, General, Specs
from headroom.config.grids import read_studies
from headroom.config.measures import with_metrics
from headroom.config.names import bad_names, not_finite
from headroom.config.problems import ConfigError, Problem, meant
from headroom.config.references import reference_problems
from headroom.config.sections import resolved_section
from headroom.config.study import Selection, Study

BELOW = (*SECTIONS, *STEPS, STUDIES)
KEYS = {field.name for field in fields(General)} | set(BELOW)


@dataclass(frozen=True)
class Config:
    """All that config.yaml says, every default written out."""

    general: General
    specs: Mapping[str, Specs]  # section -> name -> resolved component, or list of steps
    studies: Mapping[str, Study]
    selections: Mapping[str, tuple[Selection, ...]]  # study -> its grids


def load(raw: Mapping[str, Any]) -> Config:
    """The checked configuration; raises ConfigError with every problem at once."""
    general, problems = checked(General, {key: value for key, value in raw.items() if key not in BELOW}, ())
    problems = [*map(_with_all_keys, problems), *not_finite(raw), *bad_names(raw)]
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


def _with_all_keys(problem: Problem) -> Problem:
    """The top level holds its sections too: a misspelt one may have been meant."""
    unknown = problem.message.startswith("unknown key")
    return Problem(problem.path, f"unknown key; {meant(problem.path[-1], KEYS)}") if unknown else problem
