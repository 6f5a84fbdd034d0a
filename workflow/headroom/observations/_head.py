"""A head, its sensors, and where in it the source and the background lie: what a lead field is worked out from."""

from typing import Annotated

from annotated_types import Ge, Gt, Lt, MinLen

from headroom.core.settings import settings


@settings
class Head:
    """Concentric spheres of brain, fluid, skull and scalp, or a subject's own surfaces; one dipole is the source."""

    montage: str = "biosemi64"
    """Sensors: a montage that MNE-Python knows."""
    subject: Annotated[str, MinLen(1)] | None = None
    """Folder of a FreeSurfer subject as MNE-Python's fetch_fsaverage leaves it, from the project root or absolute; null: spheres. Its
    source and background are vertices of the cortex and point along the normals, the source in the middle of the left caudal middle
    frontal region."""
    direction: tuple[float, float, float] = (-0.45, 0.35, 0.82)
    """Spheres only: from their middle to the source, x to the right, y to the front, z up: the left caudal middle frontal gyrus."""
    depth: Annotated[float, Gt(0), Lt(1)] = 0.85
    """Spheres only: how far out the source lies, as a fraction of the brain's radius; it points outwards."""
    moment: Annotated[float, Gt(0)] = 2.4
    """Dipole moment of 1 mV of the source [nA m]; at 2.4 the mean power of evoked potentials is 1 dB below that of real noise."""
    misplaced: Annotated[float, Ge(0)] = 0.0
    """How far behind the source, at the same depth or at a subject's nearest vertex, a filter believes it: a robustness check [m]."""
    dipoles: Annotated[int, Ge(1)] = 349
    """Dipoles behind the background, at random places in the upper brain and in random directions, or at random vertices."""
    seed: Annotated[int, Ge(0)] = 0
    """Which random places and directions."""

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        spheres = {"direction": self.direction != Head.direction, "depth": self.depth != Head.depth} if self.subject else {}
        return [f"head.{name}: expected only without `subject`, whose cortex says it" for name, said in spheres.items() if said]
