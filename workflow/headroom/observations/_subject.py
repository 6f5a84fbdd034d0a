"""A subject's own head, such as the average of forty (fsaverage, Fischl et al. 1999): boundary elements and a folded cortex."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from headroom.core.errors import HeadroomError
from headroom.core.randomness import stream
from headroom.observations._annotation import region
from headroom.observations._dipoles import Dipoles
from headroom.observations._head import Head
from headroom.observations._subject_files import SubjectFiles, subject_files

SOURCE = "caudalmiddlefrontal"
"""Region of the left hemisphere in whose middle the source lies."""
MEASURED = "colin27_1005"
"""Where electrodes of the international system lie on a real head: those of biosemi64 are 2 mm from fsaverage's scalp, on a sphere 7 mm."""
BRAIN = 1  # FIFFV_BEM_SURF_ID_BRAIN: the inner skull
MARGIN = 0.005
"""Vertices nearer to the inner skull are left out, as MNE-Python does: boundary elements are too coarse for them [m]."""


def fitted(montage: Any) -> Any:
    """The montage with places that were measured on a head, where they are known of all its sensors; else as it is."""
    import mne

    measured = mne.channels.make_standard_montage(MEASURED)
    return measured if set(montage.ch_names) <= set(measured.ch_names) else montage


def cortical(head: Head) -> Dipoles:
    """The source, where a filter takes it to be, and the background: vertices of the cortex, and its normals there.

    A filter with a misplaced source takes the vertex of the left hemisphere that is nearest to the place so far behind. Raises
    HeadroomError.
    """
    import mne

    files = subject_files(str(head.subject))
    conductor = _read(mne.read_bem_solution, files.conductor)
    hemispheres = _hemispheres(files)
    skull = _skull(conductor, files)
    usable = [np.asarray(side["vertno"])[_inside(side["rr"][side["vertno"]], skull)] for side in hemispheres]
    positions, directions = (np.vstack([side[part][used] for side, used in zip(hemispheres, usable, strict=True)]) for part in ("rr", "nn"))
    left = positions[: len(usable[0])]
    labelled = np.flatnonzero(_labelled(files, hemispheres[0])[usable[0]])
    if not len(labelled):
        raise HeadroomError(f"{files.cortex}: found no vertex in {SOURCE} at least {MARGIN * 1e3:g} mm inside the skull; expected some")
    source = labelled[_nearest(left[labelled], left[labelled].mean(axis=0))]
    believed = _nearest(left, left[source] - [0, head.misplaced, 0])
    chosen = [source, believed, *_drawn(head, len(positions))]
    return Dipoles(conductor, positions[chosen], directions[chosen], _read(mne.read_trans, files.transform))


def _hemispheres(files: SubjectFiles) -> Any:
    import mne

    found = _read(mne.read_source_spaces, files.cortex)
    if [side["type"] for side in found] != ["surf", "surf"]:
        kinds = ", ".join(side["type"] for side in found)
        raise HeadroomError(f"{files.cortex}: found source spaces of type {kinds}; expected the surfaces of two hemispheres")
    return found


def _labelled(files: SubjectFiles, left: Any) -> np.ndarray:
    """Whether each vertex of the left hemisphere lies in the source's region."""
    within = region(files.regions, SOURCE)
    if len(within) != left["np"]:
        raise HeadroomError(f"{files.regions}: found {len(within)} vertices; expected {left['np']}, as {files.cortex.name} has")
    return within


def _skull(conductor: Any, files: SubjectFiles) -> Any:
    """The inner skull; raises HeadroomError where it is the only surface, as magnetometers would do with."""
    if len(conductor["surfs"]) == 1:
        raise HeadroomError(f"{files.conductor}: found the inner skull alone; expected inner skull, outer skull and scalp, for electrodes")
    return next(surface for surface in conductor["surfs"] if surface["id"] == BRAIN)


def _inside(places: np.ndarray, skull: Any) -> np.ndarray:
    """Whether each place (vertex, 3) [m] lies inside by the margin: the outward normal at the nearest point of the skull says so."""
    from scipy.spatial import cKDTree

    distance, nearest = cKDTree(skull["rr"]).query(places)
    outwards = ((skull["rr"][nearest] - places) * skull["nn"][nearest]).sum(axis=1)
    return np.asarray((distance >= MARGIN) & (outwards > 0))


def _nearest(places: np.ndarray, place: Any) -> int:
    return int(np.linalg.norm(places - place, axis=1).argmin())


def _drawn(head: Head, vertices: int) -> np.ndarray:
    """Which vertices are dipoles of the background: any of either hemisphere, none twice."""
    if head.dipoles > vertices:
        raise HeadroomError(f"head.dipoles: found {head.dipoles}; expected at most {vertices}, the vertices of {head.subject}")
    return np.asarray(stream(head.seed, "background dipoles").choice(vertices, head.dipoles, replace=False))


def _read(reader: Callable[..., Any], path: Path) -> Any:
    try:
        return reader(path, verbose="error")
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise HeadroomError(f"{path}: MNE-Python cannot read it ({str(error).splitlines()[0]}); fetch it again") from error
