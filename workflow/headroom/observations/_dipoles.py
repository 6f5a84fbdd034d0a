"""Dipoles in a conductor, and their potentials at the sensors by MNE-Python (Gramfort et al. 2013)."""

from dataclasses import dataclass
from typing import Any

import numpy as np

MICROVOLTS_PER_NANOAMPERE_METRE = 1e-3  # of 1 V/(A m)


@dataclass(frozen=True)
class Dipoles:
    """Places and directions of current dipoles, and what conducts around them."""

    conductor: Any  # MNE's ConductorModel
    positions: np.ndarray  # (dipole, 3) [m], in the coordinates of the transform's magnetic resonance image
    directions: np.ndarray  # (dipole, 3)
    transform: Any = None  # MNE's, to the head's coordinates; None: they are the same

    def gains(self, info: Any) -> np.ndarray:
        """Potentials (channel, dipole) [uV per nA m] at the sensors of MNE's `info`, against the average of the channels."""
        import mne

        places = {"rr": self.positions, "nn": self.directions}
        bounds = {"sphere": self.conductor} if self.conductor["is_sphere"] else {}
        sources = mne.setup_volume_source_space(pos=places, mindist=0.0, **bounds, verbose="error")
        options = {"meg": False, "eeg": True, "mindist": 0.0, "verbose": "error"}
        forward = mne.make_forward_solution(info, self.transform, sources, self.conductor, **options)
        gains = mne.convert_forward_solution(forward, force_fixed=True, verbose="error")["sol"]["data"].astype(float)
        if gains.shape[1] != len(self.positions):
            raise ValueError(f"MNE kept {gains.shape[1]} of {len(self.positions)} dipoles")
        return np.asarray((gains - gains.mean(axis=0)) * MICROVOLTS_PER_NANOAMPERE_METRE)
