"""The studies of config.yaml: which runs to compare, and which published numbers to hold them against."""

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Literal

from annotated_types import Ge, Gt, MinLen

from headroom.core.settings import settings

Names = tuple[str, ...]
Explanation = Literal["integrated_gradients", "gates", "hidden", "attention", "filters", "graph", "code", "permutation"]


@settings
class Selection:
    """A grid of runs: every system x level x model. A study may hold several, each over the study's own keys."""

    systems: Annotated[Names, MinLen(1)]
    """Keys of `systems`."""
    sensor: str = "identity"
    """A key of `sensors`."""
    noise: str | None = None
    """A key of `noises`; its level comes from `levels`. Left out: the signal as the sensor gives it."""
    levels: tuple[Annotated[float, Ge(0)], ...] = ()
    """Rungs of the noise ladder, in the unit of the noise's `level`."""
    task: str = "forecast"
    """A key of `tasks`."""
    split: str = "by_block"
    """A key of `splits`."""
    models: Annotated[Names, MinLen(1)]
    """Keys of `models`."""
    ceilings: Names = ()
    """Keys of `ceilings`; the first is the primary one, the 1 of the skill scale."""
    seeds: Annotated[int, Ge(1)] = 3
    """Training seeds 0, 1, ... of every model whose fit depends on one."""
    cross_noise: bool = False
    """Whether a model trained at one level is tested at all the others too."""


@settings
class Claim:
    """A published number, and where its counterpart stands in our tables."""

    metric: str
    """Metric that was published."""
    target: str
    """Channel, state or parameter that it speaks of, or `all`."""
    value: float
    """The published value."""
    system: str
    """Our system that repeats the published data."""
    sensor: str = ""
    """What was observed of it; empty: whatever the study observes, where that is one thing."""
    noise: Annotated[float, Ge(0)] | None = None
    """Its rung of the noise ladder; left out: the first that is run."""
    model: str
    """Our model that repeats the published one."""
    split: str
    """The published split."""
    sound_split: str
    """Our split without its flaws."""
    tolerance: Annotated[float, Gt(0)]
    """How far the median over seeds may lie from the value."""
    corrected: float | None = None
    """The value that the publication's other numbers imply, where it contradicts itself."""
    reason: str = ""
    """Why it is corrected."""
    unsupported: str = ""
    """Why its metric cannot support the claim: then that is the verdict, whatever a run gives."""
    untestable: str = ""
    """Why no run here can decide it, such as data that are not public: then that is the verdict, our numbers beside it."""
    source: str
    """Where it was published."""


@settings
class Study:
    """A question, and the tables and figures that answer it."""

    question: str
    """What the study asks, in a sentence."""
    metrics: Names = ()
    """Kinds of metric to score; empty: the usual ones for forecasts, or for labels."""
    primary: str = ""
    """The metric that skill is computed from; empty: the first one."""
    analyses: Names = ()
    """Kinds of analysis to draw."""
    explain: Mapping[str, tuple[Explanation, ...]] = field(default_factory=dict)
    """What to look at inside trained networks, by model; of any decoder `permutation`, the loss by each channel. Nothing: []."""
    published: tuple[Claim, ...] = ()
    """Published numbers to compare with."""
    limits: tuple[str, ...] = ()
    """What the study does not show, a sentence each, for the report."""
