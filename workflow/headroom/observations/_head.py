"""A head, its sensors, and where in it the source and the background lie: what a lead field is worked out from."""

from typing import Annotated

from annotated_types import Ge, Gt, Lt

from headroom.core.settings import settings


@settings
class Head:
    """Concentric spheres of brain, fluid, skull and scalp; one dipole is the source."""

    montage: str = "biosemi64"
    """Sensors: a montage that MNE-Python knows."""
    direction: tuple[float, float, float] = (-0.45, 0.35, 0.82)
    """From the middle of the spheres to the source, x to the right, y to the front, z up: the left caudal middle frontal gyrus."""
    depth: Annotated[float, Gt(0), Lt(1)] = 0.85
    """How far out the source lies, as a fraction of the brain's radius; it points outwards."""
    moment: Annotated[float, Gt(0)] = 2.4
    """Dipole moment of 1 mV of the source [nA m]; at 2.4 the mean power of evoked potentials is 1 dB below that of real noise."""
    misplaced: Annotated[float, Ge(0)] = 0.0
    """How far behind the source, at the same depth, a filter believes it to lie: a robustness check [m]."""
    dipoles: Annotated[int, Ge(1)] = 349
    """Dipoles behind the background, at random places in the upper brain and in random directions."""
    seed: Annotated[int, Ge(0)] = 0
    """Which random places and directions."""
