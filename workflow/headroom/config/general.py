"""The top level of config.yaml, and which sections stand below it."""

from typing import Annotated, Any, Literal

from annotated_types import Ge, Gt

from headroom.core.settings import settings

SECTIONS = {"systems": "simulators", "tasks": "tasks", "splits": "splits", "models": "models", "ceilings": "ceilings"}
"""Sections of named components, and the family of each."""
STEPS = ("sensors", "noises")
"""Sections of named chains of observation steps."""
STUDIES = "studies"
RULES = (
    "all",
    "simulate",
    "lead_field",
    "observe",
    "dataset",
    "train",
    "evaluate",
    "ceiling",
    "summarise",
    "collect",
    "analyse",
    "draw",
    "report",
    "page",
    "classic_regimes",
    "classic_network",
)
"""Names of Snakemake rules: no study can have one, since a study's name is a target too."""

Specs = dict[str, Any]
"""Resolved components, or chains of them, by name."""


@settings
class General:
    """The top level of config.yaml, its sections aside."""

    seed: int = 0
    """Seed of every simulation and noise; training seeds are counted from 0 beside it."""
    results: str = "results"
    """Folder for everything that is made."""
    only: tuple[str, ...] = ()
    """The studies to run; empty: all. An overlay names its own here, and leaves the rest of config.yaml out."""
    notice: str = ""
    """A warning that every figure and the report show, such as that networks are under-trained."""
    seeds_per_job: Annotated[int, Ge(1)] = 5
    """How many seeds of one fit share a job; short fits share its start-up, long ones are better at 1."""
    device: Literal["cpu", "cuda", "mps", "auto"] = "cpu"
    """Where networks train; auto takes what is there."""
    memory_limit: Annotated[float, Gt(0)] = 8.0
    """Largest recording that is not refused [GB]."""
