"""Mean squared error of the samples that do not follow a spike."""

from typing import ClassVar

from headroom.core.protocols import Among
from headroom.core.settings import settings
from headroom.metrics.mse_spike import MseSpike


@settings
class MseRest(MseSpike):
    """The same over all other targets: those whose neuron has not spiked since the sample before."""

    among: ClassVar[Among] = "rest"
