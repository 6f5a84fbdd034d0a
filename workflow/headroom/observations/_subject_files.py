"""The files of a FreeSurfer subject that a lead field is made of, as MNE-Python's fetch_fsaverage leaves them."""

from dataclasses import dataclass, fields
from pathlib import Path

from headroom.core.errors import HeadroomError

PATTERNS = {"conductor": "bem/*-bem-sol.fif", "cortex": "bem/*-src.fif", "transform": "bem/*-trans.fif", "regions": "label/lh.aparc.annot"}
NO_CORTEX = "-vol-"
"""In the name of source spaces that are a grid in the volume, of which fsaverage has one too."""
HOW = "mne.datasets.fetch_fsaverage() makes one and returns its folder"


@dataclass(frozen=True)
class SubjectFiles:
    """One file of each kind."""

    conductor: Path
    """Boundary-element solution of inner skull, outer skull and scalp."""
    cortex: Path
    """Source space of the two hemispheres' surfaces."""
    transform: Path
    """Between the coordinates of the head and those of its magnetic resonance image."""
    regions: Path
    """Regions of the left hemisphere (Desikan et al. 2006)."""

    def all(self) -> tuple[str, ...]:
        """Every path."""
        return tuple(str(getattr(self, field.name)) for field in fields(self))


def subject_files(subject: str) -> SubjectFiles:
    """The files in a subject's folder; raises HeadroomError where the folder or one of them is missing, or two are of one kind."""
    folder = Path(subject)
    if not folder.is_dir():
        raise HeadroomError(f"head.subject: found no folder {subject}; expected a FreeSurfer subject: {HOW}")
    found = {
        part: sorted(path for path in folder.glob(pattern) if part != "cortex" or NO_CORTEX not in path.name)
        for part, pattern in PATTERNS.items()
    }
    missing = [PATTERNS[part] for part, paths in found.items() if not paths]
    if missing:
        raise HeadroomError(f"head.subject: {subject} lacks {', '.join(missing)}; expected the files of a FreeSurfer subject: {HOW}")
    for part, paths in found.items():
        if len(paths) > 1:
            names = ", ".join(path.name for path in paths)
            raise HeadroomError(f"head.subject: {subject} has {names}; expected one {PATTERNS[part]}: move the others elsewhere")
    return SubjectFiles(**{part: paths[0] for part, paths in found.items()})
