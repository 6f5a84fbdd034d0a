"""The filter of a hidden gait that knows the tuning but not what else moves the rates: what confounds and drift cost."""

from typing import Annotated, ClassVar, Literal

from annotated_types import Ge

from headroom.ceilings.step_filter import StepFilter
from headroom.core.settings import settings


@settings
class BlindStepFilter(StepFilter):
    """`step_filter` with every neuron's rates at their mean over confounds and drift; a decoder that infers these may pass it."""

    gives: ClassVar[Literal["bound", "reference"]] = "reference"
    confounds: ClassVar[bool] = False

    sensor_lag: Annotated[int, Ge(0)] | None = 0
    """How many samples beyond its own an observed value rests on: the `lag` of a deconvolution. Null: on the whole recording."""
